/** The files that transport security is made from, read once each. */
import { dirname, resolve } from 'node:path'
import type { PayerInput } from './payers.ts'
import { readBytes } from './read.ts'
import type { SeenFiles } from './seen.ts'
import type { Defaults } from './timing.ts'

/** Largest such file, bytes: several times what public authorities take all together. */
const MAX_FILE = 1024 * 1024

/** What a file held, or why there is nothing, by its absolute path. */
export type TlsFiles = ReadonlyMap<string, { bytes: Buffer } | { mistake: string }>

/** The settings that name a file. */
export const FILE_KEYS = ['ca', 'crl', 'cert', 'key', 'pkcs12'] as const
type Naming = { [Key in (typeof FILE_KEYS)[number]]?: string | undefined }

/** Reads the files that endpoints and `defaults` name; those of `defaults` lie relative to `directory`. */
export async function readTlsFiles(
  inputs: readonly PayerInput[],
  defaults: Defaults,
  { directory, seen }: { directory: string; seen: SeenFiles },
): Promise<TlsFiles> {
  const paths = new Set(namedIn(defaults.tls, directory))
  for (const { source, payer } of inputs)
    for (const { tls, auth } of payer.endpoints)
      for (const naming of [tls, auth?.oauth2?.tls])
        for (const path of namedIn(naming, dirname(source.path))) paths.add(path)
  const files = new Map<string, { bytes: Buffer } | { mistake: string }>()
  for (const path of paths) {
    await seen.look(path)
    files.set(path, await readBytes(path, MAX_FILE))
  }
  return files
}

function namedIn(naming: Naming | undefined, directory: string): string[] {
  return FILE_KEYS.flatMap((key) => {
    const name = naming?.[key]
    return name === undefined ? [] : [resolve(directory, name)]
  })
}
