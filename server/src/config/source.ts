/** Gets the files: the main one, those it includes, and the secret files they refer to. */
import { glob, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isMapping } from './overrides.ts'
import { found, type Problem, quoted, type Source } from './problem.ts'
import { readText, shownPath } from './read.ts'
import type { SeenFiles } from './seen.ts'
import { filesIn, type Lookup } from './substitute.ts'
import { parseYaml } from './yaml.ts'

/** Largest configuration file, bytes: about 30,000 endpoints. */
const MAX_FILE = 5 * 1024 ** 2
/** Largest secret file, bytes. */
const MAX_SECRET = 64 * 1024
/** Most files that `include` may name. */
const MAX_INCLUDED = 1_000

/** What reading needs: the directory that shown names are relative to, and who keeps what files were like. */
export type Reader = { cwd: string; seen: SeenFiles }

/** Reads a YAML file that holds a mapping; or says why it does not. */
export async function readSource(path: string, { cwd, seen }: Reader): Promise<Source | Problem[]> {
  const shown = shownPath(path, cwd)
  await seen.look(path)
  const read = await readText(path, MAX_FILE)
  if ('mistake' in read) return [outside(shown, `the file ${read.mistake}`)]
  const tree = parseYaml(read.text)
  if (Array.isArray(tree))
    return tree.map(({ line, message }) => outside(`${shown}:${line}`, message))
  if (tree.value === null || tree.value === undefined)
    return [outside(shown, 'the file is empty; expected "version: 1" and a list of payers')]
  if (!isMapping(tree.value))
    return [
      outside(`${shown}:1`, `expected a mapping with a list of payers, got ${kindOf(tree.value)}`),
    ]
  return { shown, path, ...tree }
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? found(value, []) : 'one value'
}

function outside(from: string, message: string): Problem {
  return { source: undefined, path: [], from, message }
}

/** Files that `include` names. */
export type Included = { sources: Source[]; problems: Problem[] }

/** Reads what the patterns of `main` match: each file once, in the order of its name. */
export async function readIncluded(
  main: Source,
  patterns: readonly unknown[],
  reader: Reader,
): Promise<Included> {
  const included: Included = { sources: [], problems: [] }
  const known = new Set([main.path])
  for (const [i, pattern] of patterns.entries()) {
    if (typeof pattern !== 'string' || pattern === '') continue
    await reader.seen.look(resolve(dirname(main.path), fixedPart(pattern)))
    const paths = await matching(pattern, dirname(main.path))
    included.problems.push(...countMistake(main, i, paths.length))
    for (const path of paths.filter((path) => !known.has(path))) {
      known.add(path)
      const source = await readSource(path, reader)
      if (Array.isArray(source)) included.problems.push(...source)
      else included.sources.push(source)
    }
  }
  return included
}

function countMistake(main: Source, i: number, count: number): Problem[] {
  if (count > 0 && count <= MAX_INCLUDED) return []
  const isList = isMapping(main.value) && Array.isArray(main.value.include)
  const got = count === 0 ? 'none' : 'more'
  return [
    {
      source: main,
      path: isList ? ['include', i] : ['include'],
      message: `expected 1 to ${MAX_INCLUDED} files that match, got ${got}`,
    },
  ]
}

async function matching(pattern: string, cwd: string): Promise<string[]> {
  const paths: string[] = []
  for await (const match of glob(pattern, { cwd })) {
    const path = resolve(cwd, match)
    if (await isFile(path)) paths.push(path)
    if (paths.length > MAX_INCLUDED) break
  }
  return paths.sort()
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ?? false
}

/** The directory in a pattern before its first wildcard. */
function fixedPart(pattern: string): string {
  return dirname(pattern.replace(/[*?[{!].*$/s, 'x'))
}

/** Reads every secret file that the sources refer to; gives how each source looks up its values. */
export async function readSecrets(
  sources: readonly Source[],
  { variable, seen }: { variable: Lookup['variable']; seen: SeenFiles },
): Promise<{ lookupFor(source: Source): Lookup }> {
  const read = new Map<string, Awaited<ReturnType<typeof readText>>>()
  for (const source of sources) {
    for (const file of filesIn(source.value)) {
      const path = resolve(dirname(source.path), file)
      await seen.look(path)
      if (!read.has(path)) read.set(path, await readText(path, MAX_SECRET))
    }
  }
  const lookupFor = (source: Source): Lookup => ({
    variable,
    file(name) {
      const result = read.get(resolve(dirname(source.path), name))
      if (result !== undefined && 'text' in result)
        return { text: result.text.replace(/\r?\n$/, '') }
      return {
        mistake: `the secret file ${quoted(name)} cannot be used: it ${result?.mistake ?? 'was not read'}`,
      }
    },
  })
  return { lookupFor }
}
