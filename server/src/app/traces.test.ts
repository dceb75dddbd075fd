import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { Traced } from '../ports.ts'
import { Traces } from './traces.ts'

const MINUTE = 60_000

/** The switch of a monitor that watches endpoints `p/0` to `p/149`, the first of them logged as configured. */
function aSwitch() {
  const clock = new FakeClock()
  const watched = new Map(
    Array.from({ length: 150 }, (_, i) => {
      const endpoint = anEndpoint({ id: `p/${i}`, ...(i === 0 && { logExchanges: true }) })
      return [endpoint.id, endpoint]
    }),
  )
  let told: readonly Traced[] = []
  const traces = new Traces({
    clock,
    prober: {
      trace(traced) {
        told = traced
      },
    },
    catalogue: { endpoint: (id) => watched.get(id), endpoints: () => watched.values() },
  })
  return { clock, watched, traces, told: () => told.map(({ endpoint }) => endpoint) }
}

test('an endpoint is logged for as long as was said, and said anew for as long from then', async () => {
  const { clock, traces, told } = aSwitch()

  traces.start('p/2', MINUTE)
  traces.start('p/1', 3 * MINUTE)
  await clock.advance(MINUTE / 2)
  const { until } = traces.start('p/2', MINUTE)

  assert.deepEqual(told(), ['p/1', 'p/2'])
  assert.equal(until, clock.now() + MINUTE)
  await clock.advance(MINUTE)
  assert.deepEqual(
    traces.logged.map(({ endpoint }) => endpoint),
    ['p/0', 'p/1'],
  )
})

test('what is configured is listed without an end, and goes on', () => {
  const { traces, told } = aSwitch()
  traces.start('p/0', MINUTE)
  traces.start('p/1', MINUTE)

  traces.stop()

  assert.deepEqual(traces.logged, [{ endpoint: 'p/0', until: null }])
  assert.deepEqual(told(), [])
})

test('it is switched off for one alone', () => {
  const { traces, told } = aSwitch()
  traces.start('p/1', MINUTE)
  traces.start('p/2', MINUTE)

  traces.stop('p/1')

  assert.deepEqual(told(), ['p/2'])
})

test('a hundred at once are the most, and the next is told when one ends', async () => {
  const { clock, traces } = aSwitch()
  for (let i = 1; i <= 100; i++) traces.start(`p/${i}`, MINUTE + i)

  assert.throws(() => traces.start('p/101', MINUTE), { code: 'ERR_BUSY', retryAfterMs: MINUTE + 1 })
  traces.start('p/50', MINUTE)
  await clock.advance(MINUTE)
  traces.start('p/101', MINUTE)
})

test('nobody is logged who is not watched, or not any more', () => {
  const { watched, traces } = aSwitch()
  traces.start('p/1', MINUTE)

  watched.delete('p/1')

  assert.deepEqual(traces.list, [])
  assert.throws(() => traces.start('p/1', MINUTE), { code: 'ERR_UNKNOWN_NAME' })
})
