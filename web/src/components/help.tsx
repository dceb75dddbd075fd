import { useEffect, useRef } from 'preact/hooks'
import { WORST_FIRST, wordOf } from '../view/status.ts'
import { Glyph } from './glyph.tsx'

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'search'],
  ['j k', 'next and previous payer or incident, also with the arrows'],
  ['Enter', 'open it, or close it'],
  ['← →', 'in a chart: a step back and forth; Page Up and Page Down: to the next change'],
  ['Esc', 'back: close, clear the search, to the overview'],
  ['?', 'this help'],
]

const MEANINGS: Readonly<Record<(typeof WORST_FIRST)[number], string>> = {
  down: 'confirmed not to serve',
  partial_outage: 'some of a payer’s transactions are down',
  degraded: 'works slowly or partly',
  maintenance: 'announced, or said by the far side',
  unknown: 'nothing conclusive was seen; grey is not green',
  operational: 'the right thing answered',
}

/** The keys and the shapes. */
export function Help({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keyboard</h2>
      <dl>
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <h2>Shapes</h2>
      <dl>
        {WORST_FIRST.map((status) => (
          <div key={status}>
            <dt>
              <Glyph status={status} />
              {wordOf(status)}
            </dt>
            <dd>{MEANINGS[status]}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="plain" onClick={onClose}>
        Close
      </button>
    </dialog>
  )
}
