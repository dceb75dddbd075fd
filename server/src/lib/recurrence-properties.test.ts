import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import rruleLibrary from 'rrule'
import { DAY_MS } from './local-time.ts'
import { occurrencesIn } from './recurrence.ts'

const { RRule } = rruleLibrary
/** Some rules come so seldom, or never, that the search must end somewhere. */
const YEARS_LATER = new Date('2031-01-01T00:01Z')

/** When the first `count` of a rule begin, at midnight UTC. */
function first(count: number, rule: { rrule: string; startDay: number }): number[] {
  const recurrence = {
    ...rule,
    startMinute: 0,
    timeZone: 'UTC',
    length: { ms: 1 },
    exceptDays: [],
  }
  const asked = { from: 0, to: YEARS_LATER.getTime(), most: count }
  return occurrencesIn(recurrence, asked).map(({ startsAt }) => startsAt)
}

const list = <T>(item: fc.Arbitrary<T>, maxLength = 3) =>
  fc.uniqueArray(item, { minLength: 1, maxLength }).map((items) => items.join(','))
const weekday = fc.constantFrom('SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA')
const signed = (max: number) => fc.integer({ min: 1, max }).chain((n) => fc.constantFrom(n, -n))
const nthDay = fc.tuple(signed(5), weekday).map(([nth, day]) => `${nth}${day}`)
const optional = (name: string, value: fc.Arbitrary<string>) =>
  fc.option(value, { nil: null }).map((text) => (text === null ? '' : `;${name}=${text}`))
const months = optional('BYMONTH', list(fc.integer({ min: 1, max: 12 })))
const monthDays = list(signed(28))
const positions = optional('BYSETPOS', list(signed(3), 1))

const kinds: Record<string, readonly fc.Arbitrary<string>[]> = {
  'FREQ=DAILY': [months],
  'FREQ=WEEKLY;WKST=': [weekday, optional('BYDAY', list(weekday))],
  'FREQ=MONTHLY;BYDAY=': [list(weekday), positions], // never numbered days with places: there the other is wrong
  'FREQ=MONTHLY;BYMONTH=5,11;BYDAY=': [list(nthDay)],
  'FREQ=MONTHLY;BYMONTHDAY=': [monthDays],
  'FREQ=YEARLY;BYDAY=': [list(nthDay), optional('BYMONTH', list(fc.integer({ min: 1, max: 12 })))],
  'FREQ=YEARLY;BYMONTH=2,7;BYMONTHDAY=': [monthDays],
}
const parts = Object.entries(kinds).map(([head, tail]) =>
  fc.tuple(...tail).map((texts) => head + texts.join('')),
)
const rules = fc
  .tuple(fc.oneof(...parts), fc.integer({ min: 1, max: 4 }))
  .map(([rule, interval]) => `${rule};INTERVAL=${interval}`)

test('whatever the rule, the days are those that another implementation finds', () => {
  fc.assert(
    fc.property(rules, fc.integer({ min: 0, max: 800 }), (rrule, later) => {
      const startDay = 20_423 + later
      const ours = first(6, { rrule, startDay })

      const dtstart = new Date(startDay * DAY_MS)
      const theirs = new RRule({ ...RRule.parseString(rrule), dtstart, until: YEARS_LATER })
      assert.deepEqual(
        ours,
        theirs.all((_, n) => n < 6).map((date) => date.getTime()),
        rrule,
      )
    }),
    { numRuns: 60 },
  )
})
