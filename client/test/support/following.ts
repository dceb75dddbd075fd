import type { TestContext } from 'node:test'
import {
  type Change,
  type ConnectionState,
  type Following,
  type FollowOptions,
  follow,
} from '../../src/index.ts'
import { FakeTiming } from './fake-timing.ts'
import { Journal } from './journal.ts'

/** A client that is followed by the test: its changes, its states, and how it ended. */
export type Watched = {
  changes: Journal<Change>
  states: Journal<ConnectionState>
  timing: FakeTiming
  following: Following
  stop: AbortController
  ended: Promise<Error | undefined>
}

/** Follows `url` until the test ends, on fake time. */
export function watch(t: TestContext, url: string, options: FollowOptions = {}): Watched {
  const stop = new AbortController()
  const timing = new FakeTiming()
  const states = new Journal<ConnectionState>()
  const changes = new Journal<Change>()
  const onState = (state: ConnectionState) => states.add(state)
  const following = follow(url, { signal: stop.signal, timing, onState, ...options })
  t.after(() => stop.abort())
  return { changes, states, timing, following, stop, ended: drainInto(changes, following) }
}

async function drainInto(
  changes: Journal<Change>,
  following: Following,
): Promise<Error | undefined> {
  try {
    for await (const change of following) changes.add(change)
    return undefined
  } catch (error) {
    return error as Error
  }
}
