import { useCallback } from 'preact/hooks'
import { useNow } from '../hooks/use-now.ts'
import { elapsed, moment, roughly } from '../view/format.ts'

/** How long ago something began; to the second where `precise`, else by its largest unit. */
export function Elapsed({ since, precise = false }: { since: number; precise?: boolean }) {
  const tell = useCallback(
    (now: number) => (precise ? elapsed : roughly)(now - since),
    [since, precise],
  )
  const text = useNow(tell)
  return (
    <time dateTime={new Date(since).toISOString()} title={moment(since, Date.now())}>
      {text}
    </time>
  )
}
