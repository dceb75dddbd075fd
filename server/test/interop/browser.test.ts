import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { ServerFrame } from '@payer-status/protocol'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../../web/test/support/chromium.ts'
import { aCable, type Cable } from '../support/a-cable.ts'
import { type Monitor, untilSeen } from '../support/a-monitor.ts'
import { aSmallWorld } from './a-small-world.ts'
import { v1Result } from './v1-result.ts'

let launched: Promise<Browser | undefined> | undefined
let shared: Promise<Monitor> | undefined
after(async () => {
  await (await launched)?.close()
  await (await shared)?.[Symbol.asyncDispose]()
})

/** One thing that a page has heard: the kind of event, its data, and on an event stream its id. */
type Heard = { event: string; data: string; id?: string }
type Visit = {
  page: Page
  cable: Cable
  monitor: Monitor
  /** What was heard up to the first that satisfies `look`, with that one. */
  heardUntil(look: (heard: Heard) => boolean): Promise<Heard[]>
}

/** A page of the monitor's own origin, with `tell` to tell what it hears; undefined where there is no chromium. */
async function aVisit(t: TestContext, path = '/'): Promise<Visit | undefined> {
  launched ??= launchChromium()
  const browser = await launched
  if (browser === undefined) {
    t.skip('not run: needs chromium')
    return undefined
  }
  shared ??= aSmallWorld({ random: () => 0 }) // an event source comes back after the shortest wait
  const monitor = await shared
  const cable = await aCable(monitor.app.url)
  const page = await browser.newPage()
  t.after(async () => {
    await page.close()
    await cable[Symbol.asyncDispose]()
  })
  const all: Heard[] = []
  let wake = () => {}
  await page.exposeFunction('tell', (heard: Heard) => {
    all.push(heard)
    wake()
  })
  await page.goto(path.startsWith('/') ? `${cable.url}${path}` : path)
  const heardUntil = async (look: (heard: Heard) => boolean) => {
    const some: Heard[] = []
    for (;;) {
      const heard = all.shift()
      if (heard === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else if (some.push(heard) && look(heard)) return some
    }
  }
  return { page, cable, monitor, heardUntil }
}

const isUpdates = ({ data }: Heard) => data.startsWith('{"type":"updates"')

function frameOf({ data }: Heard): ServerFrame {
  return ServerFrame.parse(JSON.parse(data))
}

type Opening = { url: string; protocols?: string[]; say?: object }

/** Opens a WebSocket in the page; what it hears is told, but heartbeats. `leave()` closes it. */
function openSocket(page: Page, opening: Opening): Promise<void> {
  return page.evaluate(({ url, protocols = [], say }) => {
    const { tell } = globalThis as unknown as { tell: (heard: object) => void }
    const socket = new WebSocket(url.replace('http', 'ws'), protocols)
    socket.onopen = () => {
      tell({ event: 'open', data: `${socket.protocol}${socket.extensions}` })
      if (say !== undefined) socket.send(JSON.stringify(say))
    }
    socket.onmessage = ({ data }) => {
      if (JSON.parse(data).type !== 'heartbeat') tell({ event: 'message', data })
    }
    socket.onclose = ({ code, wasClean }) => tell({ event: 'close', data: `${code} ${wasClean}` })
    Object.assign(globalThis, { leave: () => socket.close(3333, 'κόσμε') })
  }, opening)
}

/** Opens an event stream in the page; what it hears is told, but heartbeats, which may come between any two events. */
function openEvents(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { tell } = globalThis as unknown as { tell: (heard: object) => void }
    const events = new EventSource('/events')
    for (const event of ['hello', 'snapshot', 'updates'])
      events.addEventListener(event, (message) => {
        const { data, lastEventId: id } = message as MessageEvent
        tell({ event, data, id })
      })
    events.onopen = () => tell({ event: 'open', data: '' })
    events.onerror = () => tell({ event: 'error', data: String(events.readyState) })
  })
}

test('a page in chromium is told hello, a snapshot and updates over v2, and says goodbye', async (t) => {
  const visit = await aVisit(t)
  if (visit === undefined) return
  const { page, cable, heardUntil } = visit

  const protocols = ['payer-status-v1', 'payer-status-v2']
  await openSocket(page, { url: `${cable.url}/ws`, protocols, say: { type: 'subscribe' } })
  const [opened, ...messages] = await heardUntil(isUpdates)
  await page.evaluate('leave()')
  const goodbye = (await heardUntil(({ event }) => event === 'close')).at(-1)

  assert.deepEqual(opened, { event: 'open', data: 'payer-status-v2' })
  assert.deepEqual(
    messages.map((one) => frameOf(one).type),
    ['hello', 'snapshot', 'updates'],
  )
  assert.equal(goodbye?.data, '3333 true')
})

test('a page in chromium that offers no subprotocol is told results over v1', async (t) => {
  const visit = await aVisit(t)
  if (visit === undefined) return
  const { page, cable, heardUntil } = visit

  await openSocket(page, { url: `${cable.url}/ws` })
  const [opened, result] = await heardUntil(({ event }) => event === 'message')

  assert.deepEqual(opened, { event: 'open', data: '' })
  assert.ok(v1Result(JSON.parse(result!.data)))
})

test('a page of another origin cannot open the WebSocket', async (t) => {
  const visit = await aVisit(t, 'data:text/html,elsewhere')
  if (visit === undefined) return
  const { page, cable, heardUntil } = visit

  await openSocket(page, { url: `${cable.url}/ws`, protocols: ['payer-status-v2'] })
  const heard = await heardUntil(({ event }) => event === 'close')

  assert.deepEqual(heard, [{ event: 'close', data: '1006 false' }])
})

test('an EventSource in chromium resumes by itself after a cut: the same epoch, no snapshot, nothing twice', async (t) => {
  const visit = await aVisit(t)
  if (visit === undefined) return
  const { page, cable, monitor, heardUntil } = visit
  await openEvents(page)
  const before = await heardUntil(isUpdates)

  cable.cut()
  const lost = await heardUntil(({ event }) => event === 'error')
  const at = positionOf([...before, ...lost])
  const missed = await untilSeen(monitor, ({ endpoints }) =>
    endpoints.find(({ endpoint, rev }) => endpoint === 'aetna/login' && rev > at.rev),
  )
  cable.mend()
  const later = await heardUntil(isUpdates)

  const again = later.filter(({ event }) => event !== 'error')
  const [, hello, updates] = again
  assert.deepEqual(
    before.map(({ event }) => event),
    ['open', 'hello', 'snapshot', 'updates'],
  )
  assert.deepEqual(
    again.map(({ event }) => event),
    ['open', 'hello', 'updates'],
  )
  assert.equal(JSON.parse(hello!.data).epoch, at.epoch)
  assert.ok(JSON.parse(updates!.data).rev >= missed.rev)
  const values = [...before, ...lost, ...later].flatMap(valuesIn)
  assert.deepEqual(values, [...new Set(values)])
})

/** The position that the last event with an id gives. */
function positionOf(heard: readonly Heard[]): { epoch: string; rev: number } {
  const [epoch = '', rev] =
    heard.findLast(({ id }) => id !== undefined && id !== '')?.id?.split(':') ?? []
  return { epoch, rev: Number(rev) }
}

/** Each value of each endpoint in a frame: its id and `rev`. */
function valuesIn({ event, data }: Heard): string[] {
  if (event !== 'snapshot' && event !== 'updates') return []
  const { endpoints = [] } = JSON.parse(data) as { endpoints?: { endpoint: string; rev: number }[] }
  return endpoints.map(({ endpoint, rev }) => `${endpoint} ${rev}`)
}
