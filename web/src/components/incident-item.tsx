import type { Incident } from '@payer-status/client'
import { useState } from 'preact/hooks'
import type { Store } from '../store.ts'
import { count, elapsed, moment } from '../view/format.ts'
import { endpointTitle, payerName } from '../view/incident-words.ts'
import type { IncidentLine } from '../view/incidents.ts'
import { wordOf } from '../view/status.ts'
import type { Counted } from '../view/words.ts'
import { Fact } from './details.tsx'
import { Elapsed } from './elapsed.tsx'
import { Glyph } from './glyph.tsx'
import { Link } from './link.tsx'

type Props = {
  store: Store
  line: IncidentLine
  isOpen: boolean
  onToggle(id: string): void
}

/** One incident: what, whose doing, since when and until when; opened, all that is known of it. */
export function IncidentItem({ store, line, isOpen, onToggle }: Props) {
  const { id, status, title, sentence, since, until, advice, tags } = line
  const word = until === null ? wordOf(status) : 'resolved'
  const now = Date.now()
  return (
    <li class={`incident ${status}${until === null ? '' : ' over'}`}>
      <h3>
        <button
          type="button"
          class="name"
          id={incidentButtonId(id)}
          data-row={id}
          aria-expanded={isOpen}
          onClick={() => onToggle(id)}
        >
          <Glyph status={status} label={word} />
          <span>{title}</span>
        </button>
        <span class="age">
          {until === null ? <Elapsed since={since} precise /> : elapsed(until - since)}
        </span>
      </h3>
      <p>
        {until === null
          ? `${sentence} Since ${moment(since, now)}.`
          : `${sentence} ${moment(since, now)} to ${moment(until, now)}.`}
      </p>
      <p class="tags">
        {advice && <strong class={`tag ${advice.tone}`}>{advice.text}</strong>}
        {tags.map((tag) => (
          <span key={tag} class="tag">
            {tag}
          </span>
        ))}
      </p>
      {isOpen && <More store={store} line={line} />}
    </li>
  )
}

/** The id of the button that opens an incident. */
export function incidentButtonId(id: string): string {
  return `incident-${id}`
}

function More({ store, line }: Pick<Props, 'store' | 'line'>) {
  const { incident, children } = line
  const { payers, endpoints, notes, cause } = incident
  return (
    <div class="more">
      <Times incident={incident} />
      {notes.length > 0 && <Notes notes={notes} />}
      <Codes cause={cause} />
      <Folded
        title={count(endpoints.length, 'endpoint')}
        items={endpoints}
        view={(endpoint) => (
          <Link to={{ kind: 'endpoint', endpoint, range: '24h' }}>
            {endpointTitle(store, endpoint)}
            <span class="id">{` ${endpoint}`}</span>
          </Link>
        )}
      />
      {children.length > 0 && (
        <Folded
          title={`${count(children.length, 'incident')} under this one`}
          items={children.map(({ id }) => id)}
          view={(id) =>
            childText(
              store,
              children.find((child) => child.id === id),
            )
          }
        />
      )}
      {endpoints.length === 0 && payers.length > 0 && (
        <p>{payers.map((id) => payerName(store, id)).join(', ')}</p>
      )}
    </div>
  )
}

function Codes({ cause }: { cause: Incident['cause'] & Counted }) {
  const { codes, counts = {} } = cause
  if (codes.length === 0) return null
  return (
    <p class="codes">
      {codes.map((code) => (
        <span key={code}>
          <code>{code}</code>
          {counts[code] !== undefined && ` ${count(counts[code], 'time')}`}
        </span>
      ))}
    </p>
  )
}

function childText(store: Store, child: Incident | undefined): string {
  if (child === undefined) return ''
  const { openedAt, resolvedAt, endpoints } = child
  const now = Date.now()
  const end = resolvedAt === null ? 'since' : 'from'
  const until = resolvedAt === null ? '' : ` to ${moment(Date.parse(resolvedAt), now)}`
  const names = endpoints.map((id) => endpointTitle(store, id)).join(', ')
  return `${names}, ${end} ${moment(Date.parse(openedAt), now)}${until}`
}

function Times({ incident }: { incident: Incident }) {
  const { openedAt, confirmedAt, resolvedAt, acknowledgedBy, status } = incident
  const now = Date.now()
  const at = (text: string) => moment(Date.parse(text), now)
  return (
    <dl>
      <Fact name="State" value={status} />
      <Fact name="Began" value={at(openedAt)} />
      {confirmedAt !== null && <Fact name="Confirmed" value={at(confirmedAt)} />}
      {resolvedAt !== null && <Fact name="Resolved" value={at(resolvedAt)} />}
      <Fact name="Acknowledged" value={acknowledgedBy ? `by ${acknowledgedBy}` : 'by nobody'} />
    </dl>
  )
}

function Notes({ notes }: Pick<Incident, 'notes'>) {
  const now = Date.now()
  return (
    <ul class="said-by" aria-label="Notes">
      {notes.map(({ at, by, text }) => (
        <li key={`${at} ${by} ${text}`}>
          <p>{text}</p>
          <p class="by">{`${by}, ${moment(Date.parse(at), now)}`}</p>
        </li>
      ))}
    </ul>
  )
}

/** Items that are shown before the reader asks for all. */
const MOST_ITEMS = 8

type FoldedProps = {
  title: string
  items: readonly string[]
  view(item: string): preact.ComponentChildren
}

/** A list that shows its first few. */
function Folded({ title, items, view }: FoldedProps) {
  const [showsAll, setShowsAll] = useState(false)
  if (items.length === 0) return null
  return (
    <section aria-label={title}>
      <p class="title">{title}</p>
      <ul class="links">
        {(showsAll ? items : items.slice(0, MOST_ITEMS)).map((item) => (
          <li key={item}>{view(item)}</li>
        ))}
      </ul>
      {items.length > MOST_ITEMS && (
        <button type="button" class="link" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show fewer' : `Show all ${items.length}`}
        </button>
      )}
    </section>
  )
}
