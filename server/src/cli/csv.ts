/** What a cell may hold: a list is written as its parts, one after the other. */
export type Cell = string | number | boolean | null | readonly string[]

/** How a spreadsheet begins a formula. Source: OWASP, CSV Injection. */
const FORMULA = /^[=+\-@\t\r]/
const SPECIAL = /[",\r\n]/
/** What stands between the parts of a list; codes and ids have no spaces. */
const BETWEEN = ' '

/** A line of cells as RFC 4180 has it, its end included. Text that a spreadsheet would compute gets an apostrophe. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell)
  const text = typeof cell === 'string' ? cell : cell.join(BETWEEN)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
