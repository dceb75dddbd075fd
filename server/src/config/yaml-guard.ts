/** Keeps files away that would take more time or memory to read than a configuration is worth. */

/** How deep lists and mappings may be nested; a configuration needs seven. */
const MAX_DEPTH = 64
/** How many brackets may be open, some of them in texts. */
const MAX_OPEN = 1_024
/** How many lines and commas a file may have: three times those of 10,000 endpoints. */
const MAX_ENTRIES = 250_000
/** How many values there may be once aliases are followed. */
const MAX_VALUES = 1_000_000

const TOO_DEEP = 'lists and mappings are nested too deeply'

const OPENS: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 }

/** What is too much in a text, and on which line. Linear in its length. */
export function excess(text: string): { line: number; message: string } | undefined {
  let open = 0
  let line = 1
  let commas = 0
  for (const [token] of text.matchAll(/[[{\]},\n]|(?:[-?:][ \t]+){64}/g)) {
    if (token === '\n') line++
    if (token === ',') commas++
    open = Math.max(0, open + (OPENS[token] ?? 0))
    if (token.length > 1 || open > MAX_OPEN) return { line, message: TOO_DEEP }
    if (line + commas > MAX_ENTRIES) return { line, message: 'the file has too many entries' }
  }
  return undefined
}

/** Whether a value is neither too deep nor, its shared parts counted each time, too large; so it has no cycle. */
export function isBounded(value: unknown): boolean {
  let left = MAX_VALUES
  const fits = (item: unknown, depth: number): boolean => {
    left--
    if (left < 0 || depth > MAX_DEPTH) return false
    if (typeof item !== 'object' || item === null) return true
    return Object.values(item).every((child) => fits(child, depth + 1))
  }
  return fits(value, 0)
}
