/** Transport security as a probe uses it: made from what a file says and the files that it names. */
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { Secret } from '../lib/secret.ts'
import type { Tls } from './config.ts'
import type { Defaults } from './timing.ts'
import { FILE_KEYS, type TlsFiles } from './tls-files.ts'
import { type Material, mistakesIn, type TlsMistake } from './tls-material.ts'
import type { Tls as TlsInFile } from './tls-schema.ts'

/** What one endpoint gets, or what is wrong; `own` is false of what `defaults` said. */
export type TlsOutcome = { tls?: Tls } | { mistakes: readonly (TlsMistake & { own: boolean })[] }

type FileKey = (typeof FILE_KEYS)[number]
type Said = { [Key in keyof TlsInFile]?: TlsInFile[Key] | undefined }

/** Makes transport security, once for all endpoints that say the same. */
export class TlsMaker {
  readonly #files: TlsFiles
  readonly #defaults: NonNullable<Defaults['tls']>
  readonly #directory: string
  readonly #made = new Map<string, Tls | readonly TlsMistake[]>()

  /** `directory` is where the files of `defaults` lie. */
  constructor(files: TlsFiles, defaults: Defaults, directory: string) {
    this.#files = files
    this.#defaults = defaults.tls ?? {}
    this.#directory = directory
  }

  /** What an endpoint gets that says `own` in a file of `directory`; nothing where nobody says anything. */
  of(own: Said | undefined, directory: string): TlsOutcome {
    const said = { ...withPaths(this.#defaults, this.#directory), ...withPaths(own, directory) }
    if (Object.keys(said).length === 0) return {}
    const key = JSON.stringify({ ...said, passphrase: said.passphrase?.reveal() })
    const made = this.#made.get(key) ?? this.#make(said)
    this.#made.set(key, made)
    if (!isMistaken(made)) return { tls: made }
    return {
      mistakes: made.map((mistake) => ({
        ...mistake,
        own: own?.[mistake.key] !== undefined || this.#defaults[mistake.key as 'ca'] === undefined,
      })),
    }
  }

  #make(said: Said): Tls | readonly TlsMistake[] {
    const { passphrase, server_name, min_version = 'TLSv1.2', max_version, skip_verify } = said
    const read = FILE_KEYS.map((key) => ({ key, ...this.#read(said[key]) }))
    const unread = read.flatMap(({ key, mistake }) => (mistake ? [{ key, message: mistake }] : []))
    if (unread.length > 0) return unread
    const bytes = Object.fromEntries(read.map(({ key, bytes }) => [key, bytes])) as Bytes // safe: one for each key
    const material: Material = { ...bytes, passphrase, min_version, max_version }
    const mistakes = mistakesIn(material)
    if (mistakes.length > 0) return mistakes
    return {
      id: idOf(material),
      ...secretsOf(material),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(server_name === undefined ? {} : { serverName: server_name }),
      minVersion: min_version,
      ...(max_version === undefined ? {} : { maxVersion: max_version }),
      skipVerify: skip_verify ?? false,
    }
  }

  #read(path: string | undefined): { bytes?: Buffer; mistake?: string } {
    if (path === undefined) return {}
    const file = this.#files.get(path) ?? { mistake: 'was not read' }
    if ('bytes' in file) return file
    return { mistake: `expected a file that can be read: it ${file.mistake}` }
  }
}

type Bytes = { [Key in FileKey]: Buffer | undefined }

function isMistaken(made: Tls | readonly TlsMistake[]): made is readonly TlsMistake[] {
  return Array.isArray(made)
}

/** What is said, with absolute paths. */
function withPaths(said: Said | undefined, directory: string): Said {
  const given = Object.entries(said ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    given.map(([key, value]) => {
      const isPath = FILE_KEYS.some((name) => name === key) && typeof value === 'string'
      return [key, isPath ? resolve(directory, value) : value]
    }),
  )
}

function idOf({ passphrase, min_version, max_version, ...files }: Material): string {
  const hash = createHash('sha256')
  const parts = [
    passphrase?.reveal(),
    min_version,
    max_version,
    ...FILE_KEYS.map((key) => files[key]),
  ]
  for (const part of parts) {
    const bytes = part === undefined ? undefined : Buffer.from(part)
    hash.update(`${bytes?.length ?? '-'} `).update(bytes ?? '')
  }
  return hash.digest('hex')
}

function secretsOf({ ca, crl, cert, key, pkcs12 }: Material): Pick<Tls, FileKey> {
  return {
    ...(ca && { ca: new Secret(ca.toString()) }),
    ...(crl && { crl: new Secret(crl.toString()) }),
    ...(cert && { cert: new Secret(cert.toString()) }),
    ...(key && { key: new Secret(key.toString()) }),
    ...(pkcs12 && { pkcs12: new Secret(pkcs12.toString('base64')) }),
  }
}

/** What is worth saying once of what an endpoint says itself. */
export function tlsRemarks(own: Said | undefined, shownUrl: string): string[] {
  if (own === undefined) return []
  if (shownUrl.startsWith('http:')) return ['has tls settings, but an http address']
  const { skip_verify, min_version = 'TLSv1.2' } = own
  return [
    ...(skip_verify ? ['is asked whatever its certificate (tls.skip_verify)'] : []),
    ...(min_version < 'TLSv1.2' ? [`may be asked by ${min_version}, which is broken`] : []),
  ]
}
