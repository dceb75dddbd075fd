import { useMemo, useRef } from 'preact/hooks'
import { useFits } from '../hooks/use-fits.ts'
import type { Column } from '../view/columns.ts'
import type { Query } from '../view/search.ts'
import type { TableView } from '../view/table.ts'
import { Chunk } from './chunk.tsx'
import { PayerRow } from './payer-row.tsx'
import type { RowsProps } from './rows-props.ts'

/** Rows that are drawn or left out together. */
const CHUNK = 40
const PAYER_PX = 268
const COLUMN_PX = 124
const DAYS_PX = 138
const SINCE_PX = 84

type Props = RowsProps & {
  view: TableView
  sort: Query['sort']
  onSort(sort: Query['sort']): void
}

/** Payers by transaction: one row a payer, one column a capability. */
export function PayerTable({ view, sort, onSort, days, open, cursor, onToggle }: Props) {
  const { columns, rows } = view
  const panel = useRef<HTMLDivElement>(null)
  const width = PAYER_PX + columns.length * COLUMN_PX + DAYS_PX + SINCE_PX
  const fits = useFits(panel, width)
  const signature = columns.map(({ key }) => key).join()
  // The same columns keep their identity, so that a row is drawn only when it has changed itself.
  const same = useMemo(() => columns, [signature])
  const chunks = Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) =>
    rows.slice(i * CHUNK, (i + 1) * CHUNK),
  )
  return (
    <div class={fits ? 'panel' : 'panel wide'} ref={panel}>
      <table style={{ minWidth: fits ? undefined : `${width}px` }} aria-rowcount={rows.length + 1}>
        <colgroup>
          <col style={{ width: `${PAYER_PX}px` }} />
          {same.map(({ key }) => (
            <col key={key} />
          ))}
          <col style={{ width: `${DAYS_PX}px` }} />
          <col style={{ width: `${SINCE_PX}px` }} />
        </colgroup>
        <Head columns={same} sort={sort} onSort={onSort} />
        {chunks.map((chunk, i) => (
          <Chunk
            key={i}
            rows={chunk}
            isKept={chunks.length === 1 || chunk.some(({ id }) => id === cursor || id === open)}
            width={same.length + 3}
          >
            {(row, j) => (
              <PayerRow
                key={row.id}
                row={row}
                index={i * CHUNK + j + 2}
                columns={same}
                days={days?.get(row.id)}
                isOpen={row.id === open}
                onToggle={onToggle}
              />
            )}
          </Chunk>
        ))}
      </table>
    </div>
  )
}

type HeadProps = {
  columns: readonly Column[]
  sort: Query['sort']
  onSort(sort: Query['sort']): void
}

function Head({ columns, sort, onSort }: HeadProps) {
  const isByName = sort === 'name'
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" class="payer" aria-sort={isByName ? 'ascending' : 'none'}>
          Payer
          <button type="button" class="sort" onClick={() => onSort(isByName ? 'worst' : 'name')}>
            {isByName ? 'by name' : 'worst first'}
            <span class="said">{isByName ? ', sort worst first' : ', sort by name'}</span>
          </button>
        </th>
        {columns.map(({ key, label }) => (
          <th key={key} scope="col" title={label}>
            {label}
          </th>
        ))}
        <th scope="col" title="The worst of each day, and the availability">
          30 days
        </th>
        <th scope="col" class="since">
          Since
        </th>
      </tr>
    </thead>
  )
}
