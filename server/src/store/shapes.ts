import type { HistoryRow } from '../model.ts'

/** The steps of a probe in the order in which their times are packed. */
const PHASES = ['dnsMs', 'connectMs', 'tlsMs', 'firstByteMs', 'transferMs', 'tokenMs'] as const

type Phase = (typeof PHASES)[number]

/** What most results of an endpoint have in common: all but when, and how long. */
export type Shape = Pick<
  HistoryRow,
  | 'verdict'
  | 'attribution'
  | 'evidence'
  | 'failure'
  | 'statusCode'
  | 'attempts'
  | 'intervalMs'
  | 'codes'
> & {
  /** The shape as text: what is packed, once for all results that share it. */
  text: string
  /** Phases that have a time; the others are null, or absent in case of `tokenMs`. */
  timed: readonly Phase[]
}

/** Shapes remembered at most; beyond that they are learnt anew. */
const MAX_KNOWN = 10_000

/** Gives equal shapes as one object. */
export class Shapes {
  readonly #known = new Map<string, Shape>()

  of(row: HistoryRow): Shape {
    const { verdict, attribution, evidence, failure, statusCode, attempts, intervalMs } = row
    return this.read(
      JSON.stringify([
        [verdict, attribution, evidence, failure, statusCode, attempts, intervalMs],
        row.codes,
        timedIn(row.phases),
      ]),
    )
  }

  read(text: string): Shape {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    const shape = parse(text)
    this.#known.set(text, shape)
    return shape
  }
}

function timedIn(phases: HistoryRow['phases']): number {
  let timed = 0
  for (let i = 0; i < PHASES.length; i++)
    if (typeof phases[PHASES[i] as Phase] === 'number') timed |= 1 << i
  return timed
}

/** Texts come from `Shapes.of` alone, so that what is in them is known. */
function parse(text: string): Shape {
  type Common = [
    HistoryRow['verdict'],
    HistoryRow['attribution'],
    HistoryRow['evidence'],
    HistoryRow['failure'],
    number | null,
    number,
    number,
  ]
  const [common, codes, timed] = JSON.parse(text) as [Common, string[], number]
  const [verdict, attribution, evidence, failure, statusCode, attempts, intervalMs] = common
  return {
    text,
    verdict,
    attribution,
    evidence,
    failure,
    statusCode,
    attempts,
    intervalMs,
    codes: Object.freeze(codes),
    timed: PHASES.filter((_, i) => (timed & (1 << i)) !== 0),
  }
}
