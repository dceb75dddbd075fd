/** What every route has that does something for a person: who it is, the way to where it is done, and why it is not. */
import type { IncomingMessage } from 'node:http'
import { toWire } from '../../board/wire.ts'
import type { Actions, Command, Done, Refused } from '../../ports.ts'
import type { ApiKeys } from '../auth.ts'
import { ProblemError } from '../problem.ts'
import type { HttpDeps } from './deps.ts'
import { within } from './within.ts'

/** Longest wait for the main thread, ms. */
const MAX_WAIT_MS = 10_000

/** Said of every route that needs such a key. */
export const NEEDS_WRITE =
  'Needs an API key with the scope `write`; none where both the listener and the caller are on loopback.'

/** Lets nobody pass without the scope `write`, before the body is read, and remembers who came. */
export function writeAccess(keys: ApiKeys) {
  const who = new WeakMap<IncomingMessage, string>()
  return {
    onRequest: async ({ raw }: { raw: IncomingMessage }): Promise<void> => {
      who.set(raw, keys.demand(raw, 'write'))
    },
    by: ({ raw }: { raw: IncomingMessage }): string => who.get(raw) ?? '',
  }
}

/** Does it, and gives the record as clients see it. @throws {ProblemError} where it is refused, or takes too long */
export async function act(deps: ActDeps, command: Command<keyof Actions>): Promise<object> {
  return toWire((await done(deps, command)).entry)
}

/** Does it, and gives what came of it. @throws {ProblemError} where it is refused, or takes too long */
export async function done(
  { bus, clock }: ActDeps,
  command: Command<keyof Actions>,
): Promise<DoneSo> {
  const late = () =>
    new ProblemError('timeout', `this was not done within ${MAX_WAIT_MS / 1_000} s`)
  const outcome = await within(clock, bus.request(command), { ms: MAX_WAIT_MS, late })
  if ('refused' in outcome) throw WHY[outcome.refused](outcome)
  return outcome
}

type ActDeps = Pick<HttpDeps, 'bus' | 'clock'>
type DoneSo = Extract<Done, { entry: unknown }>
type NotDone = Exclude<Done, DoneSo>

const conflict = (detail: string) => () => new ProblemError('conflict', detail)

const WHY: Readonly<Record<Refused, (outcome: NotDone) => ProblemError>> = {
  unknown_incident: () =>
    new ProblemError('not_found', 'no incident that is open or was closed lately has this id'),
  unknown_endpoint: () =>
    new ProblemError('unknown_name', 'this payer has no endpoint of this name any more'),
  not_probeable: () => new ProblemError('not_probeable', 'this is not probed anyway'),
  too_many_notes: conflict('this incident has as many notes as it can have: 1,000'),
  too_much_text: conflict('the notes of this incident hold as much text as they can: 64 KiB'),
  not_announced: conflict(
    'nobody announced this incident: it is resolved when its endpoints have recovered',
  ),
  already_resolved: conflict('this incident is resolved'),
  too_many_announcements: conflict('as many announcements are open as can be: 1,000'),
  unknown_payer: () => new ProblemError('unknown_name', 'there is no payer of this name any more'),
  unfit_plan: ({ complaint }) => {
    const where = complaint?.key === undefined ? 'body' : `body ${complaint.key}`
    const issue = `${where}: expected ${complaint?.expected ?? 'something else'}`
    return new ProblemError('invalid_request', issue, { issues: [issue] })
  },
  too_many_plans: conflict(
    'as much maintenance is announced as can be: 200 for a payer, 5,000 over the API',
  ),
  unknown_plan: () =>
    new ProblemError('not_found', 'nothing that is announced has this id, or it was withdrawn'),
  plan_of_file: conflict('the configuration announces this: it is withdrawn there'),
}
