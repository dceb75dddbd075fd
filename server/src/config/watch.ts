/** Notices when files change, also when an editor replaces them or they did not exist before. */
import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Clock, every } from '../lib/clock.ts'
import { type SeenFile, signatureOf } from './seen.ts'

/** How long a file must be quiet, so that half-written ones are not read. */
const DEBOUNCE_MS = 200
/** How often files are looked at even if the system reports nothing, as network file systems do. */
const POLL_MS = 5_000

export type WatchDeps = { clock: Clock; onChange: () => void }

/** Calls `onChange` when one of the files, or what a directory among them lists, is not as it was seen. */
export function watchFiles(files: readonly SeenFile[], deps: WatchDeps): Disposable {
  const watch = new FileWatch(files, deps)
  watch.start()
  return watch
}

class FileWatch implements Disposable {
  readonly #files: readonly string[]
  readonly #deps: WatchDeps
  readonly #watchers: FSWatcher[] = []
  #seen: Promise<readonly string[]>
  #cancelCheck = () => {}
  #cancelPoll = () => {}
  #stopped = false

  constructor(files: readonly SeenFile[], deps: WatchDeps) {
    this.#files = files.map(({ path }) => path)
    this.#deps = deps
    this.#seen = Promise.resolve(files.map(({ signature }) => signature))
  }

  start(): void {
    for (const directory of new Set(this.#files.map(dirname))) this.#watch(directory)
    this.#cancelPoll = every(this.#deps.clock, POLL_MS, () => this.#check())
    this.#soon() // a file may have changed since it was seen
  }

  /** A directory that cannot be watched is left to the poll. */
  #watch(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#soon())
      watcher.on('error', () => watcher.close())
      this.#watchers.push(watcher)
    } catch {}
  }

  #soon(): void {
    this.#cancelCheck()
    if (!this.#stopped) this.#cancelCheck = this.#deps.clock.after(DEBOUNCE_MS, () => this.#check())
  }

  /** Checks follow each other, since each compares with the one before. */
  #check(): void {
    this.#seen = this.#seen.then(async (before) => {
      const now = await Promise.all(this.#files.map(signatureOf))
      if (!isDeepStrictEqual(now, before) && !this.#stopped) this.#deps.onChange()
      return now
    })
  }

  [Symbol.dispose](): void {
    this.#stopped = true
    this.#cancelCheck()
    this.#cancelPoll()
    for (const watcher of this.#watchers) watcher.close()
  }
}
