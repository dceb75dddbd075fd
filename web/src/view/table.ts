import type { Store } from '../store.ts'
import { type Column, columnsOf } from './columns.ts'
import { type Row, rowOf } from './row.ts'
import { matcherOf, type Query } from './search.ts'
import { rankOf } from './status.ts'

/** The table as it is shown. */
export type TableView = {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** The table that answers a query. A column that nobody offers does not exist; a query does not remove columns. */
export function tableOf(store: Store, query: Query): TableView {
  const all = [...store.entries.values()].map(rowOf)
  const columns = columnsOf(all.flatMap(({ cells }) => [...cells.keys()]))
  const rows = all
    .filter(matcherOf(query))
    .sort(query.sort === 'name' ? compareNames : compareWorst)
  return { columns, rows }
}

function compareNames(a: Row, b: Row): number {
  if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -1 : 1
  return a.id < b.id ? -1 : 1
}

function compareWorst(a: Row, b: Row): number {
  return rankOf(a.status) - rankOf(b.status) || b.wrong - a.wrong || compareNames(a, b)
}
