import { link, open, rm } from 'node:fs/promises'
import { AppError, errorCode } from '../lib/errors.ts'
import type { Io } from './io.ts'

/** Where long output goes. Disposing it before `finish` leaves nothing behind. */
export type Sink = AsyncDisposable & {
  /** Resolves when more may come; false when nobody wants it any more. */
  write(text: string): Promise<boolean>
  /** That was all. */
  finish(): Promise<void>
}

/** The standard output. Whoever reads from it may leave, as `head` does. */
export function pipeSink({ out, clock }: Io): Sink {
  let wake = () => {}
  const listener = () => wake()
  for (const event of ['drain', 'error'] as const) out.on?.(event, listener)
  return {
    async write(text) {
      const drained = new Promise<void>((resolve) => {
        wake = resolve
      })
      if (out.write(text) === false && out.on !== undefined) await drained
      // That a reader has left is told between two turns of the event loop.
      await new Promise<void>((resolve) => clock.after(0, resolve))
      return out.destroyed !== true
    },
    async finish() {},
    async [Symbol.asyncDispose]() {
      for (const event of ['drain', 'error'] as const) out.off?.(event, listener)
    },
  }
}

/** A new file, which has its name once it is whole; never over a file that is there. @throws {AppError} */
export async function fileSink(path: string): Promise<Sink> {
  const unfinished = `${path}.part`
  const file = await told(path, () => open(unfinished, 'w'))
  return {
    async write(text) {
      await told(path, () => file.writeFile(text))
      return true
    },
    async finish() {
      await told(path, () => link(unfinished, path)) // unlike a rename, never over another file
    },
    async [Symbol.asyncDispose]() {
      await file.close()
      await rm(unfinished, { force: true })
    },
  }
}

async function told<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw failureOf(path, error)
  }
}

function failureOf(path: string, error: unknown): AppError {
  const code = errorCode(error)
  const trouble =
    code === 'EEXIST'
      ? 'is there already: expected a file that is not'
      : `cannot be written (${code}): expected a new file in a folder that is there, with room`
  return new AppError('ERR_USAGE', `--out: ${path} ${trouble}`, { cause: error })
}
