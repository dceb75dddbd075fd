import { useEffect, useRef, useState } from 'preact/hooks'
import { wordOf } from '../view/status.ts'
import type { Card } from '../view/wrong-now.ts'

/** Most changes that are read out one by one. */
const MOST_SAID = 3

/** Reads out what has become wrong and what is over. What was there at first is not news. */
export function Announcer({ cards, isFilled }: { cards: readonly Card[]; isFilled: boolean }) {
  const before = useRef<ReadonlyMap<string, Card> | null>(null)
  const [text, setText] = useState('')
  useEffect(() => {
    if (!isFilled) return
    const now = new Map(cards.map((card) => [card.key, card]))
    const was = before.current
    before.current = now
    const news = was === null ? [] : newsBetween(was, now)
    if (news.length > 0) setText(said(news))
  }, [cards, isFilled])
  return (
    <p class="said" role="status" aria-live="polite">
      {text}
    </p>
  )
}

function newsBetween(was: ReadonlyMap<string, Card>, now: ReadonlyMap<string, Card>): string[] {
  const opened = [...now.values()].filter(({ key }) => !was.has(key))
  const over = [...was.values()].filter(({ key }) => !now.has(key))
  return [
    ...opened.map(({ title, status, sentence }) => `${title}: ${wordOf(status)}. ${sentence}`),
    ...over.map(({ title }) => `${title}: over.`),
  ]
}

function said(news: readonly string[]): string {
  const rest = news.length - MOST_SAID
  return `${news.slice(0, MOST_SAID).join(' ')}${rest > 0 ? ` And ${rest} more.` : ''}`
}
