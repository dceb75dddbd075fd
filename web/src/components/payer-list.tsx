import { useMemo } from 'preact/hooks'
import { columnLabel, columnsOf } from '../view/columns.ts'
import { count } from '../view/format.ts'
import type { Cell, Row } from '../view/row.ts'
import { rankOf } from '../view/status.ts'
import type { PayerDays } from '../view/uptime.ts'
import { CellView } from './cell-view.tsx'
import { DayStrip } from './day-strip.tsx'
import { Details } from './details.tsx'
import { Elapsed } from './elapsed.tsx'
import { PayerButton } from './payer-row.tsx'
import type { RowsProps } from './rows-props.ts'

/** The payers on a phone: each with its wrong transactions first. */
export function PayerList({ rows, open, days, onToggle }: RowsProps & { rows: readonly Row[] }) {
  return (
    <ul class="panel list">
      {rows.map((row) => (
        <Item
          key={row.id}
          row={row}
          days={days?.get(row.id)}
          isOpen={row.id === open}
          onToggle={onToggle}
        />
      ))}
    </ul>
  )
}

type ItemProps = {
  row: Row
  days: PayerDays | undefined
  isOpen: boolean
  onToggle(payer: string): void
}

function Item({ row, days, isOpen, onToggle }: ItemProps) {
  return useMemo(() => {
    const cells = cellsOf(row)
    const loud = cells.filter(({ status }) => status !== 'operational')
    return (
      <li class={isOpen ? 'open' : undefined}>
        <PayerButton row={row} isOpen={isOpen} onToggle={onToggle} />
        {row.since !== null && (
          <span class="since">
            <Elapsed since={row.since} />
          </span>
        )}
        <div class="chips">
          {loud.map((cell) => (
            <CellView key={cell.key} cell={cell} label={columnLabel(cell.key)} />
          ))}
          <Quiet cells={cells.filter(({ status }) => status === 'operational')} />
        </div>
        <DayStrip days={days} />
        {isOpen && <Details row={row} />}
      </li>
    )
  }, [row, days, isOpen, onToggle])
}

/** The worst first, among equals in the order of the table. */
function cellsOf({ cells }: Row): Cell[] {
  const inOrder = columnsOf(cells.keys()).flatMap(({ key }) => cells.get(key) ?? [])
  return inOrder.sort((a, b) => rankOf(a.status) - rankOf(b.status))
}

function Quiet({ cells }: { cells: readonly Cell[] }) {
  if (cells.length === 0) return null
  const labels = cells.map(({ key }) => columnLabel(key))
  const text = labels.length > 2 ? count(labels.length, 'transaction') : labels.join(', ')
  return <span class="quiet">{`${text} operational`}</span>
}
