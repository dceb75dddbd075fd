import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Row } from '../view/row.ts'

/** What a row takes before it has been measured, px. */
const ROW_PX = 48
/** How far outside the window rows are drawn already. */
const MARGIN = '600px'

type Props = {
  rows: readonly Row[]
  /** Drawn wherever it is. */
  isKept: boolean
  /** In columns. */
  width: number
  children: (row: Row, index: number) => ComponentChildren
}

/** Some rows of a long table; far from the window they are one row of the same height. */
export function Chunk({ rows, isKept, width, children }: Props) {
  const body = useRef<HTMLTableSectionElement>(null)
  const height = useRef(rows.length * ROW_PX)
  const [isNear, setIsNear] = useState(false)
  useEffect(() => {
    const { current } = body
    if (current === null || isKept) return
    const observer = new IntersectionObserver(
      (entries) => {
        const isNow = entries.at(-1)?.isIntersecting ?? false
        if (!isNow) height.current = current.offsetHeight || rows.length * ROW_PX
        setIsNear(isNow)
      },
      { rootMargin: MARGIN },
    )
    observer.observe(current)
    return () => observer.disconnect()
  }, [isKept, rows.length])
  return (
    <tbody ref={body}>
      {isNear || isKept ? (
        rows.map(children)
      ) : (
        <tr class="spacer">
          <td colSpan={width} style={{ height: `${height.current}px` }} />
        </tr>
      )}
    </tbody>
  )
}
