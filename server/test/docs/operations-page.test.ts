import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aMonitor } from '../support/a-monitor.ts'
import { found, readPage, rows, sources, spans, subjects } from './pages.ts'

const page = readPage('operations.md')

test('the metrics are those of a scrape, with their types and labels', async () => {
  await using monitor = await aMonitor('version: 1\npayers: []\n')
  const text = await wholeScrape(monitor)
  const types = [...text.matchAll(/^# TYPE (payer_status_\w+) (\w+)$/gm)]
  const told = rows(page, 'Metrics').map(([name = '', type]) => [spans(name)[0], type])

  assert.deepEqual(told.sort(), types.map(([, name, type]) => [name, type]).sort())
  for (const [, name = '', labels = ''] of text.matchAll(/^(payer_status_\w+)\{(.*)\}/gm)) {
    const row = rows(page, 'Metrics').find(([first]) => isOf(name, spans(first ?? '')[0] ?? ''))
    for (const label of found(labels, /(\w+)="/g))
      assert.ok(label === 'le' || spans(row?.[2] ?? '').includes(label), `${name} ${label}`)
  }
})

/** A scrape leaves out a thread that does not answer in time: one that is just starting, say. */
async function wholeScrape(monitor: Awaited<ReturnType<typeof aMonitor>>): Promise<string> {
  for (;;) {
    const text = await monitor.metrics()
    if (text.includes('payer_status_scheduler_running')) return text
  }
}

/** Whether a series belongs to a metric: a histogram has several. */
function isOf(series: string, metric: string): boolean {
  return series.replace(/_(?:bucket|sum|count)$/, '') === metric.replace(/_count$/, '')
}

test('every message of the log is there with its level, and no other', () => {
  const calls = sources('**/*.ts').matchAll(
    /\blog\.(debug|info|warn|error)\((?:[^()]|\([^()]*\))*?,\s*'([^']+)',?\s*\)/g,
  )
  const written = [...calls].map(([, level, message]) => `${message}: ${level}`)
  const told = rows(page, 'Messages').map(
    ([message = '', level]) => `${spans(message)[0]}: ${level}`,
  )

  assert.deepEqual(told.sort(), [...new Set(written)].sort())
  assert.equal(
    written.length,
    sources('**/*.ts').match(/\blog\.(?:debug|info|warn|error)\(/g)?.length,
  )
})

test('every field of the log is there', () => {
  const [, type = ''] = /type LogFields = \{([\s\S]*?)\n\}/.exec(sources('lib/log.ts')) ?? []
  const fields = found(type, /^ {2}(\w+)\?:/gm)
  assert.ok(fields.length > 10)
  assert.deepEqual(subjects(page, 'Fields'), fields)
})

test('every route of the operators’ listener that is named is one', () => {
  const routes = found(sources('serve/{admin,trace-routes,api/health}.ts'), /app\.\w+\('([^']+)'/g)
  const [, operators = []] = rows(page, 'Ports')

  assert.deepEqual(
    spans(operators[3] ?? '').sort(),
    routes.filter((route) => route !== '/health').sort(),
  )
})

test('every signal that ends the monitor has its row', () => {
  const handled = found(sources('cli/signals.ts'), /'(SIG[A-Z]+)'/g)
  const told = subjects(page, 'Start and stop')

  for (const signal of handled) assert.ok(told.includes(signal), signal)
})

test('every setting that a page names is one', () => {
  const known = new Set(
    [...readPage('configuration.md').sections].flatMap(([heading, text]) =>
      [...text.matchAll(/^\| `([\w.]+)` \|/gm)].flatMap(([, key = '']) => [
        key,
        `${spans(heading)[0]}.${key}`,
      ]),
    ),
  )
  const named = ['operations.md', 'protocol.md', 'errors.md'].flatMap((name) =>
    spans(readPage(name).text).filter((span) => SETTING.test(span)),
  )

  assert.ok(named.length > 20)
  for (const setting of named) assert.ok(known.has(setting), setting)
})

const SETTING =
  /^(?:server|metrics|log|shutdown|limits|hub|probing|auth|judge|timeouts|expect)\.[a-z_]+$/

test('every link between the pages leads somewhere', () => {
  for (const name of ['operations.md', 'protocol.md', 'errors.md'])
    for (const target of found(readPage(name).text, /\]\(([^)]+)\)/g)) {
      const [file, anchor] = target.split('#')
      if (file?.startsWith('../')) continue
      const { sections } = readPage(file || name)
      const anchors = [...sections.keys()].map(anchorOf)
      assert.ok(anchor === undefined || anchors.includes(anchor), `${name}: ${target}`)
    }
})

/** How GitHub makes an anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replace(/ /g, '-')
}
