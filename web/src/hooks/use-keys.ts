import { useEffect, useRef } from 'preact/hooks'

/** What the keys do. */
export type Keys = {
  search(): void
  /** Moves by rows: 1 down, -1 up. */
  move(by: 1 | -1): void
  back(): void
  help(): void
}

/** Listens for the keys of the board, wherever the focus is; letters typed into a field stay there. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = actionOf(event, latest.current)
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

function actionOf(event: KeyboardEvent, keys: Keys): (() => void) | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined
  if (event.key === 'Escape') return keys.back
  const isTyping = event.target instanceof HTMLInputElement
  if (event.key === 'ArrowDown' && (isTyping || isAtRows())) return () => keys.move(1)
  if (isTyping) return undefined
  if (event.key === 'ArrowUp' && isAtRows()) return () => keys.move(-1)
  return letters(keys)[event.key]
}

function letters(keys: Keys): Readonly<Record<string, () => void>> {
  return {
    '/': keys.search,
    '?': keys.help,
    j: () => keys.move(1),
    k: () => keys.move(-1),
  }
}

/** Arrows belong to the rows only where nothing else needs them, such as a panel that scrolls. */
function isAtRows(): boolean {
  const { activeElement } = document
  return activeElement === document.body || activeElement?.closest('[data-row]') !== null
}
