import type { PlaceControl } from '../hooks/use-place.ts'
import type { DaysAsked } from '../hooks/use-uptime.ts'
import type { Summary } from '../view/summary.ts'
import type { TableView } from '../view/table.ts'
import type { Card } from '../view/wrong-now.ts'
import { Counts } from './counts.tsx'
import { FirstRound, OfflineNote } from './notes.tsx'
import { Payers } from './payers.tsx'
import { WrongNow } from './wrong-now.tsx'

type Props = {
  summary: Summary
  cards: readonly Card[]
  view: TableView
  place: PlaceControl
  cursor: string | null
  uptime: DaysAsked
  onPayer(payer: string): void
}

/** Everything at a glance: how many, what is wrong, payers by transaction. */
export function Overview({ summary, cards, view, place, cursor, uptime, onPayer }: Props) {
  return (
    <>
      <Counts
        summary={summary}
        chosen={place.query.statuses}
        onChoose={(statuses) => place.ask({ statuses })}
      />
      <OfflineNote vantages={summary.offline} />
      <FirstRound round={summary.firstRound} />
      <WrongNow cards={cards} summary={summary} onOpen={onPayer} />
      <Payers view={view} place={place} cursor={cursor} uptime={uptime} />
    </>
  )
}
