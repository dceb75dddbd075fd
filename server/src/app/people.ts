import type { Board } from '../board/board.ts'
import { ulid } from '../lib/ids.ts'
import type { Bus } from '../ports.ts'
import type { PeopleFigures } from '../serve/people-metrics.ts'
import { MarkWatch } from '../status/mark-watch.ts'
import { People } from '../status/people.ts'
import type { Catalogue } from './catalogue.ts'
import type { Outside } from './outside.ts'

/** What people do, and what is in force of it. */
export type PeoplesPart = Disposable & { figures: () => PeopleFigures }

/** Answers what people ask for, and follows the log for what ends by itself. It knows what `board` knows. */
export function makePeople(
  { clock, random, log: root }: Pick<Outside, 'clock' | 'random' | 'log'>,
  house: { bus: Bus; board: Board; catalogue: Pick<Catalogue, 'assign' | 'payer'> },
): PeoplesPart {
  const { bus, board, catalogue } = house
  const log = root.child({ room: 'people' })
  const people = new People({
    clock,
    log,
    entryOf: (kind, id) => (kind === 'endpoint' ? board.endpoint(id) : board.entry(kind, id))?.log,
    incidents: () => board.incidents(),
    plans: () => board.values('plan'),
    payer: (id) => catalogue.payer(id),
    endpointsOf: (payer) => board.endpointsOf(payer),
    publish: (record) => bus.publish(record),
    newIncidentId: () => `inc_${ulid(clock.now(), random)}`,
  })
  const marks = new MarkWatch({
    clock,
    log,
    stateOf: (id) => board.endpoint(id)?.log.value ?? undefined,
    publish: (record) => void bus.publish(record),
    reassign: (resumed) => catalogue.assign(resumed),
  })
  bus.answer(people.answering)
  bus.subscribe((entry) => marks.onEntry(entry))
  return {
    figures: () => ({ actions: people.counts, ...marks.figures }),
    [Symbol.dispose]: () => marks[Symbol.dispose](),
  }
}
