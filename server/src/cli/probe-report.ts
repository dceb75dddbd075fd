import type { Phases } from '@payer-status/protocol'
import type { ProbeResult } from '../model.ts'
import { healthOf } from '../status/health.ts'
import { type Io, painter, printable } from './io.ts'
import { adviceText, reasonWords } from './probe-words.ts'

/** One request of a probe: where it went, what it took, what came back. */
export type Leg = {
  method: string
  /** Without user, query and fragment. */
  url: string
  phases: Phases
  status: number | null
  reused: boolean
}

const STEPS = [
  ['dnsMs', 'DNS'],
  ['connectMs', 'connect'],
  ['tlsMs', 'TLS'],
  ['firstByteMs', 'first byte'],
  ['transferMs', 'transfer'],
] as const satisfies readonly (readonly [keyof Phases, string])[]

const WIDTH = 40
const DAY_MS = 86_400_000

const COLOUR = {
  healthy: 'green',
  degraded: 'yellow',
  maintenance: 'cyan',
  unhealthy: 'red',
  inconclusive: 'gray',
} as const

/** One probe for people: each request as a waterfall of its steps, then what it means. */
export function report(legs: readonly Leg[], result: ProbeResult, { out, env, clock }: Io): string {
  const paint = painter(out, env)
  const health = healthOf(result)
  const lines = [
    ...legs.flatMap((leg) => legLines(leg)),
    `total ${Math.round(result.latencyMs)} ms${answerText(result)}`,
    ...certificateLines(result, clock.now()),
    `${paint(COLOUR[health], health)}: ${reasonWords(result)}`,
    ...adviceText(result),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function legLines({ method, url, phases, status, reused }: Leg): string[] {
  const whole = STEPS.reduce((sum, [step]) => sum + (phases[step] ?? 0), 0)
  let before = 0
  const steps = STEPS.flatMap(([step, name]) => {
    const ms = phases[step]
    if (ms === null) return []
    const bar = barOf(before / whole, ms / whole)
    before += ms
    return [`  ${name.padEnd(10)} ${msText(ms).padStart(9)}  ${bar}`.trimEnd()]
  })
  const how = reused ? ' over an open connection' : ''
  const answer = status === null ? 'no answer' : `HTTP ${status}`
  return [printable(`${method} ${url}${how}`), ...steps, `  ${answer}`]
}

function barOf(from: number, share: number): string {
  if (!Number.isFinite(from)) return ''
  const start = Math.min(WIDTH - 1, Math.round(from * WIDTH))
  return ' '.repeat(start) + '█'.repeat(Math.max(1, Math.round(share * WIDTH)))
}

function msText(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}

function answerText({ bytes, truncated }: ProbeResult): string {
  return bytes === 0 ? '' : `, ${bytes} bytes${truncated ? ', cut there' : ''}`
}

function certificateLines({ tls }: ProbeResult, now: number): string[] {
  if (tls === null) return []
  const trust = tls.verified ? 'verified' : 'not verified'
  if (tls.expiresAt === null) return [`${tls.version}, certificate ${trust}`]
  const days = Math.floor((tls.expiresAt - now) / DAY_MS)
  const day = new Date(tls.expiresAt).toISOString().slice(0, 10)
  return [`${tls.version}, certificate ${trust}, until ${day} (${days} days)`]
}
