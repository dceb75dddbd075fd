import { useState } from 'preact/hooks'
import { count, moment, time } from '../view/format.ts'
import { wordOf } from '../view/status.ts'
import type { Summary } from '../view/summary.ts'
import type { Card } from '../view/wrong-now.ts'
import { Elapsed } from './elapsed.tsx'
import { Glyph } from './glyph.tsx'
import { Link } from './link.tsx'

/** Most cards that are shown before the reader asks for all. */
const MOST_CARDS = 8

type Props = { cards: readonly Card[]; summary: Summary; onOpen(payer: string): void }

/** What is wrong now, or that nothing is. */
export function WrongNow({ cards, summary, onOpen }: Props) {
  const [showsAll, setShowsAll] = useState(false)
  if (cards.length === 0) return <AllWell summary={summary} />
  const shown = showsAll ? cards : cards.slice(0, MOST_CARDS)
  return (
    <section aria-labelledby="wrong-now">
      <h2 id="wrong-now">Wrong now</h2>
      <ul class="cards">
        {shown.map((card) => (
          <CardView key={card.key} card={card} onOpen={onOpen} />
        ))}
      </ul>
      {cards.length > MOST_CARDS && (
        <button type="button" class="link" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show the worst only' : `Show all ${cards.length}`}
        </button>
      )}
    </section>
  )
}

function CardView({ card, onOpen }: { card: Card; onOpen(payer: string): void }) {
  const { status, title, sentence, since, until, advice, tags, payer, incident } = card
  return (
    <li class={`card ${status}`}>
      <h3>
        <Glyph status={status} label={wordOf(status)} />
        {payer === undefined ? (
          <span>{title}</span>
        ) : (
          <button type="button" class="title" onClick={() => onOpen(payer)}>
            {title}
          </button>
        )}
        <span class="age">
          {until === null ? <Elapsed since={since} precise /> : `until ${time(until)}`}
        </span>
      </h3>
      <p>{`${sentence} Since ${moment(since, Date.now())}.`}</p>
      <p class="tags">
        {advice && <strong class={`tag ${advice.tone}`}>{advice.text}</strong>}
        {tags.map((tag) => (
          <span key={tag} class="tag">
            {tag}
          </span>
        ))}
        {incident !== undefined && (
          <Link class="link" to={{ kind: 'incidents', incident }}>
            Incident<span class="said">{` of ${title}`}</span>
          </Link>
        )}
      </p>
    </li>
  )
}

/** Says that nothing is wrong, and of how much that can be said. */
function AllWell({ summary }: { summary: Summary }) {
  const { counts, firstRound, latestAt } = summary
  if (counts.operational === 0 || firstRound !== null) return null
  const isWhole = counts.unknown === 0
  const rest = isWhole ? '' : ` Of ${count(counts.unknown, 'endpoint')} nothing is known.`
  const last = latestAt === null ? '' : ` Last result at ${time(latestAt)}.`
  return (
    <section class="note fine" aria-label="Wrong now">
      <Glyph status="operational" />
      <p>
        <b>{isWhole ? 'Everything works.' : 'Nothing is known to be wrong.'}</b>
        {` ${count(counts.operational, 'endpoint')} operational.${rest}${last}`}
      </p>
    </section>
  )
}
