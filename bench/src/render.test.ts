import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withResults } from './markdown.ts'
import { writeReport } from './render.ts'
import { type Occasion, resultOf } from './results.ts'
import type { Scenario } from './scenario.ts'
import { barChart } from './svg.ts'
import { resultTable } from './table.ts'

const scenario: Scenario = {
  name: 'sample',
  sentence: 'What a sample <costs>',
  figures: [
    { name: 'cost', unit: 'µs', better: 'less', least: 10, aim: 5 },
    { name: 'cost, floor', unit: 'µs' },
    { name: 'never measured', unit: '' },
  ],
  charts: [
    {
      title: 'Cost & more',
      unit: 'µs',
      bars: [
        { label: 'ours', figure: 'cost' },
        { label: 'floor', figure: 'cost, floor' },
      ],
    },
  ],
  round: async () => ({}),
}
const machine = {
  ...{ cpu: 'Some CPU', cores: 2, memoryGiB: 4, system: 'Debian', kernel: '6.1' },
  versions: { node: '24.21.0' },
}
const occasion: Occasion = { date: '2026-11-24T12:00:00.000Z', command: 'npm run bench', machine }
const rounds = [
  { cost: 8, 'cost, floor': 4 },
  { cost: 6, 'cost, floor': 5 },
  { cost: 7, 'cost, floor': 6 },
]
const result = resultOf(
  scenario,
  { rounds, busyBefore: [0.1, 0.4, 0.2], beside: { floor: '1.2' } },
  occasion,
)

test('a result has the middle and the extent of its rounds, and only figures that were measured', () => {
  assert.deepEqual(
    result.figures.map(({ name, median, min, max }) => ({ name, median, min, max })),
    [
      { name: 'cost', median: 7, min: 6, max: 8 },
      { name: 'cost, floor', median: 5, min: 4, max: 6 },
    ],
  )
})

test('the table says what was met and what was missed, in columns', () => {
  const lines = resultTable(result).trimEnd().split('\n')

  assert.match(lines[2] ?? '', /cost +7 µs +6-8 µs +10 µs met +5 µs missed/)
  assert.equal(lines[1]?.length, lines[2]?.length)
  assert.doesNotMatch(lines[3] ?? '', /met|missed/)
})

test('results with another number of clients say so', () => {
  assert.match(resultTable({ ...result, clients: 2_000 }), /here with 2,000 clients/)
})

test('a chart draws every bar in proportion, with its value and without markup from texts', () => {
  const bars = [
    { label: 'ours', value: 2, isOurs: true },
    { label: 'a <b>', value: 4 },
  ]
  const svg = barChart({ title: 'A & B', unit: 'ms', bars })
  const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width))

  assert.ok(Math.abs((widths[1] ?? 0) / (widths[0] ?? 1) - 2) < 0.01)
  assert.match(svg, /A &amp; B/)
  assert.match(svg, /a &lt;b&gt;/)
  assert.match(svg, /4 ms/)
  assert.match(svg, /prefers-color-scheme: dark/)
})

test('a page keeps what people wrote around the results', () => {
  const once = withResults('# Ours\n\nProse.\n', 'old')
  const twice = withResults(`${once}\nMore prose.\n`, 'new')

  assert.match(twice, /^# Ours\n\nProse\.\n/)
  assert.match(twice, /More prose\.\n$/)
  assert.match(twice, /new/)
  assert.doesNotMatch(twice, /old/)
})

test('the report is written from files, with a picture for each chart', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-report-'))
  t.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'results'))
  await writeFile(join(folder, 'results/sample.json'), JSON.stringify(result))

  const written = await writeReport(join(folder, 'results'), [scenario], folder)
  const page = await readFile(join(folder, 'performance.md'), 'utf8')

  assert.deepEqual(written, ['docs/performance.md', 'docs/performance/sample.svg'])
  assert.match(page, /2 cores of Some CPU/)
  assert.match(page, /\| cost \| 7 µs \| 6-8 µs \| 10 µs met \| 5 µs missed \|/)
  assert.match(page, /Beside floor 1\.2\. 2026-11-24, medians of 3 rounds/)
  assert.match(page, /\| \[sample\]\(#sample\) \| cost \| 7 µs/)
  assert.match(page, /!\[Cost & more\]\(performance\/sample\.svg\)/)
})
