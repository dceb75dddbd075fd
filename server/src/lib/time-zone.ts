/** Local time, by the zone rules that the runtime knows. */

/** Zones change their offset only where a quarter of an hour of UTC begins. */
export const QUARTER_MS = 900_000
/** Offsets that are remembered of a zone before all are forgotten. */
const MEMORY = 1_000

/** Zones that are remembered before all are forgotten: a name may be written in many ways. */
const MAX_ZONES = 700

type Zone = { format: Intl.DateTimeFormat; offsets: Map<number, number> }
const zones = new Map<string, Zone>()

/** Whether the runtime knows the zone: an IANA name such as `America/New_York`, or an offset such as `+05:30`. */
export function isTimeZone(name: string): boolean {
  try {
    zoneOf(name)
    return true
  } catch {
    return false
  }
}

/** How far local time is ahead of UTC at an instant, ms. `at` is epoch ms. @throws {RangeError} when nobody knows the zone */
export function offsetAt(name: string, at: number): number {
  const { format, offsets } = zoneOf(name)
  const quarter = Math.floor(at / QUARTER_MS)
  const known = offsets.get(quarter)
  if (known !== undefined) return known
  const offset = offsetOf(format.format(quarter * QUARTER_MS))
  if (offsets.size >= MEMORY) offsets.clear()
  offsets.set(quarter, offset)
  return offset
}

function zoneOf(name: string): Zone {
  const known = zones.get(name)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  const zone = { format, offsets: new Map<number, number>() }
  if (zones.size >= MAX_ZONES) zones.clear()
  zones.set(name, zone)
  return zone
}

/** Of `1/1/2026, GMT-05:00`; UTC itself is `GMT`. */
function offsetOf(text: string): number {
  const [, sign, hours, minutes, seconds = 0] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? []
  if (sign === undefined) return 0
  const size = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000
  return sign === '-' ? -size : size
}
