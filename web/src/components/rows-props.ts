/** What the table and the list of payers have in common. */
export type RowsProps = {
  /** The payer whose endpoints are shown. */
  open: string | null
  /** The payer that the keyboard is at. */
  cursor: string | null
  onToggle(payer: string): void
}

/** The id of the button that stands for a payer. */
export function rowButtonId(payer: string): string {
  return `payer-${payer}`
}
