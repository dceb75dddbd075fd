import type { ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import { GoContext } from '../hooks/use-place.ts'
import { type Page, pageHash } from '../view/address.ts'

type Props = {
  to: Page
  class?: string
  /** Whether it leads to where the reader is. */
  isCurrent?: boolean
  children: ComponentChildren
}

/** Leads to another page of the board and keeps the query; a middle click opens it beside this one. */
export function Link({ to, isCurrent = false, children, ...rest }: Props) {
  const go = useContext(GoContext)
  const onClick = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a
      {...rest}
      href={pageHash(to)}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  )
}
