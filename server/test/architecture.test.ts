import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

/** The house, ground floor first. A file imports only from its own room or from a floor below. */
const FLOORS = [
  ['lib'],
  ['config'],
  ['model'],
  ['ports'],
  ['board'],
  ['status', 'schedule', 'probe', 'bus', 'store', 'serve'],
  ['pipeline'],
  ['app'],
  ['cli'],
  ['main', 'index', 'prober-thread', 'gateway-thread', 'store-thread'],
]
/** What comes from outside, and the only files that may ask for it. */
const OUTSIDE =
  /\b(?:Date\.now|performance\.now|(?<!\.)setTimeout|(?<!\.)setInterval|Math\.random|(?<!\{)process\.env)\b/
const MAY_ASK =
  /^(?:lib\/clock\.ts|app\/app\.ts|(?:prober|gateway|store)-thread\.ts|main\.ts|cli\/)/

const src = path.resolve(import.meta.dirname, '../src')
const files = globSync('**/*.ts', { cwd: src })
const sources = files.filter((name) => !name.endsWith('.test.ts'))

function textOf(name: string): string {
  return readFileSync(path.join(src, name), 'utf8')
}

function roomOf(file: string): string {
  return path.relative(src, file).split(path.sep)[0]!.replace(/\.ts$/, '')
}

function floorOf(room: string): number {
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room))
  assert.notEqual(floor, -1, `${room} is on no floor`)
  return floor
}

function importsOf(name: string): string[] {
  const matches = textOf(name).matchAll(/(?:from |import |import\()'(\.[^']+)'/g)
  return [...matches].map(([, to]) => path.resolve(path.dirname(path.join(src, name)), to!))
}

test('every import goes down a floor or stays in its room', () => {
  const wrong = sources.flatMap((name) =>
    importsOf(name)
      .map((to) => ({ to, from: roomOf(path.join(src, name)), room: roomOf(to) }))
      .filter(({ from, room }) => room !== from && floorOf(room) >= floorOf(from))
      .map(({ to }) => `${name} -> ${path.relative(src, to)}`),
  )

  assert.ok(sources.length > 50)
  assert.deepEqual(wrong, [])
})

test('no file imports itself in a circle', () => {
  const graph = new Map(
    sources.map((name) => [
      path.join(src, name),
      importsOf(name).filter((to) => to.startsWith(src)),
    ]),
  )
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file))
      circles.push([...trail, file].map((f) => path.relative(src, f)).join(' -> '))
    if (done.has(file) || trail.includes(file)) return
    for (const to of graph.get(file) ?? []) visit(to, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])

  assert.deepEqual(circles, [])
})

test('time, chance and the environment come in from outside', () => {
  const asking = sources.filter(
    (name) => !MAY_ASK.test(name) && OUTSIDE.test(withoutComments(textOf(name))),
  )

  assert.deepEqual(asking, [])
})

test('each library is known to one file, YAML and ws to one for each direction', () => {
  const owners: Record<string, readonly string[]> = {
    ws: ['serve/ws-client.ts', 'serve/ws.ts'],
    'prom-client': ['serve/prom.ts'],
    pino: ['lib/log.ts'],
    yaml: ['config/yaml-nodes.ts', 'config/yaml.ts'],
    re2js: ['lib/pattern.ts'],
    saxes: ['probe/xml.ts'],
    'node:sqlite': ['store/sqlite-file.ts'],
    pg: ['store/postgres-client.ts'],
  }
  for (const [library, files] of Object.entries(owners)) {
    const importers = sources.filter((name) => textOf(name).includes(`from '${library}'`))

    assert.deepEqual(importers, files, library)
  }
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
}
