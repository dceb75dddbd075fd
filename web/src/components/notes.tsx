import type { Trouble } from '../history/ask.ts'
import { listed } from '../view/format.ts'
import type { Summary } from '../view/summary.ts'
import { Glyph } from './glyph.tsx'

/** Nothing answers from here: what that means. */
export function OfflineNote({ vantages }: { vantages: readonly string[] }) {
  if (vantages.length === 0) return null
  return (
    <section class="note offline" role="alert">
      <Glyph status="unknown" />
      <p>
        <b>{`Nothing answers from ${listed(vantages)}.`}</b> This place has most likely lost its own
        network, so the endpoints watched from here are unknown, not down. It says nothing about the
        payers.
      </p>
    </section>
  )
}

const TROUBLES: Readonly<Record<Trouble, string>> = {
  unavailable: 'The history cannot be read now. What is true now does not depend on it.',
  unknown: 'The monitor has no history of this.',
  unreachable: 'The monitor did not answer this question.',
}

/** There is no history to show: why, and how to ask again. */
export function HistoryTrouble({ trouble, onAgain }: { trouble: Trouble; onAgain(): void }) {
  return (
    <p class="trouble" role="status">
      {TROUBLES[trouble]}
      <button type="button" class="link" onClick={onAgain}>
        Try again
      </button>
    </p>
  )
}

/** The first round is on its way. */
export function FirstRound({ round }: { round: Summary['firstRound'] }) {
  if (round === null) return null
  return (
    <section class="note round" aria-label="First round">
      <p>
        <b>First round:</b> {`${round.tried} of ${round.of} endpoints tried.`} Grey means not known
        yet.
      </p>
      <progress value={round.tried} max={round.of} aria-label="Endpoints tried" />
    </section>
  )
}

/** There is nothing to watch: how to change that. */
export function NoPayers() {
  return (
    <section class="empty">
      <h2>No payers yet</h2>
      <p>Add one to the configuration file; it appears here without a restart.</p>
      <pre>
        <code>{EXAMPLE}</code>
      </pre>
    </section>
  )
}

const EXAMPLE = `version: 1
payers:
  - name: Aetna
    endpoints:
      - { type: login, url: "https://www.aetna.com/" }`

/** The query matches nobody. */
export function NoMatch({ text, onClear }: { text: string; onClear(): void }) {
  const words = text.trim()
  return (
    <section class="empty">
      <h2>{words === '' ? 'No payer is in this status' : `No payer matches “${words}”`}</h2>
      <p>A search looks at names, aliases, payer ids, types and statuses.</p>
      <button type="button" class="plain" onClick={onClear}>
        Show all payers
      </button>
    </section>
  )
}

/** Nothing has come yet. */
export function Waiting({ isLost }: { isLost: boolean }) {
  return (
    <section class="empty" aria-busy="true">
      <h2>{isLost ? 'The monitor does not answer' : 'Connecting to the monitor'}</h2>
      <p>
        {isLost ? 'This page keeps trying and fills itself as soon as it does.' : 'One moment.'}
      </p>
    </section>
  )
}
