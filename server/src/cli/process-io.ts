import { systemClock } from '../lib/clock.ts'
import type { Io } from './io.ts'

/** The world around this process. */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    out: process.stdout,
    err: process.stderr,
    clock: systemClock,
    random: Math.random,
  }
}
