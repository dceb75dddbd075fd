import type { Board } from '../board/board.ts'
import type { Bus, ProberEvents } from '../ports.ts'
import type { Metrics } from '../serve/metrics.ts'
import { labelsOf } from '../status/judge.ts'
import { withMarks } from '../status/marks.ts'
import type { WindowKeeper } from '../status/window-keeper.ts'
import type { Catalogue } from './catalogue.ts'
import { historyRowOf, type Recorder } from './recorder.ts'

/**
 * States go into the log, beneath what is announced; results are counted. What is told of an endpoint that has just left is dropped, and so is the
 * state of one that has just been paused. What people say of it is as in the log: the prober may know older marks.
 */
export function whatTheProberTells(deps: {
  bus: Pick<Bus, 'publish'>
  board: Pick<Board, 'endpoint'>
  metrics: Pick<Metrics, 'observeResult'>
  recorder: Pick<Recorder, 'onResult'>
  windows: Pick<WindowKeeper, 'over'>
  catalogue: () => Pick<Catalogue, 'endpoint'>
}): ProberEvents {
  const { bus, board, metrics, recorder, windows, catalogue } = deps
  return {
    state(value) {
      const id = value.endpoint
      const endpoint = catalogue().endpoint(id)
      const before = board.endpoint(id)?.log.value ?? undefined
      if (endpoint === undefined || before?.paused) return
      const now = withMarks({ ...value, ...labelsOf(endpoint) }, before)
      void bus.publish(windows.over({ kind: 'endpoint', id, value: now }))
    },
    result(result) {
      const endpoint = catalogue().endpoint(result.endpoint)
      if (endpoint === undefined) return
      metrics.observeResult(result, endpoint.type)
      recorder.onResult(historyRowOf(result, endpoint.interval))
    },
  }
}
