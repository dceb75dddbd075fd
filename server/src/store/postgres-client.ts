import pg from 'pg'
import { StoreError } from '../lib/errors.ts'

/** One connection to PostgreSQL. */
export type PgClient = pg.Client
/** A row of an answer. */
export type PgRow = Record<string, unknown>

/** Bounds on what a server can make us wait, ms. The client's own is for servers that do not answer at all. */
const CONNECT_MS = 5_000
const STATEMENT_MS = 60_000
const ANSWER_MS = STATEMENT_MS + 10_000

/** SQLSTATEs that an operator can act on. Source: PostgreSQL, appendix A. */
const STATES: Readonly<Record<string, string>> = {
  '28000': 'refuses this user: expected one that may log in',
  '28P01': 'refuses the password: expected the one of the user in store.url',
  '3D000': 'has no such database: expected one that exists; create it first',
  '42501': 'does not let this user do that: expected CREATE on the database',
  '53100': 'cannot write: its disk is full',
  '53300': 'has no connection left: expected two for each monitor',
  '57014': `took longer than ${STATEMENT_MS} ms`,
  '25006': 'is read-only: expected the primary server',
}
/** Those of them that may be over a moment later. */
const PASSING: ReadonlySet<string> = new Set(['53100', '53300', '57014', '25006'])
const GONE = 'cannot be reached: expected a server that answers'
/** SQLSTATEs and codes of Node after which the connection is no good. */
const LOST = /^(?:08...|57P0.|25P03|E[A-Z]+)$/

/** Codes of Node and OpenSSL for a certificate that is not accepted. Source: Node, "X509 certificate error codes". */
const UNTRUSTED =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_|INVALID_|ERR_TLS_CERT_)/
/** What `pg` says of a server that has no TLS. */
const NO_TLS = 'The server does not support SSL connections'
/** Files that an address may name. */
const FILES = 'sslrootcert, sslcert and sslkey'

/** What a fault of TLS, or of the files for it, means for an operator. */
function secureFailure(error: Error): string | undefined {
  const code = codeOf(error)
  if (UNTRUSTED.test(code))
    return `has a certificate that is not accepted (${code}): expected one for the host in store.url, of an authority in sslrootcert`
  if (error.message === NO_TLS)
    return 'does not speak TLS: expected ssl = on there, or no sslmode in store.url'
  if ('path' in error && 'syscall' in error && error.syscall !== 'connect')
    return `cannot be asked (${code}): expected files that can be read as ${FILES}`
  return undefined
}

/** How a store is called in sentences: without user, password and parameters. */
export function shownName(url: string): string {
  const { host, pathname } = URL.canParse(url) ? new URL(url) : { host: '', pathname: '' }
  // What is not one plain name may be a part of a password that has a slash.
  if (!/^(?:\/[^/@]*)?$/.test(pathname) || host === '')
    throw new StoreError(
      'store.url: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %2F for a slash in the password',
    )
  return `postgres://${host}${pathname}`
}

/** What a fault of PostgreSQL or of the way to it means for an operator; a fault of our own stays what it is. */
export function postgresFailure(name: string, error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error
  const insecure = secureFailure(error)
  if (insecure !== undefined) return new StoreError(`store ${name} ${insecure}`, { cause: error })
  if (!isOutside(error)) return error
  const code = codeOf(error)
  const meaning = STATES[code] ?? (isLost(error) ? GONE : `fails with PostgreSQL's code ${code}`)
  const isPassing = PASSING.has(code) || (!(code in STATES) && isLost(error))
  return new StoreError(`store ${name} ${meaning}`, { cause: error, isPassing })
}

/** Whether the connection went with this error. */
export function isLost(error: unknown): boolean {
  const code = codeOf(error)
  if (error instanceof pg.DatabaseError && error.severity === 'FATAL') return true
  return code === '' ? isOutside(error) : LOST.test(code)
}

/** Connects; `onLost` hears when the connection ends by itself. @throws what `postgresFailure` knows */
export async function connect(url: string, onLost: (client: PgClient) => void): Promise<PgClient> {
  const client = new pg.Client({
    connectionString: verifying(url),
    application_name: 'payer-status',
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    types: { getTypeParser: typeParser },
  })
  client.on('error', () => onLost(client))
  client.on('end', () => onLost(client))
  await client.connect()
  return client
}

/** Modes that `pg` takes as `verify-full` now, and as less from its next version on. */
const VERIFYING = ['prefer', 'require', 'verify-ca']

/** The address with the mode that is meant: whoever asks for TLS gets a certificate that is looked at. */
function verifying(url: string): string {
  const { searchParams } = new URL(url)
  const mode = searchParams.get('sslmode') ?? ''
  if (!VERIFYING.includes(mode) || searchParams.has('uselibpqcompat')) return url
  return url.replace(/([?&]sslmode=)[\w-]+/, '$1verify-full')
}

/** Numbers beyond 32 bits come as text otherwise; ours are all exact. */
const INT8 = 20

const typeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** What `pg` says without a code: a connection that ended, a time that ran out. */
const PG_SAYS =
  /^(?:Connection terminated|timeout expired|Query read timeout|Client has encountered)/

function isOutside(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof pg.DatabaseError || 'syscall' in error) return true
  return error instanceof AggregateError || PG_SAYS.test(error.message)
}
