import type { LiveView } from '../view/live.ts'

/** Whether what is shown is the present. */
export function LiveIndicator({ live }: { live: LiveView }) {
  return (
    <p class={`live ${live.tone}`} role="status">
      <span class="pulse" aria-hidden="true" />
      <b>{live.word}</b>
      {live.detail !== '' && <span class="behind">{`, ${live.detail}`}</span>}
    </p>
  )
}
