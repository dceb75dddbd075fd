/** What clients may ask for in a query; every message says what is expected and quotes nothing. */
import type { ResolvedFilter } from '@payer-status/protocol'
import * as z from 'zod'
import { ProblemError } from '../problem.ts'
import type { HttpDeps } from './deps.ts'

/** Most names in one parameter. */
const MAX_NAMES = 100
/** Longest name in a query or path; configured names have at most 120 characters. */
const MAX_NAME = 200
/** Most items of a page, also when the client names no limit. */
const MAX_LIMIT = 1_000

/** A query of exactly these parameters. */
export function query<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? `unknown parameter; expected ${known}` : undefined,
  })
}

/** One or many texts: the parameter repeated, or its values separated by commas. */
function texts(item: z.ZodType<string, string>, description: string) {
  const values = z.union([z.string(), z.array(z.string())]).transform((given) =>
    [given]
      .flat()
      .flatMap((text) => text.split(','))
      .map((text) => text.trim())
      .filter((text) => text !== ''),
  )
  return values
    .pipe(z.array(item).max(MAX_NAMES, `at most ${MAX_NAMES} values`))
    .optional()
    .meta({ description: `${description}; repeated or separated by commas` })
}

/** Names to filter by. */
export function namesParam(description: string) {
  return texts(z.string().max(MAX_NAME, `names of at most ${MAX_NAME} characters`), description)
}

/** Words of a closed list to filter by. */
export function wordsParam(words: z.ZodEnum, description: string) {
  const expected = `one or more of ${words.options.join(', ')}`
  const word = z.string().refine((text) => words.safeParse(text).success, `expected ${expected}`)
  return texts(word, `${description}: ${expected}`)
}

/** `true` or `false`. */
export function flagParam(description: string) {
  return z
    .enum(['true', 'false'], 'expected true or false')
    .transform((text) => text === 'true')
    .optional()
    .meta({ description })
}

const limitText = `expected a whole number from 1 to ${MAX_LIMIT}`

/** The parameters of every list. */
export const pageParams = {
  limit: z.coerce
    .number({ error: limitText })
    .int(limitText)
    .min(1, limitText)
    .max(MAX_LIMIT, limitText)
    .default(MAX_LIMIT)
    .meta({ description: 'Most items in the answer' }),
  cursor: z
    .string('expected the `next` of an earlier answer')
    .max(2_000, 'expected the `next` of an earlier answer')
    .optional()
    .meta({ description: 'The `next` of the page before' }),
}

/** A name as part of a path. */
export function nameInPath(description: string) {
  return z
    .string()
    .min(1, 'expected a name')
    .max(MAX_NAME, `expected a name of at most ${MAX_NAME} characters`)
    .meta({ description })
}

/** Names as clients write them. */
export type AskedNames = {
  payer?: string[] | undefined
  type?: string[] | undefined
  endpoint?: string[] | undefined
}

/** The filter that the names mean. @throws {ProblemError} 400 for the first name that nothing has */
export function filterOf(
  deps: Pick<HttpDeps, 'board' | 'names'>,
  { payer = [], type = [], endpoint = [] }: AskedNames,
): ResolvedFilter {
  const unknownPayer = payer.find((name) => deps.names.payer(name) === undefined)
  if (unknownPayer !== undefined) throw unknown('query payer', deps.names.nearPayers(unknownPayer))
  for (const name of type) {
    const known = deps.names.resolve([{ types: [name] }])
    if ('unknown' in known) throw unknown('query type', known.unknown[0]?.near ?? [])
  }
  const unknownEndpoint = endpoint.find((id) => !deps.board.endpoint(id.toLowerCase()))
  if (unknownEndpoint !== undefined)
    throw unknown('query endpoint', nearEndpoints(deps, unknownEndpoint))
  const resolved = deps.names.resolve([{ payers: payer, types: type, endpoints: endpoint }])
  if ('unknown' in resolved) throw unknown('query filter', [])
  return resolved.filter
}

/** The ids of payers that a body names. @throws {ProblemError} 400 for the first name that nothing has */
export function payersNamed(
  deps: Pick<HttpDeps, 'names'>,
  payers: readonly string[],
  key = 'payers',
): string[] {
  const ids = payers.map((name) => {
    const id = deps.names.payer(name)
    if (id === undefined) throw unknown(`body ${key}`, deps.names.nearPayers(name))
    return id
  })
  return [...new Set(ids)]
}

/** The types that a body names. @throws {ProblemError} 400 for the first name that nothing has */
export function typesNamed(deps: Pick<HttpDeps, 'names'>, types: readonly string[]): string[] {
  for (const name of types) {
    const known = deps.names.resolve([{ types: [name] }])
    if ('unknown' in known) throw unknown('body types', known.unknown[0]?.near ?? [])
  }
  return [...new Set(types)]
}

/** The id of the payer in the path. @throws {ProblemError} 404 when there is none of this name */
export function payerInPath(deps: Pick<HttpDeps, 'names'>, name: string): string {
  const id = deps.names.payer(name)
  if (id !== undefined) return id
  throw new ProblemError('unknown_name', 'no payer has this id, name, alias or identifier', {
    near: deps.names.nearPayers(name),
  })
}

/** The id of the endpoint in the path. @throws {ProblemError} 404 when there is none of this name */
export function endpointInPath(
  deps: Pick<HttpDeps, 'board' | 'names'>,
  { payer, name }: { payer: string; name: string },
): string {
  const payerId = payerInPath(deps, payer)
  const id = `${payerId}/${name.toLowerCase()}`
  if (deps.board.endpoint(id)) return id
  throw new ProblemError('unknown_name', 'this payer has no endpoint of this name', {
    near: nearEndpoints(deps, id),
  })
}

/** Looks among the endpoints of the payer that the id begins with: comparing with every endpoint takes too long. */
function nearEndpoints({ board, names }: Pick<HttpDeps, 'board' | 'names'>, id: string): string[] {
  const payer = names.payer(id.split('/')[0] ?? '')
  if (payer === undefined) return []
  return names.nearAmong(id, endpointIds(board, payer))
}

function* endpointIds(board: HttpDeps['board'], payer: string): Iterable<string> {
  for (const { endpoint } of board.endpointsOf(payer)) yield endpoint
}

function unknown(where: string, near: readonly string[]): ProblemError {
  return new ProblemError('unknown_name', `${where}: nothing has one of these names`, {
    status: 400,
    near,
  })
}
