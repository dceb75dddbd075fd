import { test } from 'node:test'
import fc from 'fast-check'
import { CLIENTS, FILTERS, World } from '../../test/support/hub-model.ts'
import { ENDPOINTS, type Step } from '../../test/support/hub-model-steps.ts'

const endpoint = fc.nat({ max: ENDPOINTS.length - 1 })
const client = fc.nat({ max: CLIENTS - 1 })
const filter = fc.nat({ max: FILTERS.length - 1 })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: record('result', { endpoint }) },
  { weight: 2, arbitrary: record('status', { endpoint }) },
  { weight: 2, arbitrary: record('type', { endpoint }) },
  { weight: 1, arbitrary: record('remove', { endpoint }) },
  { weight: 2, arbitrary: record('opens', { order: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: record('closes', { order: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: record('flood', {}) },
  { weight: 3, arbitrary: record('tick', { gateway: fc.nat({ max: 1 }) }) },
  { weight: 6, arbitrary: record('turn', {}) },
  { weight: 2, arbitrary: record('cut', { client }) },
  { weight: 3, arbitrary: record('come', { client, gateway: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: record('stuff', { client }) },
  { weight: 2, arbitrary: record('drain', { client }) },
  { weight: 2, arbitrary: record('filter', { client, filter, detail: fc.boolean() }) },
  { weight: 1, arbitrary: record('unsubscribe', { client }) },
  { weight: 1, arbitrary: record('forget', {}) },
  { weight: 1, arbitrary: record('restart', {}) },
)

function record<Do extends Step['do']>(what: Do, parts: object): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant(what), ...parts }) as fc.Arbitrary<Step> // safe: as Step says
}

test('whatever happens, every client converges, rev never goes back, nothing comes twice, no incident is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const world = new World()

      for (const one of steps) await world.do(one)
      await world.settle()

      world.check()
    }),
    { numRuns: 500 },
  )
})
