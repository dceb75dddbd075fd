import { useEffect, useRef } from 'preact/hooks'

/** Shows once that something changed: a new status clearly, a new result hardly. Not with reduced motion. */
export function useFlash<E extends HTMLElement>(rev: number, statusRev: number) {
  const element = useRef<E>(null)
  const before = useRef({ rev, statusRev })
  useEffect(() => {
    const was = before.current
    before.current = { rev, statusRev }
    if (rev === was.rev || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    if (statusRev > was.statusRev) flash(element.current)
    else element.current?.animate({ opacity: [0.45, 1] }, { duration: 700, easing: 'ease-out' })
  }, [rev, statusRev])
  return element
}

function flash(element: HTMLElement | null): void {
  if (element === null) return
  const color = getComputedStyle(element).getPropertyValue('--accent')
  const ring = (width: number) => `0 0 0 ${width}px ${color}`
  element.animate(
    { boxShadow: [ring(2), ring(2), `0 0 0 6px transparent`] },
    { duration: 1_600, easing: 'ease-out' },
  )
}
