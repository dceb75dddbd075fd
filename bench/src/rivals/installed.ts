import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** Where Debian and others keep servers; a user's own path often lacks the `sbin` ones. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/sbin', '/bin']

/** The path of an installed program, or undefined. */
export async function whereIs(program: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const path = join(folder, program)
    if (await isThere(path, constants.X_OK)) return path
  }
  return undefined
}

/** The path of an installed program. @throws when it is not installed, with how to install it. */
export async function pathOf(program: string, debian: string): Promise<string> {
  const path = await whereIs(program)
  if (path === undefined) throw new Error(notInstalled(program, debian))
  return path
}

/** The sentence for what is not installed. */
export function notInstalled(what: string, debian: string): string {
  return `${what} is not installed: apt-get install --no-install-recommends ${debian}`
}

/** Whether there is such a file. */
export async function isThere(path: string, mode = constants.R_OK): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  )
}

/** The first version number a program tells, wherever it writes it; `unknown` when it tells none. */
export async function versionOf(program: string, args: readonly string[]): Promise<string> {
  const path = await whereIs(program)
  if (path === undefined) return 'unknown'
  const said = await run(path, args).catch((error: { stdout?: string; stderr?: string }) => error)
  return `${said.stdout ?? ''}${said.stderr ?? ''}`.match(/\d+\.\d+(\.\d+)?/)?.[0] ?? 'unknown'
}

/** The version of an installed npm package. */
export function packageVersion(name: string): string {
  const { version } = require(`${name}/package.json`) as { version: string }
  return version
}

/** Why an npm package cannot be used, or undefined. */
export function missingPackage(name: string): string | undefined {
  try {
    require.resolve(name)
    return undefined
  } catch {
    return `the package ${name} is not installed: npm install`
  }
}
