import type { PayerDays } from '../view/uptime.ts'

/** What the table and the list of payers have in common. */
export type RowsProps = {
  /** The payer whose endpoints are shown. */
  open: string | null
  /** The payer that the keyboard is at. */
  cursor: string | null
  /** The last days of each payer; null until they have come. */
  days: ReadonlyMap<string, PayerDays> | null
  onToggle(payer: string): void
}

/** The id of the button that stands for a payer. */
export function rowButtonId(payer: string): string {
  return `payer-${payer}`
}
