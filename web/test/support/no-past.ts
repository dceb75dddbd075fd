/** What a monitor answers that has seen nothing yet. */

const DAY_MS = 86_400_000

/** The answer to a path of the REST API; undefined where there is none. */
export function noPast(pathname: string): object | undefined {
  const none = { items: [], next: null }
  if (pathname.endsWith('/uptime')) return { days: lastDays(), ...none }
  if (pathname.endsWith('/latency')) return { stepMs: 300_000, steps: [] }
  return pathname.endsWith('/timeline') || pathname.endsWith('/incidents') ? none : undefined
}

function lastDays(): string[] {
  return Array.from({ length: 30 }, (_, i) =>
    new Date(Date.now() - (29 - i) * DAY_MS).toISOString().slice(0, 10),
  )
}
