/** What files were like when they were read, so that a change that comes right after is not lost. */
import { stat } from 'node:fs/promises'

/** A file or directory, and what it was like: equal texts mean that it did not change. */
export type SeenFile = { path: string; signature: string }

/** Looks at files just before they are read, and keeps what each was like. */
export class SeenFiles {
  readonly #signatures = new Map<string, string>()

  /** Looks at a file, unless it was looked at before. */
  async look(path: string): Promise<void> {
    if (this.#signatures.has(path)) return
    this.#signatures.set(path, await signatureOf(path))
  }

  /** Every file that was looked at, in that order. */
  get all(): SeenFile[] {
    return [...this.#signatures].map(([path, signature]) => ({ path, signature }))
  }
}

/** What changes with a file: which one it is, its size and when it was written. */
export async function signatureOf(path: string): Promise<string> {
  const seen = await stat(path, { bigint: true }).catch(() => undefined)
  return seen === undefined ? 'absent' : `${seen.ino} ${seen.size} ${seen.mtimeNs}`
}
