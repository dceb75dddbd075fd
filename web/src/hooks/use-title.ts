import { useEffect } from 'preact/hooks'
import type { LiveView } from '../view/live.ts'
import type { Summary } from '../view/summary.ts'

const NAME = 'Payer Status Monitor'

/** Says in the tab what is down, and whether that is the present. */
export function useTitle({ counts }: Summary, { isOld, word }: LiveView): void {
  const news = isOld ? word : counts.down > 0 ? `${counts.down} down` : ''
  useEffect(() => {
    document.title = news === '' ? NAME : `${news} · ${NAME}`
  }, [news])
}
