import type { Window } from '@payer-status/client'
import { windowLine } from '../view/windows.ts'

type Props = { payer: string; name: string; windows: readonly Window[] }

/** Announced maintenance that is under way or ahead, and the way to all of it as a calendar. */
export function Maintenance({ payer, name, windows }: Props) {
  return (
    <ul class="windows" aria-label={`Announced maintenance of ${name}`}>
      {windows.map((window) => (
        <li key={window.id} class={window.state}>
          {windowLine(window, Date.now())}
          {window.sourceUrl !== null && (
            <a class="link" href={window.sourceUrl} rel="noopener noreferrer" target="_blank">
              Announcement<span class="said"> on the payer’s site</span>
            </a>
          )}
        </li>
      ))}
      <li>
        <a class="link" href={`api/v1/payers/${encodeURIComponent(payer)}/maintenance.ics`}>
          Maintenance calendar<span class="said">{` of ${name}`}</span>
        </a>
      </li>
    </ul>
  )
}
