import { useFlash } from '../hooks/use-flash.ts'
import type { Cell } from '../view/row.ts'
import { wordOf } from '../view/status.ts'
import { Glyph } from './glyph.tsx'

/** One transaction of one payer: quiet while it works, filled where it does not. */
export function CellView({ cell, label }: { cell: Cell; label?: string }) {
  const flash = useFlash<HTMLSpanElement>(cell.rev, cell.statusRev)
  const { status, text, count, alike, intermittent, isWaiting } = cell
  return (
    <span ref={flash} class={`cell ${status}${isWaiting ? ' waiting' : ''}`}>
      <Glyph status={status} label={wordOf(status)} />
      {label !== undefined && <span class="what">{label}</span>}
      <span class="text">{text}</span>
      {intermittent && <span class="mark" role="img" aria-label="intermittent" />}
      {count > 1 && (
        <small>
          {alike === count ? `×${count}` : `${alike}/${count}`}
          <span class="said">{alike === count ? ' endpoints' : ' endpoints are so'}</span>
        </small>
      )}
    </span>
  )
}
