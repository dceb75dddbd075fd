import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cronFirings, cronGap, cronMistake } from './cron.ts'

const NEW_YORK = 'America/New_York'
const MINUTE = 60_000

const GOOD = [
  '* * * * *',
  '*/15 8-18 * * 1-5',
  '0 9 * * MON-FRI',
  '0,30 * 1 */3 *',
  '0 0 L * *',
  '0 0 29 2 *',
  '30 0 0 * * *',
]
const WRONG = [
  '',
  ' ',
  '* * * *',
  '* * * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '5-1 * * * *',
  '*/0 * * * *',
  '@daily',
  '@reboot',
  '? * * * *',
  '* * * * ?',
  '0 0 31 2 *',
  '0 0 30 FEB *',
  '* * * * *\n',
  '*\t* * * *',
  '０ * * * *',
  `${'1,'.repeat(99)}1 * * * *`,
  '__proto__ * * * *',
  '2026-01-05T00:00:00',
]

test('expressions of five or six fields that fire some time are taken', () => {
  for (const expression of GOOD) assert.equal(cronMistake(expression), undefined, expression)
})

test('whatever else is called a mistake', () => {
  for (const expression of WRONG) assert.match(cronMistake(expression) ?? '', /^a cron/, expression)
})

test('any text is either a mistake or an expression whose times go on', async () => {
  const anyField = fc.stringMatching(/^[0-9*,/LW#A-Z-]{1,6}$/)
  const anyText = fc.oneof(
    fc.string(),
    fc.array(anyField, { minLength: 5, maxLength: 6 }).map((fields) => fields.join(' ')),
  )
  await fc.assert(
    fc.property(anyText, (expression) => {
      if (cronMistake(expression) !== undefined) return
      const next = cronFirings({ expression, timeZone: NEW_YORK })

      const first = next(Date.UTC(2026, 0, 1))
      assert.ok(first > Date.UTC(2026, 0, 1))
      assert.ok(next(first) > first)
    }),
    { numRuns: 500 },
  )
})

const GAPS: [string, number][] = [
  ['*/15 8-18 * * 1-5', 15 * MINUTE],
  ['0 9 * * *', 24 * 60 * MINUTE],
  ['* * * * *', MINUTE],
  ['0,1 0 0 29 2 *', 1_000],
  ['50,10 * * * * *', 20_000],
]

for (const [expression, gap] of GAPS)
  test(`the times of ${expression} are ${gap} ms apart at least`, () => {
    assert.equal(cronGap({ expression, timeZone: NEW_YORK }), gap)
  })

const CHANGES: [string, string, string[]][] = [
  ['30 2 * * *', '2026-03-07T12:00:00Z', ['2026-03-08T07:00', '2026-03-09T06:30']],
  ['30 1 * * *', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
  ['0 9 * * *', '2026-03-07T12:00:00Z', ['2026-03-07T14:00', '2026-03-08T13:00']],
  [
    '30 1-2 * * *',
    '2026-11-01T04:00:00Z',
    ['2026-11-01T05:30', '2026-11-01T06:30', '2026-11-01T07:30'],
  ],
]

for (const [expression, from, times] of CHANGES)
  test(`in New York ${expression} after ${from} fires at ${times.join(', ')}`, () => {
    const next = cronFirings({ expression, timeZone: NEW_YORK })
    let at = Date.parse(from)

    const fired = times.map(() => {
      at = next(at)
      return new Date(at).toISOString().slice(0, 16)
    })

    assert.deepEqual(fired, times)
  })

test('in whatever order it is asked it answers as one that is asked for the first time', async () => {
  const cron = { expression: '*/7 3-20 * * *', timeZone: 'Australia/Lord_Howe' }
  const next = cronFirings(cron)
  await fc.assert(
    fc.property(fc.nat(30 * 1_440), (minute) => {
      const after = Date.UTC(2026, 2, 20) + minute * MINUTE

      assert.equal(next(after), cronFirings(cron)(after))
    }),
  )
})
