/** Numbers and times as people read them. Times are epoch ms and shown in the reader's zone. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `812 ms`, `1.24 s`, `21.4 s`. */
export function latency(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  return ms < 9_995 ? `${(ms / SECOND).toFixed(2)} s` : `${(ms / SECOND).toFixed(1)} s`
}

/** A duration to the second: `41 s`, `12 min 04 s`, `3 h 05 min`, `2 d 4 h`. */
export function elapsed(ms: number): string {
  const span = Math.max(0, ms)
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min ${padded((span % MINUTE) / SECOND)} s`
  return span < DAY
    ? `${Math.floor(span / HOUR)} h ${padded((span % HOUR) / MINUTE)} min`
    : days(span)
}

/** A duration by its largest unit: `41 s`, `12 min`, `3 h`, `2 d`. */
export function roughly(ms: number): string {
  const span = Math.max(0, ms)
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`
  return span < DAY ? `${Math.floor(span / HOUR)} h` : `${Math.floor(span / DAY)} d`
}

function days(span: number): string {
  return `${Math.floor(span / DAY)} d ${Math.floor((span % DAY) / HOUR)} h`
}

function padded(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const preciseClock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const fullDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' })

/** `14:02`. */
export const time = (at: number): string => clock.format(at)
/** `14:02:11`. */
export const preciseTime = (at: number): string => preciseClock.format(at)
/** `1 Mar 2027`. */
export const day = (at: number): string => fullDate.format(at)

/** A share as a percentage, never rounded up: `99.99 %` for 0.99996, `100 %` only where nothing is missing. */
export function percent(share: number): string {
  if (share >= 1) return '100\u00a0%'
  // What is a hundredth in decimals is a hair less in binary.
  return `${(Math.floor(Math.max(0, share) * 10_000 + 1e-9) / 100).toFixed(2)}\u00a0%`
}

/** `3 Mar`. */
export const dayMonth = (at: number): string => date.format(at)

/** `14:02` today, `3 Mar, 14:02` on another day. */
export function moment(at: number, now: number): string {
  const isToday = fullDate.format(at) === fullDate.format(now)
  return isToday ? time(at) : `${date.format(at)}, ${time(at)}`
}

/** The reader's zone, such as `UTC+1`. */
export function zoneName(now: number): string {
  const part = zone.formatToParts(now).find(({ type }) => type === 'timeZoneName')
  return part?.value.replace('GMT', 'UTC') ?? 'UTC'
}

/** `1 payer`, `33 payers`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`
}

/** `Aetna`, `Aetna and Cigna`, `Aetna, Cigna and 4 more`. */
export function listed(names: readonly string[], most = 2): string {
  const shown = names.slice(0, most)
  const rest = names.length - shown.length
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
