import { withUnit } from './numbers.ts'

/** A bar and what it stands for. */
export type Bar = { label: string; value: number; isOurs?: boolean | undefined }

/** A chart of horizontal bars. */
export type BarChart = { title: string; unit: string; bars: readonly Bar[] }

const WIDTH = 640
const ROW = 26
const BAR = 16
const TOP = 34
const LEFT = 10
/** About the width of a letter of the chosen size. */
const LETTER = 6.7
/** Room for the value behind the longest bar. */
const VALUE = 90

/** Readable on a light page and on a dark one; in an image the page's own colours are not known. */
const STYLE = `
    text { font: 12px system-ui, sans-serif; fill: #3d444d }
    .title { font-weight: 600; font-size: 13px }
    .ours { fill: #0969da }
    .other { fill: #9198a1 }
    @media (prefers-color-scheme: dark) { text { fill: #d1d7e0 } .ours { fill: #4493f8 } .other { fill: #656c76 } }
  `

/** Draws a chart. */
export function barChart({ title, unit, bars }: BarChart): string {
  const height = TOP + bars.length * ROW + 8
  const labels = Math.max(...bars.map(({ label }) => label.length)) * LETTER
  const from = LEFT + labels + 10
  const most = Math.max(...bars.map(({ value }) => value))
  const perValue = most > 0 ? (WIDTH - from - VALUE) / most : 0
  const rows = bars.map((bar, i) => row(bar, { top: TOP + i * ROW, from, perValue, unit }))
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
  <title>${escaped(title)}</title>
  <style>${STYLE}</style>
  <text class="title" x="${LEFT}" y="20">${escaped(title)}</text>
${rows.join('\n')}
</svg>
`
}

type Place = { top: number; from: number; perValue: number; unit: string }

function row({ label, value, isOurs }: Bar, { top, from, perValue, unit }: Place): string {
  const width = Math.max(1, value * perValue)
  const baseline = top + BAR - 4
  return [
    `  <text x="${round(from - 10)}" y="${baseline}" text-anchor="end">${escaped(label)}</text>`,
    `  <rect class="${isOurs ? 'ours' : 'other'}" x="${round(from)}" y="${top}" width="${round(width)}" height="${BAR}" rx="2"/>`,
    `  <text x="${round(from + width + 6)}" y="${baseline}">${escaped(withUnit(value, unit))}</text>`,
  ].join('\n')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
