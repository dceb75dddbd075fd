import type { RollupStatus } from '../view/status.ts'

/** The shape of a status: told by form as well as by colour. Its word stands beside it or is read out. */
export function Glyph({ status, label }: { status: RollupStatus; label?: string }) {
  return (
    <svg
      class={`glyph ${status}`}
      viewBox="0 0 12 12"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {shapeOf(status)}
    </svg>
  )
}

function shapeOf(status: RollupStatus) {
  switch (status) {
    case 'operational':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />
    case 'degraded':
      return <path d="M6 1 11.5 11H.5Z" fill="currentColor" />
    case 'partial_outage':
      return (
        <>
          <path d="M6 1a5 5 0 0 1 0 10Z" fill="currentColor" />
          <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="1.5" />
        </>
      )
    case 'down':
      return (
        <>
          <rect x=".75" y=".75" width="10.5" height="10.5" rx="1.75" fill="currentColor" />
          <path class="cross" d="m3.6 3.6 4.8 4.8m0-4.8-4.8 4.8" stroke-width="1.7" />
        </>
      )
    case 'maintenance':
      return <path d="M6 .5 11.5 6 6 11.5.5 6Z" fill="currentColor" />
    default:
      return (
        <circle
          cx="6"
          cy="6"
          r="4.6"
          fill="none"
          stroke="currentColor"
          stroke-width="1.6"
          stroke-dasharray="2.6 2.2"
        />
      )
  }
}
