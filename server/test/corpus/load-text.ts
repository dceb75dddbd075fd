import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import { ConfigError } from '../../src/lib/errors.ts'

/** A directory that is gone when disposed of. */
export class TempDirectory implements AsyncDisposable {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Writes a file, and the directories above it; gives its path. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}

export async function tempDirectory(): Promise<TempDirectory> {
  return new TempDirectory(await mkdtemp(join(tmpdir(), 'payer-status-')))
}

type Around = {
  env?: Record<string, string>
  flags?: Record<string, string>
  /** Further files, by name. */
  files?: Record<string, string | Uint8Array>
}

/** Loads a configuration file of this text, called `payers.yaml`. */
export async function loadText(text: string | Uint8Array, around: Around = {}): Promise<Config> {
  await using directory = await tempDirectory()
  await directory.write('payers.yaml', text)
  for (const [name, content] of Object.entries(around.files ?? {}))
    await directory.write(name, content)
  const { env = {}, flags = {} } = around
  return await loadConfig({ path: undefined, cwd: directory.path, env, flags, shipped: '/absent' })
}

/** Everything that is wrong with such a file; none when it loads. */
export async function problemsOf(
  text: string | Uint8Array,
  around: Around = {},
): Promise<readonly string[]> {
  try {
    await loadText(text, around)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** A file in our format with one payer and these endpoints, as lines of flow YAML. */
export function withEndpoints(...endpoints: string[]): string {
  const lines = endpoints.map((endpoint) => `      - ${endpoint}\n`).join('')
  return `version: 1\npayers:\n  - name: Aetna\n    endpoints:\n${lines}`
}
