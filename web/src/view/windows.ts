/** Announced maintenance: which window is whose, and what is said of it. */
import type { State, Window } from '@payer-status/client'
import { moment, zoneName } from './format.ts'

/** Most windows that are listed of one payer or endpoint. */
const MOST_LISTED = 5

/** When the maintenance that an endpoint is in ends, epoch ms; null when nobody said. */
export function maintenanceEnd(state: State, windows: Iterable<Window>): number | null {
  if (state.status !== 'maintenance') return null
  const ends = [...windows]
    .filter((window) => isOn(window) && concerns(window, state))
    .map(({ endsAt }) => Date.parse(endsAt))
  return ends.length === 0 ? null : Math.max(...ends)
}

/** The windows of an endpoint, or of its payer where that is null: those under way, then those ahead, the nearest first. */
export function windowsOf(state: State | null, windows: Iterable<Window>): Window[] {
  return [...windows]
    .filter((window) => window.state !== 'completed' && (state === null || concerns(window, state)))
    .sort((a, b) => Number(isOn(b)) - Number(isOn(a)) || (a.startsAt < b.startsAt ? -1 : 1))
    .slice(0, MOST_LISTED)
}

/** What stands beside an endpoint that is in announced maintenance, whatever its status: until when. */
export function windowBadge(
  { window: id }: State,
  windows: Iterable<Window>,
  now: number,
): string | undefined {
  if (id === undefined) return undefined
  const end = [...windows].find((window) => window.id === id)?.endsAt
  if (end === undefined) return 'in maintenance'
  const at = Date.parse(end)
  return `in maintenance until ${moment(at, now)} (${zoneName(at)})`
}

/** When a window is: `until 06:00`, `3 Mar, 02:00 to 06:00`; whether it lasts longer than it should. */
export function windowText({ state, startsAt, endsAt }: Window, now: number): string {
  const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)]
  if (state === 'overrun') return `should have ended ${moment(end, now)}`
  return state === 'in_progress'
    ? `until ${moment(end, now)}`
    : `${moment(start, now)} to ${moment(end, start)}`
}

/** When a window is, with the reader's zone, and what it is about. */
export function windowLine(window: Window, now: number): string {
  const { types, via, startsAt } = window
  const route = via === null ? [] : [`via ${via}`]
  const about = [...types, ...route].join(', ')
  const when = `Maintenance ${windowText(window, now)} (${zoneName(Date.parse(startsAt))})`
  return about === '' ? when : `${when}: ${about}`
}

function isOn({ state }: Window): boolean {
  return state === 'in_progress' || state === 'overrun'
}

/** Whether an endpoint is in the scope of its payer's window. */
function concerns({ types, via }: Window, state: State): boolean {
  if (via !== null && via !== state.via) return false
  const names = [state.type.toLowerCase(), state.capability]
  return types.length === 0 || types.some((name) => names.includes(name.toLowerCase()))
}
