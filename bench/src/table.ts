import { shown, withUnit } from './numbers.ts'
import { type MeasuredFigure, meets, type Result } from './results.ts'

/** A result as an aligned table. */
export function resultTable(result: Result): string {
  const rows = result.figures.map((figure) => [
    figure.name,
    withUnit(figure.median, figure.unit),
    extent(figure),
    bound(figure, 'least'),
    bound(figure, 'aim'),
  ])
  const head = ['', 'median', 'min-max', 'least', 'aim']
  return `${result.scenario}: ${described(result)}\n${aligned([head, ...rows])}`
}

/** What was measured, and with how many clients where it was not as many as it says. */
export function described({ sentence, clients }: Result): string {
  return clients === undefined ? sentence : `${sentence}; here with ${shown(clients)} clients`
}

/** Rows as lines: the first column on the left, all others on the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
  return rows.map((row) => `  ${line(row).join('  ').trimEnd()}\n`).join('')
}

/** From the least to the most of all rounds. */
export function extent({ min, max, unit, rounds }: MeasuredFigure): string {
  if (rounds.length < 2) return ''
  return `${withUnit(min, '')}-${withUnit(max, unit)}`
}

/** A bound, and whether it was met. */
export function bound(figure: MeasuredFigure, which: 'least' | 'aim'): string {
  const value = figure[which]
  if (value === undefined) return ''
  return `${withUnit(value, figure.unit)} ${meets(figure, value) ? 'met' : 'missed'}`
}
