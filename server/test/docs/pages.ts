/** The documents and the sources as tests read them, so that the one cannot go stale against the other. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BLOCK = /^```[\s\S]*?^```$/gm
const ROOT = new URL('../../../', import.meta.url)

/** A page by section: the text under each heading, up to the next heading of any level. */
export type Page = { text: string; sections: ReadonlyMap<string, string> }

/** Reads a page of `docs/`. */
export function readPage(name: string): Page {
  const text = readFileSync(new URL(`docs/${name}`, ROOT), 'utf8')
  const [, ...parts] = text.replace(BLOCK, hideHeadings).split(/^#+ /m)
  const sections = parts.map((part): [string, string] => {
    const [heading = ''] = part.split('\n')
    return [heading, part.slice(heading.length)]
  })
  return { text, sections: new Map(sections) }
}

/** A comment of a shell example begins like a heading. */
function hideHeadings(block: string): string {
  return block.replace(/^#/gm, ' ')
}

/** The text under a heading. */
export function section({ sections }: Page, heading: string): string {
  const text = sections.get(heading)
  if (text === undefined) throw new Error(`the page has no section "${heading}"`)
  return text
}

/** The rows of every table under a heading, as cells; heads and rules left out. */
export function rows(page: Page, heading: string): string[][] {
  const lines = section(page, heading).split('\n')
  return lines
    .filter((line, i) => line.startsWith('|') && !isRule(line) && !isRule(lines[i + 1] ?? ''))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
}

function isRule(line: string): boolean {
  return /^\|[-|]+$/.test(line)
}

/** Every text between backticks, code blocks left out. */
export function spans(text: string): string[] {
  const prose = text.replace(BLOCK, '')
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
}

/** What the rows under a heading are about: the words between backticks in their first cells, sorted. */
export function subjects(page: Page, heading: string): string[] {
  return rows(page, heading)
    .flatMap(([first = '']) => spans(first))
    .sort()
}

/** The code blocks of one language. */
export function blocks({ text }: Page, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, is]) => is === language)
    .map(([, , body = '']) => body)
}

/** The sources of the server that match a glob below `server/src`, without tests, as one text. */
export function sources(pattern: string): string {
  return globSync(pattern, { cwd: fileURLToPath(new URL('server/src/', ROOT)) })
    .filter((file) => !file.endsWith('.test.ts'))
    .sort()
    .map((file) => readFileSync(new URL(`server/src/${file}`, ROOT), 'utf8'))
    .join('\n')
}

/** Each distinct first capture of a pattern in a text, sorted. */
export function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, capture = '']) => capture))].sort()
}
