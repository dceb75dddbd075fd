import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { createAuthority } from './far-side-certificates.ts'

/** Debian keeps the programs of each version apart. */
const PROGRAMS = globSync('/usr/lib/postgresql/*/bin').sort().at(-1)

/** Where Debian's PostgreSQL is; what a skipped test says without it. */
export const NEEDS_POSTGRES = 'needs postgresql (apt-get install postgresql)'

/** A PostgreSQL server of our own: on a socket in a temporary folder, and with TLS on a port of loopback. */
export type Postgres = AsyncDisposable & {
  /** The path of its socket. */
  socket: string
  /** The same database by TLS; the server's certificate is for `localhost`. */
  byTls(url: string, parameters: Record<string, string>): string
  /** A file with the authority that signed that. */
  authority: string
  /** The address of a database that is made and empty. */
  database(user?: string): Promise<string>
  /** Runs a statement as the superuser, in the database of an address. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>
}

/** Starts a server; null where PostgreSQL is not installed. */
export async function aPostgres(): Promise<Postgres | null> {
  if (PROGRAMS === undefined) return null
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-pg-'))
  const user = otherUser()
  if (user !== null) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '--encoding=UTF8', '--locale=C']
  const made = spawnSync(join(PROGRAMS, 'initdb'), init, { ...user, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const rules = [
    'local all guarded scram-sha-256',
    'local all all trust',
    'hostssl all all samehost trust',
  ]
  writeFileSync(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`)
  const authority = certify(folder, user)
  const port = await freePort()
  const server = spawn(join(PROGRAMS, 'postgres'), serverOptions({ data, folder, port }), {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await ready(server)
  return handle({ folder, port, authority }, server)
}

type User = { uid: number; gid: number } | null

/** Gives the server a key that only it may read, and a certificate. @returns the file with its authority */
function certify(folder: string, user: User): string {
  const authority = createAuthority()
  const { cert, key } = authority.issue()
  for (const [name, text] of [
    ['server.key', key],
    ['server.crt', cert],
  ] as const) {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    if (user !== null) chownSync(join(folder, name), user.uid, user.gid)
  }
  const file = join(folder, 'authority.pem')
  writeFileSync(file, authority.cert)
  return file
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

type Where = { data: string; folder: string; port: number }

function serverOptions({ data, folder, port }: Where): string[] {
  const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const small = ['shared_buffers=16MB', 'max_connections=20', 'autovacuum=off']
  const apart = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const tls = [
    'ssl=on',
    ...[
      ['cert', 'crt'],
      ['key', 'key'],
    ].map(([what, end]) => `ssl_${what}_file=${join(folder, `server.${end}`)}`),
  ]
  return [
    '-D',
    data,
    ...[...quick, ...small, ...apart, ...tls].flatMap((setting) => ['-c', setting]),
  ]
}

/** The server refuses to run as root: then as Debian's user for it. */
function otherUser(): User {
  if (process.getuid?.() !== 0) return null
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m)
  if (line === null) throw new Error('expected a user postgres')
  return { uid: Number(line[1]), gid: Number(line[2]) }
}

async function ready(server: ChildProcess): Promise<void> {
  if (server.stderr === null) throw new Error('expected a pipe')
  const lines: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line)
    if (line.includes('ready to accept connections')) {
      server.stderr.resume()
      return
    }
  }
  throw new Error(`postgres: ${lines.join('\n')}`)
}

type Running = { folder: string; port: number; authority: string }

function handle({ folder, port, authority }: Running, server: ChildProcess): Postgres {
  const urlOf = (name: string, user: string) =>
    `postgres://${user}@localhost/${name}?host=${encodeURIComponent(folder)}&port=${port}`
  const query = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(sql).finally(() => client.end())
    return rows
  }
  let databases = 0
  return {
    socket: join(folder, `.s.PGSQL.${port}`),
    authority,
    byTls(url, parameters) {
      const at = new URL(url)
      return `postgres://${at.username}:tell-nobody@localhost:${port}${at.pathname}?${new URLSearchParams(parameters)}`
    },
    async database(user = 'postgres') {
      const name = `d${++databases}`
      await query(urlOf('postgres', 'postgres'), `CREATE DATABASE ${name}`)
      return urlOf(name, user)
    },
    query,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
