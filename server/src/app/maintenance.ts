import type { Board } from '../board/board.ts'
import type { Bus } from '../ports.ts'
import { WindowKeeper } from '../status/window-keeper.ts'
import type { Outside } from './outside.ts'

/** Keeps the windows of what is announced, on this log. */
export function makeWindows(
  { clock, log }: Pick<Outside, 'clock' | 'log'>,
  { bus, board }: { bus: Pick<Bus, 'publish'>; board: Board },
): WindowKeeper {
  return new WindowKeeper({
    clock,
    log: log.child({ room: 'maintenance' }),
    publish: (record) => void bus.publish(record),
    endpointsOf: (payer) => board.endpointsOf(payer),
    stateOf: (id) => board.endpoint(id)?.log.value ?? undefined,
    defer: queueMicrotask,
  })
}
