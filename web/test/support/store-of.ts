import type { Incident, Payer, State, Window } from '@payer-status/client'
import { emptyStore, fold, type Store } from '../../src/store.ts'

type Records = {
  payers?: Payer[]
  endpoints?: State[]
  incidents?: Incident[]
  maintenance?: Window[]
}

/** A store that holds these records. */
export function storeOf({
  payers = [],
  endpoints = [],
  incidents = [],
  maintenance = [],
}: Records): Store {
  return fold(emptyStore, {
    kind: 'snapshot',
    position: { epoch: 'e1', rev: 1 },
    payers,
    endpoints,
    incidents,
    maintenance,
    removed: { payers: [], endpoints: [] },
  })
}
