/** Switches the logging of single requests and answers on and off while the monitor runs. */
import * as z from 'zod'
import { durationFrom } from '../config/scalars.ts'
import { answers } from './api/answers.ts'
import { nameInPath, query } from './api/query.ts'
import type { ApiKeys } from './auth.ts'
import type { Listener } from './listener.ts'

/** An endpoint whose exchanges are logged, and until when, epoch ms; null where the configuration says so. */
type Logged = { endpoint: string; until: number | null }

/** What the routes switch. */
export type TraceSwitch = {
  /** Those in force. */
  readonly logged: readonly Logged[]
  /** For so many ms. @throws {UnknownNameError | BusyError} */
  start(endpoint: string, ms: number): Logged
  /** For one endpoint, or for all. */
  stop(endpoint?: string): void
}

const TraceAnswer = z.strictObject({ endpoint: z.string(), until: z.string().nullable() })
const TracesAnswer = z.strictObject({ items: z.array(TraceAnswer) })

const LONGEST = durationFrom('1s', '1d')

/** A duration in a query. */
const For = z.string().transform((text, context) => {
  const { data } = LONGEST.safeParse(text)
  if (data !== undefined) return data
  context.addIssue('expected a duration from 1s to 1d, such as 15m')
  return z.NEVER
})

/** `GET`, `POST` and `DELETE /-/trace`. */
export function traceRoutes(app: Listener, traces: TraceSwitch, keys: ApiKeys): void {
  const endpoint = nameInPath('Id of an endpoint').transform((id) => id.toLowerCase())
  const onRequest = async ({ raw }: { raw: Parameters<ApiKeys['demand']>[0] }) =>
    keys.demand(raw, 'admin')
  const listed = (what: string) => answers(TracesAnswer, what, [400, 401, 429])
  const all = () => ({ items: traces.logged.map(shown) })
  const forWhom = query({ endpoint, for: For.prefault('15m') })
  const started = { querystring: forWhom, response: answers(TraceAnswer, 'Until when', [404, 429]) }
  const ended = {
    querystring: query({ endpoint: endpoint.optional() }),
    response: listed('Those that go on'),
  }
  app.get('/-/trace', { schema: { response: listed('Those in force') }, onRequest }, async () =>
    all(),
  )
  app.post('/-/trace', { schema: started, onRequest }, async ({ query: asked }) =>
    shown(traces.start(asked.endpoint, asked.for)),
  )
  app.delete('/-/trace', { schema: ended, onRequest }, async ({ query: asked }) => {
    traces.stop(asked.endpoint)
    return all()
  })
}

function shown({ endpoint, until }: Logged): z.infer<typeof TraceAnswer> {
  return { endpoint, until: until === null ? null : new Date(until).toISOString() }
}
