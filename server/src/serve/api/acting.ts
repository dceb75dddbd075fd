/** What every route has that does something for a person: who it is, the way to where it is done, and why it is not. */
import type { IncomingMessage } from 'node:http'
import { toWire } from '../../board/wire.ts'
import type { Actions, Command, Refused } from '../../ports.ts'
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
export async function act(
  { bus, clock }: Pick<HttpDeps, 'bus' | 'clock'>,
  command: Command<keyof Actions>,
): Promise<object> {
  const late = () =>
    new ProblemError('timeout', `this was not done within ${MAX_WAIT_MS / 1_000} s`)
  const done = await within(clock, bus.request(command), { ms: MAX_WAIT_MS, late })
  if ('refused' in done) throw WHY[done.refused]()
  return toWire(done.entry)
}

const conflict = (detail: string) => () => new ProblemError('conflict', detail)

const WHY: Readonly<Record<Refused, () => ProblemError>> = {
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
}
