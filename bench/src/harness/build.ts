import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isThere, whereIs } from '../rivals/installed.ts'

const run = promisify(execFile)
const SOURCES = fileURLToPath(new URL('../../load/', import.meta.url))
const CACHE = fileURLToPath(
  new URL('../../../node_modules/.cache/payer-status-bench/', import.meta.url),
)
const FLAGS = ['-O2', '-std=gnu11', '-Wall']

/** What is compiled from which files; headers count as well. */
const PROGRAMS = {
  load: ['load.c', 'options.c', 'client.c', 'stream.c', 'frames.c', 'measure.c'],
  floor: ['floor.c'],
} as const
const HEADERS = ['options.h', 'client.h', 'stream.h', 'frames.h', 'measure.h']

/** How a program is started: its path, and what comes before the options. */
export type Command = readonly [program: string, ...args: string[]]

/** The same command, taking only what others leave of its core. */
export function yielding(command: Command): Command {
  return ['/usr/bin/nice', '-n', '19', ...command]
}

/** The programs that make load. */
export type Programs = {
  load: Command
  /** Undefined where there is no C compiler: then there is nothing to compare with. */
  floor: Command | undefined
}

/** Compiles what has changed since the last time, or says how to do without. */
export async function buildPrograms(warn: (text: string) => void): Promise<Programs> {
  const compiler = (await whereIs('cc')) ?? (await whereIs('gcc'))
  if (compiler === undefined) {
    warn('no C compiler: the load client in JavaScript takes its place and may itself be the limit')
    return { load: [process.execPath, join(SOURCES, 'load.mjs')], floor: undefined }
  }
  const [load, floor] = await Promise.all([build(compiler, 'load'), build(compiler, 'floor')])
  return { load: [load], floor: [floor] }
}

async function build(compiler: string, name: keyof typeof PROGRAMS): Promise<string> {
  const files = PROGRAMS[name].map((file) => join(SOURCES, file))
  const headers = HEADERS.map((file) => join(SOURCES, file))
  const hash = createHash('sha256').update(FLAGS.join(' '))
  for (const file of [...files, ...headers]) hash.update(await readFile(file))
  const program = join(CACHE, `${name}-${hash.digest('hex').slice(0, 12)}`)
  if (await isThere(program)) return program
  await mkdir(dirname(program), { recursive: true })
  const unfinished = `${program}.${process.pid}`
  await run(compiler, [...FLAGS, '-o', unfinished, ...files])
  await rename(unfinished, program) // at once, so that nobody starts half a program
  return program
}
