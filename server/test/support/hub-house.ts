import { Names } from '../../src/board/names.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Hub } from '../../src/serve/hub.ts'
import type { Channel } from '../../src/serve/hub-counters.ts'
import type { Session } from '../../src/serve/session.ts'
import type { HubSettings } from '../../src/serve/settings.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeSocket } from './fake-socket.ts'
import { HUB_SETTINGS } from './hub-settings.ts'
import { LogBook } from './records.ts'

/** A hub over a board of three endpoints of two payers, with a clock that stands still. */
export function aHub({
  settings = {},
  book = aBook(),
  clock = new FakeClock(),
}: HubParts = {}): HubHouse {
  const names = new Names(book.board)
  const random = () => 0.5
  const hub = new Hub({
    board: book.board,
    names,
    clock,
    random,
    log: silentLog,
    settings: { ...HUB_SETTINGS, ...settings },
    step: 1,
  })
  const join = (channel: Channel = 'v2') => {
    const socket = new FakeSocket()
    const session = hub.join(socket, channel, '127.0.0.1')
    const say = (frame: unknown) => session.receive(JSON.stringify(frame))
    return { socket, session, say }
  }
  const tick = async () => {
    hub.changed()
    await clock.advance(50)
  }
  return { hub, book, clock, names, join, tick }
}

type HubParts = { settings?: Partial<HubSettings>; book?: LogBook; clock?: FakeClock }
export type Client = {
  socket: FakeSocket
  session: Session
  say: (frame: unknown) => void
}
export type HubHouse = {
  hub: Hub
  book: LogBook
  clock: FakeClock
  names: Names
  join: (channel?: Channel) => Client
  /** Tells the hub that the board has changed, and lets one tick pass. */
  tick: () => Promise<void>
}

/** Aetna with eligibility and login, Cigna with eligibility: five records. */
export function aBook(): LogBook {
  const book = new LogBook()
  book.payer('aetna', { name: 'Aetna', aliases: ['Aetna Better Health'] })
  book.payer('cigna', { name: 'Cigna' })
  book.endpoint('aetna/eligibility', { payerName: 'Aetna', capability: 'eligibility' })
  book.endpoint('aetna/login', { payerName: 'Aetna', capability: 'provider_portal' })
  book.endpoint('cigna/eligibility', { payerName: 'Cigna', capability: 'eligibility' })
  return book
}

/** A v2 client that has subscribed, with the frames up to its snapshot already taken. */
export function subscribed(house: HubHouse, subscription: object = {}): Client {
  const client = house.join()
  client.say({ type: 'subscribe', ...subscription })
  client.socket.take()
  return client
}
