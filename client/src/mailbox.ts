import type {
  Incident,
  Payer,
  Position,
  Removed,
  RemovedPayer,
  State,
  Window,
} from '@payer-status/protocol'
import { type Batch, type Change, isPresent, isRemoved } from './change.ts'

type Pending = {
  kind: Change['kind']
  position: Position
  payers: Map<string, Payer | RemovedPayer>
  endpoints: Map<string, State | Removed>
  incidents: Map<string, Incident>
  maintenance: Map<string, Window>
}

/**
 * Holds what the application has not taken yet. A slow application gets fewer, larger changes with the latest value
 * of each record, so that what waits is never more than what exists.
 */
export class Mailbox {
  #pending: Pending | undefined
  #ended: { error?: Error } | undefined
  #wake = () => {}

  get isEmpty(): boolean {
    return this.#pending === undefined
  }

  put(batch: Batch): void {
    if (this.#pending === undefined || batch.kind === 'snapshot') this.#pending = emptyOf(batch)
    const pending = this.#pending
    pending.position = batch.position
    for (const record of batch.payers) keep(pending.payers, record.payer, record)
    for (const record of batch.endpoints) keep(pending.endpoints, record.endpoint, record)
    for (const record of batch.incidents) keep(pending.incidents, record.id, record)
    for (const record of batch.maintenance) keep(pending.maintenance, record.id, record)
    this.#wake()
  }

  /** No more will come. With an error, what waits is still taken before it is thrown; without, it is dropped. */
  end(error?: Error): void {
    this.#ended ??= error === undefined ? {} : { error }
    if (error === undefined) this.#pending = undefined
    this.#wake()
  }

  /** Waits for the next change; undefined at the end. @throws what `end` was given */
  async take(): Promise<Change | undefined> {
    while (this.#pending === undefined) {
      if (this.#ended?.error) throw this.#ended.error
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const change = asChange(this.#pending)
    this.#pending = undefined
    return change
  }
}

function emptyOf({ kind, position }: Batch): Pending {
  const maps = {
    payers: new Map(),
    endpoints: new Map(),
    incidents: new Map(),
    maintenance: new Map(),
  }
  return { kind, position, ...maps }
}

function keep<T extends { rev: number }>(map: Map<string, T>, id: string, record: T): void {
  const before = map.get(id)
  if (before === undefined || before.rev <= record.rev) map.set(id, record)
}

function asChange(pending: Pending): Change {
  const payers = [...pending.payers.values()]
  const endpoints = [...pending.endpoints.values()]
  return {
    kind: pending.kind,
    position: pending.position,
    payers: payers.filter(isPresent),
    endpoints: endpoints.filter(isPresent),
    incidents: [...pending.incidents.values()],
    maintenance: [...pending.maintenance.values()],
    removed: {
      payers: payers.filter(isRemoved).map(({ payer }) => payer),
      endpoints: endpoints.filter(isRemoved).map(({ endpoint }) => endpoint),
    },
  }
}
