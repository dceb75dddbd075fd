/** Reads the recurrence rules of iCalendar. Source: RFC 5545 section 3.3.10. */
import { DAY_MS, localTime } from './local-time.ts'

export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'

/** A weekday, 0 being Sunday; `nth` of its month or year, from the end where negative, or any. */
export type RuleDay = { weekday: number; nth: number | null }

/** A rule as it is followed. Empty lists leave open. */
export type Rule = {
  frequency: Frequency
  interval: number
  count: number | null
  /** The last time at which it begins; local where it is not UTC. */
  until: { at: number; isUtc: boolean } | null
  days: readonly RuleDay[]
  monthDays: readonly number[]
  months: readonly number[]
  setPositions: readonly number[]
  weekStart: number
}

const FREQUENCIES: readonly string[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']
const PARTS: readonly string[] = [
  'FREQ',
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'BYDAY',
  'BYMONTHDAY',
  'BYMONTH',
  'BYSETPOS',
  'WKST',
]
const MAX_LENGTH = 500
const MAX_LIST = 64
const MAX_INTERVAL = 1_000
const MAX_COUNT = 10_000

/** The rule, or what was expected instead. The message quotes nothing. */
export function readRule(text: string): Rule | { mistake: string } {
  const parts = partsOf(text)
  if (typeof parts === 'string') return { mistake: parts }
  const mistakes: string[] = []
  const read = <T>(part: string, value: T | undefined, expected: string): T | undefined => {
    if (value === undefined && parts.has(part)) mistakes.push(`${part} to be ${expected}`)
    return value
  }
  const numbers = (part: string, range: Range) =>
    read(
      part,
      listOf(parts.get(part), (item) => signed(item, range)),
      range.text,
    ) ?? []
  const counted = (part: string, max: number) =>
    read(part, whole(parts.get(part), max), `a whole number from 1 to ${max}`)
  const frequency = parts.get('FREQ')
  if (!isFrequency(frequency)) return { mistake: `FREQ to be ${FREQUENCIES.join(', ')}` }
  const rule: Rule = {
    frequency,
    interval: counted('INTERVAL', MAX_INTERVAL) ?? 1,
    count: counted('COUNT', MAX_COUNT) ?? null,
    until: read('UNTIL', untilOf(parts.get('UNTIL')), 'such as 20261231T235959Z') ?? null,
    days: read('BYDAY', listOf(parts.get('BYDAY'), dayOf), 'days such as SU,2TU,-1FR') ?? [],
    monthDays: numbers('BYMONTHDAY', { max: 31, text: '1 to 31 or -31 to -1' }),
    months: numbers('BYMONTH', { max: 12, isPositive: true, text: '1 to 12' }),
    setPositions: numbers('BYSETPOS', { max: 366, text: '1 to 366 or -366 to -1' }),
    weekStart: read('WKST', weekday(parts.get('WKST')), 'a day such as MO') ?? 1,
  }
  mistakes.push(...contradictions(rule))
  return mistakes[0] === undefined ? rule : { mistake: mistakes[0] }
}

/** Whether the rule's days depend on the day from which it counts. */
export function needsStart({ frequency, interval, count, days, monthDays }: Rule): boolean {
  const isOpen = frequency !== 'DAILY' && days.length + monthDays.length === 0
  return isOpen || interval > 1 || count !== null
}

function contradictions({
  frequency,
  count,
  until,
  days,
  monthDays,
  setPositions,
}: Rule): string[] {
  const isShort = frequency === 'DAILY' || frequency === 'WEEKLY'
  const found: string[] = []
  if (count !== null && until !== null) found.push('either COUNT or UNTIL')
  if (isShort && days.some(({ nth }) => nth !== null))
    found.push('BYDAY without numbers, which only MONTHLY and YEARLY take')
  if (frequency === 'WEEKLY' && monthDays.length > 0) found.push('no BYMONTHDAY with WEEKLY')
  if (setPositions.length > 0 && days.length + monthDays.length === 0)
    found.push('BYSETPOS together with BYDAY or BYMONTHDAY')
  return found
}

function partsOf(text: string): Map<string, string> | string {
  const plain = text.replace(/^RRULE:/i, '').toUpperCase()
  if (plain.length > MAX_LENGTH) return `a rule of at most ${MAX_LENGTH} characters`
  const parts = new Map<string, string>()
  for (const part of plain.split(';')) {
    const [, name = '', value = ''] = /^([A-Z]+)=([A-Z0-9+,:-]+)$/.exec(part.trim()) ?? []
    if (!PARTS.includes(name)) return `a rule of ${PARTS.join(', ')}, as FREQ=WEEKLY;BYDAY=SU`
    if (parts.has(name)) return `${name} only once`
    parts.set(name, value)
  }
  return parts
}

function isFrequency(text: string | undefined): text is Frequency {
  return text !== undefined && FREQUENCIES.includes(text)
}

function whole(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined
  const number = Number(text)
  return number >= 1 && number <= max ? number : undefined
}

type Range = { max: number; isPositive?: boolean; text: string }

function signed(text: string, { max, isPositive = false }: Range): number | undefined {
  if (!/^[+-]?\d{1,3}$/.test(text)) return undefined
  const number = Number(text)
  const isInside = number !== 0 && Math.abs(number) <= max && (number > 0 || !isPositive)
  return isInside ? number : undefined
}

/** Every item read; undefined where there are none, too many or a wrong one. */
function listOf<T>(
  text: string | undefined,
  read: (item: string) => T | undefined,
): T[] | undefined {
  const items = text?.split(',') ?? []
  if (items.length === 0 || items.length > MAX_LIST) return undefined
  const all = items.flatMap((item) => read(item) ?? [])
  return all.length === items.length ? all : undefined
}

function weekday(text: string | undefined): number | undefined {
  const index = WEEKDAYS.indexOf(text ?? '')
  return index === -1 ? undefined : index
}

function dayOf(text: string): RuleDay | undefined {
  const [, nth, name] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? []
  const day = weekday(name)
  const place = nth === undefined ? null : signed(nth, { max: 53, text: '' })
  return day === undefined || place === undefined ? undefined : { weekday: day, nth: place }
}

/** A date alone means its whole day. */
function untilOf(text: string | undefined): Rule['until'] | undefined {
  const [, y, m, d, hour = '', min = '', s = '', z] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(text ?? '') ?? []
  if (y === undefined) return undefined
  const time = z === undefined ? '' : `T${hour}:${min}:${s}`
  const at = localTime(`${y}-${m}-${d}${time}`)
  if (at === undefined) return undefined
  return { at: z === undefined ? at + DAY_MS - 1 : at, isUtc: z === 'Z' }
}
