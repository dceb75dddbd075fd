import type { Config } from '../config/config.ts'
import { diffEndpoints, needsRestart } from '../config/diff.ts'
import { ConfigError, errorCode } from '../lib/errors.ts'
import type { Log } from '../ports.ts'
import type { ReloadOutcome } from '../serve/admin.ts'
import type { WindowKeeper } from '../status/window-keeper.ts'
import type { Catalogue } from './catalogue.ts'

type ReloaderDeps = {
  catalogue: Catalogue
  windows: Pick<WindowKeeper, 'apply'>
  log: Log
  /** Reads and checks the configuration. @throws {ConfigError} */
  load: () => Promise<Config>
  /** Counts the outcome. */
  reloaded: (ok: boolean) => void
  /** Told what was read, for a configuration that is in force now as for one that was refused. */
  onRead: (files: Config['files']) => void
}

/** Puts new configurations in force: the whole of one that is valid, nothing of one that is not. */
export class Reloader {
  readonly #deps: ReloaderDeps
  /** What the parts that are built once were built from. */
  readonly #first: Config
  #current: Config
  #warned: ReadonlySet<string> = new Set()
  #last: Promise<unknown> = Promise.resolve()

  constructor(first: Config, deps: ReloaderDeps) {
    this.#first = first
    this.#current = first
    this.#deps = deps
    deps.windows.apply(first)
    deps.catalogue.begin(first)
    this.#warn(first)
  }

  /** The configuration in force. */
  get current(): Config {
    return this.#current
  }

  /** Reads the configuration again, after any reload that is under way. Never throws. */
  reload(): Promise<ReloadOutcome> {
    const next = this.#last.then(() => this.#reload())
    this.#last = next
    return next
  }

  async #reload(): Promise<ReloadOutcome> {
    const { load, reloaded, log, catalogue, windows, onRead } = this.#deps
    try {
      const next = await load()
      const { added, changed, removed } = diffEndpoints(this.#current.endpoints, next.endpoints)
      for (const key of needsRestart(this.#first, next))
        log.warn({ problem: `${key} takes effect at the next start` }, 'setting needs a restart')
      windows.apply(next)
      catalogue.apply(next, { added, changed, removed })
      this.#current = next
      this.#warn(next)
      onRead(next.files)
      reloaded(true)
      const outcome = { added: added.length, changed: changed.length, removed: removed.length }
      log.info({ count: next.endpoints.length }, 'configuration reloaded')
      return { ...outcome, problems: [] }
    } catch (error) {
      reloaded(false)
      if (error instanceof ConfigError && error.files.length > 0) onRead(error.files)
      const problems = problemsOf(error)
      for (const problem of problems)
        log.error({ problem }, 'configuration refused, the old one stays')
      return { added: 0, changed: 0, removed: 0, problems }
    }
  }

  /** Says each warning once, not again at every reload. */
  #warn({ warnings }: Config): void {
    for (const problem of warnings)
      if (!this.#warned.has(problem)) this.#deps.log.warn({ problem }, 'configuration warning')
    this.#warned = new Set(warnings)
  }
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems
  return [`the configuration could not be read (${errorCode(error)})`]
}
