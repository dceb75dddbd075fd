import type { Command } from 'commander'
import { nearMatches } from '../lib/ids.ts'

const LONGEST = 60

/** Refuses words that are no command; `serve` is what is run without any, and gets them. */
export function refuseWords(command: Command, words: readonly string[]): void {
  const [word] = words
  if (word === undefined) return
  const known = command.parent?.commands.map((one) => one.name()) ?? []
  const [near] = nearMatches(word.slice(0, LONGEST), known)
  const hint = near === undefined ? `one of ${known.join(', ')}` : `did you mean ${near}?`
  command.error(`error: unknown command '${word.slice(0, LONGEST)}', ${hint}`)
}
