/**
 * Regular expressions in the syntax of RE2: what they take grows with the text, never faster, whatever is written.
 * Source of the syntax: github.com/google/re2/wiki/Syntax.
 */
import { RE2JS, RE2JSSyntaxException } from 're2js'

/** Longest pattern, characters. */
export const MAX_PATTERN_LENGTH = 300
/** Most instructions a pattern may come to: the time per character grows with them. */
const MAX_INSTRUCTIONS = 300
/** Most compiled patterns that are remembered. */
const MAX_REMEMBERED = 1_000

const remembered = new Map<string, RE2JS>()

/** What is wrong with a pattern, in words that quote none of it; undefined when it can be used. */
export function patternMistake(source: string): string | undefined {
  try {
    const size = RE2JS.compile(source).programSize()
    return size > MAX_INSTRUCTIONS ? `it is too large: ${size} of ${MAX_INSTRUCTIONS}` : undefined
  } catch (error) {
    return error instanceof RE2JSSyntaxException ? error.getDescription() : 'it cannot be read'
  }
}

/** Whether the pattern fits anywhere in `text`. @throws when `patternMistake` finds one */
export function isFound(source: string, text: string): boolean {
  return compiled(source).test(text)
}

function compiled(source: string): RE2JS {
  const known = remembered.get(source)
  if (known !== undefined) return known
  const [oldest] = remembered.keys()
  if (oldest !== undefined && remembered.size >= MAX_REMEMBERED) remembered.delete(oldest)
  const pattern = RE2JS.compile(source)
  remembered.set(source, pattern)
  return pattern
}
