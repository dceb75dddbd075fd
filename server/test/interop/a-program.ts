import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A client in a process of its own, that says what it hears line by line. */
export class Program implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>
  readonly #lines: AsyncIterator<string>
  #errors = ''

  constructor(file: string, args: readonly string[]) {
    this.child = spawn(file, args, { env: { PATH: process.env.PATH } })
    this.ended = once(this.child, 'close').then(([code]) => code as number | null)
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
    this.child.stderr.on('data', (chunk) => {
      this.#errors += chunk
    })
    this.child.stdin.on('error', () => {})
  }

  /** What it has written to its standard error. */
  get errors(): string {
    return this.#errors
  }

  /** Writes a line to its standard input. */
  say(line: string): void {
    this.child.stdin.write(`${line}\n`)
  }

  /** The next line of its standard output, without prompts; undefined once that has ended. */
  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next()
    return done ? undefined : value.replace(/^(?:> )+/, '')
  }

  /** The next line, as JSON. */
  async said<T>(): Promise<T> {
    const line = await this.line()
    if (line === undefined) throw new Error(`the program ended: ${this.#errors}`)
    return JSON.parse(line)
  }

  /** Lines as JSON up to the first that satisfies `look`, with that one. */
  async saidUntil<T>(look: (said: T) => boolean): Promise<T[]> {
    const all: T[] = []
    for (;;) {
      const said = await this.said<T>()
      all.push(said)
      if (look(said)) return all
    }
  }

  /** Every further line. */
  async rest(): Promise<string[]> {
    const all: string[] = []
    for (let line = await this.line(); line !== undefined; line = await this.line()) all.push(line)
    return all
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGKILL')
    await this.ended
  }
}
