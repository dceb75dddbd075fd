import type { Status } from '@payer-status/protocol'
import type { EndpointState } from '../model.ts'

/** The labels of an endpoint's series. */
export type SeriesLabels = { payer: string; type: string; endpoint: string }

/** The gauge that holds the series, and the counter of those there was no place for. */
export type SeriesSink = {
  set(labels: SeriesLabels, value: number): void
  remove(labels: SeriesLabels): void
  dropped(): void
}

/** The status as a number, worse is larger; part of the metric's help. */
export const STATUS_VALUES: Record<Status, number> = {
  unknown: 0,
  operational: 1,
  degraded: 2,
  maintenance: 3,
  down: 4,
}

/** One series per endpoint, at most `max`; who comes later is counted as dropped, once, until a place is free. */
export class EndpointSeries {
  readonly #sink: SeriesSink
  readonly #max: number
  readonly #shown = new Map<string, SeriesLabels>()
  readonly #dropped = new Set<string>()

  constructor(sink: SeriesSink, max: number) {
    this.#sink = sink
    this.#max = max
  }

  /** Shows the endpoint's status; null ends its series. */
  set(endpoint: string, state: EndpointState | null): void {
    const before = this.#shown.get(endpoint)
    if (before && (state === null || before.type !== state.type)) {
      this.#sink.remove(before)
      this.#shown.delete(endpoint)
    }
    if (state === null) this.#dropped.delete(endpoint)
    else this.#show(endpoint, state)
  }

  #show(endpoint: string, { payer, type, status }: EndpointState): void {
    if (this.#shown.size >= this.#max && !this.#shown.has(endpoint)) {
      if (!this.#dropped.has(endpoint)) this.#sink.dropped()
      this.#dropped.add(endpoint)
      return
    }
    const labels = { payer, type, endpoint }
    this.#shown.set(endpoint, labels)
    this.#dropped.delete(endpoint)
    this.#sink.set(labels, STATUS_VALUES[status])
  }
}
