import type {
  Incident,
  Payer,
  Position,
  Removed,
  RemovedPayer,
  State,
  Window,
} from '@payer-status/protocol'

/** What has changed since the change before. */
export type Change = {
  /** `snapshot`: forget what you knew, this is all that matches. `updates`: the latest value of each record that changed. */
  kind: 'snapshot' | 'updates'
  /** Where this brings you; hand it back as `since` to go on from here. */
  position: Position
  payers: Payer[]
  endpoints: State[]
  /** Forget one once it is `resolved`. */
  incidents: Incident[]
  /** Windows of announced maintenance; forget one once it is `completed`. */
  maintenance: Window[]
  /** Ids of what has left the catalogue. */
  removed: { payers: string[]; endpoints: string[] }
}

/** The records of one frame, or of several put together. */
export type Batch = {
  kind: Change['kind']
  position: Position
  payers: readonly (Payer | RemovedPayer)[]
  endpoints: readonly (State | Removed)[]
  incidents: readonly Incident[]
  maintenance: readonly Window[]
}

type Tombstone = { removed: true }

/** Whether a record is a tombstone. */
export function isRemoved<T extends object>(record: T): record is Extract<T, Tombstone> {
  return 'removed' in record && record.removed === true
}

/** Whether a record is none. */
export function isPresent<T extends object>(record: T): record is Exclude<T, Tombstone> {
  return !isRemoved(record)
}
