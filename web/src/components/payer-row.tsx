import { useMemo } from 'preact/hooks'
import type { Column } from '../view/columns.ts'
import type { Row } from '../view/row.ts'
import { wordOf } from '../view/status.ts'
import type { PayerDays } from '../view/uptime.ts'
import { CellView } from './cell-view.tsx'
import { DayStrip } from './day-strip.tsx'
import { Details } from './details.tsx'
import { Elapsed } from './elapsed.tsx'
import { Glyph } from './glyph.tsx'
import { rowButtonId } from './rows-props.ts'

type Props = {
  row: Row
  /** Its place in the whole table, counted from 1. */
  index: number
  columns: readonly Column[]
  /** Its last days; undefined until they have come. */
  days: PayerDays | undefined
  isOpen: boolean
  onToggle(payer: string): void
}

/** One payer; drawn again only when something of it has changed. */
export function PayerRow({ row, index, columns, days, isOpen, onToggle }: Props) {
  return useMemo(
    () => (
      <>
        <tr class={isOpen ? 'row open' : 'row'} aria-rowindex={index}>
          <th scope="row" class="payer">
            <PayerButton row={row} isOpen={isOpen} onToggle={onToggle} />
          </th>
          {columns.map(({ key }) => (
            <td key={key}>{cellOf(row, key)}</td>
          ))}
          <td>
            <DayStrip days={days} />
          </td>
          <td class="since">{row.since !== null && <Elapsed since={row.since} />}</td>
        </tr>
        {isOpen && (
          <tr class="details" id={`${rowButtonId(row.id)}-endpoints`}>
            <td colSpan={columns.length + 3}>
              <Details row={row} />
            </td>
          </tr>
        )}
      </>
    ),
    [row, index, columns, days, isOpen, onToggle],
  )
}

function cellOf(row: Row, key: string) {
  const cell = row.cells.get(key)
  if (cell !== undefined) return <CellView cell={cell} />
  return (
    <span class="absent">
      <span aria-hidden="true">–</span>
      <span class="said">not watched</span>
    </span>
  )
}

/** The payer's name; opens its endpoints. */
export function PayerButton({ row, isOpen, onToggle }: Pick<Props, 'row' | 'isOpen' | 'onToggle'>) {
  return (
    <button
      type="button"
      class="name"
      id={rowButtonId(row.id)}
      data-row={row.id}
      aria-expanded={isOpen}
      onClick={() => onToggle(row.id)}
    >
      <Glyph status={row.status} label={wordOf(row.status)} />
      <span>
        {row.name}
        <small>{row.identifier ?? row.id}</small>
      </span>
    </button>
  )
}
