import { styleText } from 'node:util'
import type { Clock, Random } from '../ports.ts'

/** Where a command writes to: a terminal, a pipe, or a test's memory. */
export type Output = {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  /** Whoever read it has gone. */
  readonly destroyed?: boolean
  on?(event: 'drain' | 'error', listener: () => void): unknown
  off?(event: 'drain' | 'error', listener: () => void): unknown
}

/** What a command has of the world around it. */
export type Io = {
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  out: Output
  err: Output
  clock: Clock
  random: Random
}

/** How a command ends: with an exit code. */
export type Ending = (code: number) => void

/** Exit codes. */
export const EXIT = {
  /** Everything is fine. */
  ok: 0,
  /** It ran, and something is not fine. */
  notFine: 1,
  /** The command line, the configuration or an address cannot be used. */
  unusable: 2,
} as const

type Format = Parameters<typeof styleText>[0]

/** Colours for an output: only on a terminal, and never against NO_COLOR (no-color.org). */
export function painter(output: Output, env: Io['env']): (format: Format, text: string) => string {
  const isColoured = output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return (format, text) => (isColoured ? styleText(format, text, { validateStream: false }) : text)
}

/** Text of somebody else's, safe for a terminal and for a line of its own. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '?')
}
