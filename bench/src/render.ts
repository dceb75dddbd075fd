import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Picture, resultsMarkdown, withResults } from './markdown.ts'
import type { Result } from './results.ts'
import type { Chart, Scenario } from './scenario.ts'
import { type BarChart, barChart } from './svg.ts'

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))
const PAGE = 'performance.md'
const PICTURES = 'performance'

/** Writes the page about performance from the results in a folder. @returns the files it wrote */
export async function writeReport(
  folder: string,
  scenarios: readonly Scenario[],
  docs = DOCS,
): Promise<string[]> {
  const results = await readResults(folder, scenarios)
  const drawn = scenarios.flatMap((scenario) => {
    const result = results.find((result) => result.scenario === scenario.name)
    return result === undefined ? [] : draw(scenario, result)
  })
  await mkdir(join(docs, PICTURES), { recursive: true })
  for (const { path, svg } of drawn) await writeFile(join(docs, path), svg)
  const picturesOf = ({ scenario }: Result) => drawn.filter((picture) => picture.of === scenario)
  const page = await readFile(join(docs, PAGE), 'utf8').catch(() => undefined)
  await writeFile(join(docs, PAGE), withResults(page, resultsMarkdown(results, picturesOf)))
  return [PAGE, ...drawn.map(({ path }) => path)].map((path) => join('docs', path))
}

/** In the order of the scenarios; what is no scenario any more is left out. */
async function readResults(folder: string, scenarios: readonly Scenario[]): Promise<Result[]> {
  const files = new Set(await readdir(folder).catch(() => []))
  const wanted = scenarios.map(({ name }) => `${name}.json`).filter((file) => files.has(file))
  return await Promise.all(
    // safe: nobody but main.ts writes there
    wanted.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Result),
  )
}

function draw({ name, charts = [] }: Scenario, result: Result) {
  return charts.flatMap((chart, i): (Picture & { of: string; svg: string })[] => {
    const filled = fill(chart, result)
    if (filled.bars.length < 2) return []
    const path = `${PICTURES}/${name}${i === 0 ? '' : `-${i + 1}`}.svg`
    return [{ of: name, title: chart.title, path, svg: barChart(filled) }]
  })
}

/** The bars of what was measured. */
function fill({ title, unit, bars }: Chart, { figures }: Result): BarChart {
  const known = bars.flatMap(({ label, figure, isOurs }, i) => {
    const measured = figures.find(({ name }) => name === figure)
    return measured ? [{ label, value: measured.median, isOurs: isOurs ?? i === 0 }] : []
  })
  return { title, unit, bars: known }
}
