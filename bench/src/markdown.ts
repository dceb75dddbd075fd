import { isDeepStrictEqual } from 'node:util'
import type { Machine } from './machine.ts'
import { withUnit } from './numbers.ts'
import type { MeasuredFigure, Result } from './results.ts'
import { bound, described, extent } from './table.ts'

const BEGIN = '<!-- generated: results of npm run bench; written by npm run bench -- report -->'
const END = '<!-- end of generated -->'
const HEAD = ['figure', 'median', 'min-max', 'least', 'aim']
const SKELETON = `# Performance

What the monitor costs and how fast it is, measured beside what it is compared with in the same round.
[bench/README.md](../bench/README.md) says how.

${BEGIN}
${END}
`

/** A picture that was drawn of a result. */
export type Picture = { title: string; path: string }

/** Puts what was measured between the markers of a page; all else on it stays. */
export function withResults(page: string | undefined, generated: string): string {
  const text = page ?? SKELETON
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  const between = `${BEGIN}\n\n${generated}\n${END}`
  if (begin < 0 || end < begin) return `${text.trimEnd()}\n\n${between}\n`
  return text.slice(0, begin) + between + text.slice(end + END.length)
}

/** Everything that was measured, as Markdown. */
export function resultsMarkdown(
  results: readonly Result[],
  picturesOf: (result: Result) => readonly Picture[],
): string {
  const [first] = results
  if (first === undefined) return 'Nothing has been measured yet.\n'
  const chapters = results.map((result) => {
    const elsewhere = isDeepStrictEqual(result.machine, first.machine)
      ? ''
      : machineText(result.machine)
    return chapter(result, { elsewhere, pictures: picturesOf(result) })
  })
  return [machineText(first.machine), overview(results), ...chapters].join('\n')
}

/** Every figure of which something is wanted. */
function overview(results: readonly Result[]): string {
  const rows = results.flatMap(({ scenario, figures }) =>
    figures
      .filter(({ least, aim }) => least !== undefined || aim !== undefined)
      .map((figure) => row([`[${scenario}](#${scenario})`, ...cells(figure)])),
  )
  return [row(['', ...HEAD]), '|---|---|---:|---:|---:|---:|', ...rows, ''].join('\n')
}

function machineText({ cpu, cores, memoryGiB, system, kernel, versions }: Machine): string {
  const machine = `${cores} cores of ${cpu}, ${memoryGiB} GiB, ${system}, Linux ${kernel}`
  return `Measured on ${machine}, loopback; ${versionsText(versions)}.\n`
}

function versionsText(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

type Around = { elsewhere: string; pictures: readonly Picture[] }

function chapter(result: Result, { elsewhere, pictures }: Around): string {
  const { scenario, date, command, rounds, busyBefore, beside } = result
  const many = rounds.length === 1 ? 'one round' : `medians of ${rounds.length} rounds`
  const busy = Math.max(...busyBefore)
  const others = versionsText(beside)
  const facts = `${others && `Beside ${others}. `}${date.slice(0, 10)}, ${many}, load average up to ${busy.toFixed(1)} before a round: \`${command}\``
  return [
    `### ${scenario}\n`,
    `${described(result)}.\n`,
    `${facts}\n`,
    ...(elsewhere ? [elsewhere] : []),
    table(result),
    ...pictures.map(({ title, path }) => `![${title}](${path})\n`),
  ].join('\n')
}

function table({ figures }: Result): string {
  const rows = figures.map((figure) => row(cells(figure)))
  return [row(HEAD), '|---|---:|---:|---:|---:|', ...rows, ''].join('\n')
}

function cells(figure: MeasuredFigure): string[] {
  const middle = withUnit(figure.median, figure.unit)
  return [figure.name, middle, extent(figure), bound(figure, 'least'), bound(figure, 'aim')]
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
