import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { packageVersion, versionOf } from './rivals/installed.ts'

const run = promisify(execFile)

/** What was measured on, and with. */
export type Machine = {
  cpu: string
  cores: number
  memoryGiB: number
  system: string
  kernel: string
  versions: Readonly<Record<string, string>>
}

/** Describes this machine, and the checkout whose monitor is measured. */
export async function describeMachine(checkout: string): Promise<Machine> {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: await systemName(),
    kernel: await kernelVersion(),
    versions: {
      monitor: await commitOf(checkout),
      node: process.versions.node,
      ws: packageVersion('ws'),
      cc: await versionOf('cc', ['--version']),
    },
  }
}

/** How many processes wanted a core within the last minute. */
export async function busyness(): Promise<number> {
  const text = await readFile('/proc/loadavg', 'utf8').catch(() => '0')
  return Number.parseFloat(text)
}

/** The commit, and whether anything in it was changed; `unknown` outside of a repository. */
async function commitOf(checkout: string): Promise<string> {
  const git = ['-C', checkout, 'describe', '--always', '--dirty=+changes']
  const { stdout } = await run('git', git).catch(() => ({ stdout: '' }))
  return stdout.trim() || 'unknown'
}

async function systemName(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return text.match(/^PRETTY_NAME="(.*)"$/m)?.[1] ?? process.platform
}

async function kernelVersion(): Promise<string> {
  const text = await readFile('/proc/sys/kernel/osrelease', 'utf8').catch(() => '')
  return text.trim() || 'unknown'
}
