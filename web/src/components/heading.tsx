import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** The heading of a page; it takes the focus when the page is opened, so that reading goes on there. */
export function Heading({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <h2 class="page" id="page" ref={heading} tabIndex={-1}>
      {children}
    </h2>
  )
}
