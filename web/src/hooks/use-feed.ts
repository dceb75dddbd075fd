import { type ConnectionState, follow, RefusedError } from '@payer-status/client'
import { useEffect, useState } from 'preact/hooks'
import { emptyStore, fold, type Store } from '../store.ts'

/** What the monitor says, and how the connection to it is. */
export type Feed = { readonly store: Store; readonly connection: ConnectionState }

/** Longest wait for a frame, ms: a page that is not shown draws none, but its title should still change. */
const HIDDEN_FRAME_MS = 1_000

/** Follows the monitor at `url`. What comes between two drawn frames is shown together. */
export function useFeed(url: URL): Feed {
  const [store, setStore] = useState(emptyStore)
  const [connection, setConnection] = useState<ConnectionState>({ phase: 'connecting' })
  useEffect(() => {
    const stop = new AbortController()
    const run = async () => {
      let known = emptyStore
      for await (const change of follow(url, { signal: stop.signal, onState: setConnection })) {
        known = fold(known, change)
        setStore(known)
        await nextFrame()
      }
    }
    run().catch((error: unknown) => {
      // A refusal is shown through the connection's state; anything else is a fault of this page.
      if (!(error instanceof RefusedError)) reportError(error)
    })
    return () => stop.abort()
  }, [url.href])
  return { store, connection }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, HIDDEN_FRAME_MS)
    requestAnimationFrame(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
