import { useEffect } from 'preact/hooks'
import type { Page } from '../view/address.ts'
import type { LiveView } from '../view/live.ts'
import type { Summary } from '../view/summary.ts'

const NAME = 'Payer Status Monitor'

/** Says in the tab what is down, whether that is the present, and which page it is. */
export function useTitle({ counts }: Summary, { isOld, word }: LiveView, page: Page): void {
  const news = isOld ? word : counts.down > 0 ? `${counts.down} down` : ''
  const where =
    page.kind === 'endpoint' ? page.endpoint : page.kind === 'incidents' ? 'Incidents' : ''
  useEffect(() => {
    document.title = [news, where, NAME].filter(Boolean).join(' · ')
  }, [news, where])
}
