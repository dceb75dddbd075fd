import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { build } from 'esbuild'
import type { Begun, Present } from './crashing-monitor.ts'

/** A process with a monitor that waits to begin, and that can be killed. */
export type Killable = {
  begin(): Promise<Begun>
  /** Resolves when it has said so for the nth time from now on. */
  after(word: 'writing' | 'written', times: number): Promise<void>
  kill(): Promise<void>
  /** Lets it make no more results, and says what is true in it then. */
  end(): Promise<Present>
}

/**
 * What starts monitors over a file. They are put into one file of JavaScript first, without what they do not use: most
 * of the time of a start goes into reading and compiling two hundred files.
 */
export async function monitorsOver(
  t: TestContext,
  { folder, file }: { folder: string; file: string },
): Promise<() => Killable> {
  const program = join(folder, 'monitor.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'crashing-monitor.ts')],
    outfile: program,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  })
  return () => aMonitor(t, [program, file])
}

function aMonitor(t: TestContext, args: string[]): Killable {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  t.after(() => child.kill('SIGKILL'))
  const heard = new Heard()
  createInterface({ input: child.stdout }).on('line', (line) => heard.add(line))
  void closed.then(() => heard.end())
  const told = async () => JSON.parse(await heard.next((line) => line.startsWith('{')))
  return {
    async begin() {
      child.stdin.write('\n')
      return (await told()) as Begun
    },
    async after(word, times) {
      for (let i = 0; i < times; i++) await heard.next((line) => line === word)
    },
    async kill() {
      child.kill('SIGKILL')
      const [, signal] = await closed
      assert.equal(signal, 'SIGKILL')
    },
    async end() {
      child.stdin.write('\n')
      return (await told()) as Present
    },
  }
}

/** Lines as they come, for one who waits for them. */
class Heard {
  readonly #lines: string[] = []
  #isOver = false
  #wake = () => {}

  add(line: string): void {
    this.#lines.push(line)
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** The next line that satisfies `look`; those before it are passed over. */
  async next(look: (line: string) => boolean): Promise<string> {
    for (;;) {
      const line = this.#lines.shift()
      if (line !== undefined && look(line)) return line
      if (line !== undefined) continue
      if (this.#isOver) throw new Error('the monitor ended too early')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
