import type { Attribution, Phases, Reason, Status, Verdict } from '@payer-status/protocol'
import { type Io, painter, printable } from './io.ts'

/** What one probe of one endpoint showed. */
export type Checked = {
  endpoint: string
  payer: string
  type: string
  via: string
  url: string
  status: Status
  latencyMs: number | null
  statusCode: number | null
  verdict: Verdict
  attribution: Attribution | null
  /** Why it is not plainly well. */
  reason: Reason | null
  attempts: number
  phases: Phases | null
}

const COLOUR = {
  operational: 'green',
  degraded: 'yellow',
  maintenance: 'cyan',
  down: 'red',
  unknown: 'gray',
} as const

/** Whether nobody need look: it is not down, and not unknown. */
export function isFine({ status }: Checked): boolean {
  return status !== 'down' && status !== 'unknown'
}

/** One line for each endpoint; a reason is cut where the terminal ends. */
export function table(checked: readonly Checked[], { out, env }: Io): string {
  const paint = painter(out, env)
  const rows = checked.map((one) => [one.endpoint, one.status, latencyText(one), reasonText(one)])
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0), 0))
  return rows
    .map((row, i) => {
      const cells = row.map((cell, j) =>
        j === 2 ? cell.padStart(widths[j] ?? 0) : cell.padEnd(widths[j] ?? 0),
      )
      const before = (widths[0] ?? 0) + (widths[1] ?? 0) + (widths[2] ?? 0) + 6
      const room = out.isTTY && out.columns ? Math.max(10, out.columns - before) : Infinity
      const [name = '', status = '', latency = '', reason = ''] = cells
      const colour = COLOUR[checked[i]?.status ?? 'unknown']
      return `${name}  ${paint(colour, status)}  ${latency}  ${reason.slice(0, room)}`.trimEnd()
    })
    .map((line) => `${line}\n`)
    .join('')
}

/** `5 endpoints: 3 operational, 2 down`. */
export function summary(checked: readonly Checked[]): string {
  const counts = Object.keys(COLOUR)
    .map((status) => ({ status, n: checked.filter((one) => one.status === status).length }))
    .filter(({ n }) => n > 0)
    .map(({ status, n }) => `${n} ${status}`)
  const s = checked.length === 1 ? '' : 's'
  return `${checked.length} endpoint${s}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`
}

/** Why, in words and codes; empty where all is well. */
export function reasonText({ reason }: Checked): string {
  if (reason === null) return ''
  const codes = reason.codes.length > 0 ? ` (${reason.codes.join(', ')})` : ''
  return printable(`${reason.kind}: ${reason.message}${codes}`)
}

function latencyText({ latencyMs }: Checked): string {
  return latencyMs === null ? '' : `${latencyMs} ms`
}
