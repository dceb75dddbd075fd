/** Notices when files change, also when an editor replaces them or they did not exist before. */
import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Clock, every } from '../lib/clock.ts'

/** How long a file must be quiet, so that half-written ones are not read. */
const DEBOUNCE_MS = 200
/** How often files are looked at even if the system reports nothing, as network file systems do. */
const POLL_MS = 5_000

export type WatchDeps = { clock: Clock; onChange: () => void }

/** Calls `onChange` when one of the files, or what a directory among them lists, is not as it was. */
export function watchFiles(files: readonly string[], deps: WatchDeps): Disposable {
  const watch = new FileWatch(files, deps)
  watch.start()
  return watch
}

class FileWatch implements Disposable {
  readonly #files: readonly string[]
  readonly #deps: WatchDeps
  readonly #watchers: FSWatcher[] = []
  #seen: Promise<string>
  #cancelCheck = () => {}
  #cancelPoll = () => {}
  #stopped = false

  constructor(files: readonly string[], deps: WatchDeps) {
    this.#files = files
    this.#deps = deps
    this.#seen = signature(files)
  }

  start(): void {
    for (const directory of new Set(this.#files.map(dirname))) this.#watch(directory)
    this.#cancelPoll = every(this.#deps.clock, POLL_MS, () => this.#check())
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
      const now = await signature(this.#files)
      if (now !== before && !this.#stopped) this.#deps.onChange()
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

/** What changes with a file: which one it is, its size and when it was written. */
async function signature(files: readonly string[]): Promise<string> {
  const all = files.map(async (file) => {
    const seen = await stat(file, { bigint: true }).catch(() => undefined)
    return seen === undefined ? 'absent' : `${seen.ino} ${seen.size} ${seen.mtimeNs}`
  })
  return (await Promise.all(all)).join('\n')
}
