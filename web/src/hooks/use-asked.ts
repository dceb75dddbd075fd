import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Answer, Trouble } from '../history/ask.ts'

/** What the monitor answered last, and how asking goes. */
export type Asked<T> = {
  /** The latest answer, also while it is asked for again; null until one has come. */
  readonly value: T | null
  /** Why the latest question has no answer. */
  readonly trouble: Trouble | null
  readonly isAsking: boolean
  again(): void
}

type Question<T> = {
  /** Another key is another question; null: nothing is asked yet. */
  key: string | null
  ask(signal: AbortSignal): Promise<Answer<T>>
  /** How long an answer is fresh, ms. */
  freshMs: number
  /** Whether an answer holds nothing yet; then it is asked for again soon. */
  isEmpty?(value: T): boolean
  /** When this changes, an answer that is not fresh is asked for again. */
  news?: unknown
}

type Known<T> = { key: string | null; value: T | null; trouble: Trouble | null }

/** After trouble it is tried again this soon, ms, at the latest. */
const RETRY_MS = 60_000
/** What holds nothing yet is fresh this long, ms. */
const EMPTY_MS = 5_000

/** Asks, and asks again when the answer is no longer fresh and the page is looked at. */
export function useAsked<T>(question: Question<T>): Asked<T> {
  const { key, freshMs, news } = question
  const [known, setKnown] = useState<Known<T>>({ key: null, value: null, trouble: null })
  const [isAsking, setIsAsking] = useState(false)
  const asking = useRef({ question, stop: new AbortController(), dueAt: 0 })
  asking.current.question = question
  const again = useCallback(() => {
    if (key === null) return
    const { current } = asking
    current.stop.abort()
    current.stop = new AbortController()
    const { signal } = current.stop
    current.dueAt = Date.now() + freshMs
    setIsAsking(true)
    const onAnswer = (answer: Answer<T>) => {
      if (signal.aborted) return
      const { trouble = null } = answer
      if (trouble !== null) current.dueAt = Date.now() + Math.min(freshMs, RETRY_MS)
      else if (answer.value !== undefined && current.question.isEmpty?.(answer.value))
        current.dueAt = Date.now() + Math.min(freshMs, EMPTY_MS)
      setIsAsking(false)
      setKnown((before) => ({ key, value: answer.value ?? answerTo(before, key), trouble }))
    }
    current.question.ask(signal).then(onAnswer, (error: unknown) => {
      if (!signal.aborted) reportError(error)
    })
  }, [key, freshMs])
  useEffect(() => {
    again()
    return () => asking.current.stop.abort()
  }, [again])
  useRefresh(() => Date.now() >= asking.current.dueAt && again(), news)
  const trouble = known.key === key ? known.trouble : null
  return { value: answerTo(known, key), trouble, isAsking, again }
}

/** An answer to another question is none. */
function answerTo<T>(known: Known<T>, key: string | null): T | null {
  return known.key === key ? known.value : null
}

/** How often it is looked whether something is due, ms. */
const LOOK_MS = 5_000

/** Calls `look` when there is news, now and then, and when the page is looked at again; never while it is not. */
function useRefresh(look: () => void, news: unknown): void {
  const latest = useRef(look)
  latest.current = look
  useEffect(() => {
    const onLook = () => {
      if (document.visibilityState === 'visible') latest.current()
    }
    const timer = setInterval(onLook, LOOK_MS)
    document.addEventListener('visibilitychange', onLook)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', onLook)
    }
  }, [])
  useEffect(() => {
    if (document.visibilityState === 'visible') latest.current()
  }, [news])
}
