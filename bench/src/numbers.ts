/** A number as people read it: about three digits that count, thousands apart. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const size = Math.abs(value)
  if (size >= 1_000) return Math.round(value).toLocaleString('en-US')
  if (Number.isInteger(value)) return String(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

/** A number with its unit. */
export function withUnit(value: number, unit: string): string {
  if (unit === '') return shown(value)
  return unit === '×' || unit === '%' ? `${shown(value)}${unit}` : `${shown(value)} ${unit}`
}
