import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Io } from '../../src/cli/io.ts'
import { runCommand } from '../../src/cli/program.ts'
import { systemClock } from '../../src/lib/clock.ts'

/** What a command wrote, and how it ended. */
export type Ran = { code: number; out: string; err: string }

type Terminal = { isTTY?: boolean; columns?: number }
type World = { env?: Io['env']; terminal?: Terminal; io?: Partial<Io> }

/** Runs `payer-status` in this process, in a folder of its own with these files. */
export async function aCommandLine(
  t: TestContext,
  files: Readonly<Record<string, string>> = {},
): Promise<(args: readonly string[], world?: World) => Promise<Ran>> {
  const cwd = await mkdtemp(join(tmpdir(), 'payer-status-cli-'))
  t.after(() => rm(cwd, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text)
  return async (args, { env = {}, terminal = {}, io = {} } = {}) => {
    const out = new Memory(terminal)
    const err = new Memory(terminal)
    const clock = systemClock
    const code = await runCommand(args, { cwd, env, out, err, clock, random: () => 0.5, ...io })
    return { code, out: out.text, err: err.text }
  }
}

class Memory {
  text = ''
  readonly isTTY?: boolean
  readonly columns?: number

  constructor(terminal: Terminal) {
    Object.assign(this, terminal)
  }

  write(text: string): void {
    this.text += text
  }
}
