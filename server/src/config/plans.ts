/** The announced maintenance of one payer, as its files say it. */
import { camelKeys } from './camel-keys.ts'
import { capabilityOf } from './capability.ts'
import type { Endpoint, Plan } from './config.ts'
import { type Complaint, planOf, type Said } from './maintenance.ts'
import type { PayerInput } from './payers.ts'
import { type Problem, quoted, valueAt } from './problem.ts'

/** What a window's scope is asked about. */
type Scoped = Pick<Endpoint, 'type' | 'capability' | 'via'>

/** All plans of a payer, each once, and what is wrong with them. */
export function plansOf(
  inputs: readonly PayerInput[],
  around: { payer: string; timeZone: string },
): { plans: Plan[]; problems: Problem[] } {
  const endpoints: Scoped[] = inputs.flatMap(({ payer }) =>
    payer.endpoints.map(({ type, via }) => ({ type, via, capability: capabilityOf(type) })),
  )
  const plans = new Map<string, Plan>()
  const problems = inputs.flatMap((input) =>
    input.payer.maintenance.flatMap((inFile, i) => {
      const outcome = planOf(camelKeys(inFile), { ...around, origin: 'file' })
      const complaint = 'expected' in outcome ? outcome : unknownScope(outcome, endpoints)
      if (!('expected' in outcome)) plans.set(outcome.id, outcome)
      return complaint === undefined ? [] : [problemOf(complaint, input, i)]
    }),
  )
  return { plans: [...plans.values()], problems }
}

function problemOf({ key, expected }: Complaint, { source, path }: PayerInput, i: number): Problem {
  const at = [...path, 'maintenance', i, ...(key === undefined ? [] : [snake(key)])]
  return { source, path: at, message: `expected ${expected}${gotAt(source, at)}` }
}

/** What stands there, where that is a single value. */
function gotAt(source: PayerInput['source'], path: Problem['path']): string {
  const value = valueAt(source.value, path)
  return typeof value === 'string' ? `, got ${quoted(value)}` : ''
}

/** A scope that no endpoint is in would excuse nothing, and nobody would notice. */
export function unknownScope(
  { types, via }: Pick<Plan, 'types' | 'via'>,
  endpoints: readonly Scoped[],
): { key: 'types' | 'via'; expected: string } | undefined {
  const named = new Set(
    endpoints.flatMap(({ type, capability }) => [type.toLowerCase(), capability]),
  )
  if (types.some((type) => !named.has(type.toLowerCase())))
    return { key: 'types', expected: 'types or capabilities of endpoints that the payer has' }
  if (via !== null && !endpoints.some((endpoint) => endpoint.via === via))
    return { key: 'via', expected: 'the route of an endpoint that the payer has' }
  return undefined
}

function snake(key: keyof Said): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
