/** Which days are a rule's. Rules that come seldom are asked about every day of a century: so this is cheap. */
import { DAY_MS } from './local-time.ts'
import type { Rule, RuleDay } from './recurrence-rule.ts'

/** A month and its year: first days, days since 1970-01-01, and how many there are. `month` is 1 to 12. */
type Month = { month: number; first: number; days: number; yearFirst: number; yearDays: number }

/** Whether a day is one of the rule's. What the rule leaves open is as on the day from which it counts. */
export function dayFilter(rule: Rule, startDay: number): (day: number) => boolean {
  const { days, monthDays, months } = completed(rule, new Date(startDay * DAY_MS))
  const isYearly = rule.frequency === 'YEARLY' && rule.months.length === 0
  const [inMonths, onMonthDays] = [new Set(months), new Set(monthDays)]
  const isOnDay = weekdayFilter(days, isYearly)
  let at = monthOf(startDay)
  return (day) => {
    if (day < at.first || day >= at.first + at.days) at = monthOf(day)
    const nth = day - at.first + 1
    return (
      (months.length === 0 || inMonths.has(at.month)) &&
      (monthDays.length === 0 || onMonthDays.has(nth) || onMonthDays.has(nth - at.days - 1)) &&
      isOnDay(day, at)
    )
  }
}

/** Whether a day is one of these weekdays, counted in its year or its month. */
function weekdayFilter(
  days: readonly RuleDay[],
  isYearly: boolean,
): (day: number, at: Month) => boolean {
  if (days.length === 0) return () => true
  const places = placesOf(days)
  return (day, { first, days, yearFirst, yearDays }) => {
    const place = places.get(weekdayOf(day))
    if (place === undefined || place.isAny) return place !== undefined
    return isYearly
      ? isAt(place, day - yearFirst + 1, yearDays)
      : isAt(place, day - first + 1, days)
  }
}

/** What the rule says, and what follows from the day from which it counts. */
function completed(rule: Rule, start: Date): Pick<Rule, 'days' | 'monthDays' | 'months'> {
  const { frequency, days, monthDays, months } = rule
  if (days.length > 0 || monthDays.length > 0 || frequency === 'DAILY') return rule
  if (frequency === 'WEEKLY')
    return { days: [{ weekday: start.getUTCDay(), nth: null }], monthDays, months }
  const isOpen = frequency === 'YEARLY' && months.length === 0
  return {
    days,
    monthDays: [start.getUTCDate()],
    months: isOpen ? [start.getUTCMonth() + 1] : months,
  }
}

/** Which ones of a weekday, or any. */
type Places = { isAny: boolean; nths: Set<number> }

function placesOf(days: readonly RuleDay[]): ReadonlyMap<number, Places> {
  const places = new Map<number, Places>()
  for (const { weekday, nth } of days) {
    const place = places.get(weekday) ?? { isAny: false, nths: new Set() }
    if (nth === null) place.isAny = true
    else place.nths.add(nth)
    places.set(weekday, place)
  }
  return places
}

/** Whether the `nth` of so many days is the rule's one of its weekday, from the beginning or from the end. */
function isAt({ nths }: Places, nth: number, of: number): boolean {
  return nths.has(Math.floor((nth - 1) / 7) + 1) || nths.has(-Math.floor((of - nth) / 7) - 1)
}

/** 0 is Sunday; day 0 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

function monthOf(day: number): Month {
  const date = new Date(day * DAY_MS)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const [first, yearFirst] = [Date.UTC(year, month) / DAY_MS, Date.UTC(year, 0) / DAY_MS]
  return {
    month: month + 1,
    first,
    days: Date.UTC(year, month + 1) / DAY_MS - first,
    yearFirst,
    yearDays: Date.UTC(year + 1, 0) / DAY_MS - yearFirst,
  }
}
