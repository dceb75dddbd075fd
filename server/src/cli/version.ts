import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The version of the program. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version // safe: our own
}

/** The absolute path of something that is shipped, relative to the repository. */
export function shipped(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url))
}
