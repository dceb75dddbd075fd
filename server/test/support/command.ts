import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** A monitor in a process of its own. */
export type Command = AsyncDisposable & {
  child: ChildProcess
  /** What it has written so far. */
  out(): string
  err(): string
  /** Waits until its standard output matches. */
  says(pattern: RegExp): Promise<RegExpMatchArray>
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>
}

type How = { cwd?: string; env?: Record<string, string>; wrap?: readonly string[] }

/** Runs `payer-status` with these arguments, in a process of its own. */
export function command(args: readonly string[], { cwd, env = {}, wrap = [] }: How = {}): Command {
  const [program = '', ...rest] = [...wrap, process.execPath, '--conditions=source', main, ...args]
  const child = spawn(program, rest, {
    cwd,
    env: { PATH: process.env.PATH, PAYER_STATUS_STORE_URL: 'memory:', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    child,
    out: () => out,
    err: () => err,
    async says(pattern) {
      for (;;) {
        const match = out.match(pattern)
        if (match) return match
        if (child.exitCode !== null) throw new Error(`it ended without saying ${pattern}: ${err}`)
        await Promise.race([once(child.stdout!, 'data'), ended])
      }
    },
    ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}
