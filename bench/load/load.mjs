/**
 * The load client where there is no C compiler: the same command line, words and answers as load.c, but slower, so that
 * with many clients it may itself be what is measured.
 */
import { connect as connectTcp } from 'node:net'
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { Latencies, latenciesIn } from './load-latency.mjs'
import { readOptions } from './load-options.mjs'

const options = readOptions()
const clients = Array.from({ length: options.connections }, (_, index) => ({
  index,
  state: 'idle',
  socket: undefined,
  epoch: undefined,
  rev: 0,
  isStopped: false,
  wasStopped: false,
  isCaughtUp: false,
  reachedIn: 0,
}))

const totals = { open: 0, closed: 0, failed: 0, pending: 0, next: 0, mark: 1 }
let counters = newCounters()
let phase = newPhase('open', false)

function newCounters() {
  const counts = { frames: 0, updates: 0, bytes: 0, reads: 0, snapshots: 0, reached: 0 }
  return { ...counts, firstAt: 0, lastAt: 0, latencies: new Latencies() }
}

function newPhase(event, sendsSince) {
  const caught = { caughtUp: 0, updates: 0, snapshots: 0, caughtUpAt: 0 }
  return { event, sendsSince, beganAt: performance.now(), openedAt: 0, isOver: false, ...caught }
}

// --- connecting ---

function connectMore() {
  while (totals.next < clients.length && totals.pending < options.atOnce) {
    totals.pending++
    connect(clients[totals.next++])
  }
}

function connect(client) {
  const localAddress = `127.0.0.${2 + (client.index % options.sources)}`
  const { port, path, protocol } = options
  Object.assign(client, { state: 'connecting', isStopped: false, wasStopped: false })
  client.isCaughtUp = false
  const socket = options.isTcp
    ? connectTcp({ port, host: '127.0.0.1', localAddress })
    : new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol ? [protocol] : [], {
        localAddress,
        perMessageDeflate: false,
      })
  client.socket = socket
  socket.on(options.isTcp ? 'connect' : 'open', () => opened(client))
  socket.on(options.isTcp ? 'data' : 'message', (data) => take(client, data))
  socket.on('error', () => {}) // 'close' comes after it
  socket.on('close', () => ended(client, socket))
}

function opened(client) {
  client.state = 'open'
  totals.pending--
  totals.open++
  const first = options.first[client.index % options.first.length]
  if (first !== undefined) say(client, withSince(client, first))
  afterChange()
}

function withSince({ epoch, rev }, first) {
  if (!phase.sendsSince || epoch === undefined || !first.startsWith('{')) return first
  return JSON.stringify({ since: { epoch, rev }, ...JSON.parse(first) })
}

function ended(client, socket) {
  if (client.socket !== socket || client.state === 'ended') return
  if (client.state === 'open') {
    totals.open--
    totals.closed++
  } else {
    totals.pending--
    totals.failed++
  }
  client.state = 'ended'
  afterChange()
}

function say({ socket }, what) {
  if (options.isTcp) socket.write(Buffer.from(what, 'latin1'))
  else socket.send(what)
}

function cut(client) {
  if (client.state === 'idle' || client.state === 'ended') return
  const { socket } = client
  ended(client, socket)
  if (options.isTcp) socket.resetAndDestroy()
  else socket.terminate()
}

// --- reading ---

function take(client, data) {
  const text = data.toString(options.isTcp ? 'latin1' : 'utf8')
  counters.lastAt = performance.now()
  counters.firstAt ||= counters.lastAt
  counters.reads++
  const updates = options.marker ? text.split(options.marker).length - 1 : 0
  count(client, updates)
  if (!client.wasStopped)
    for (const ms of latenciesIn(text, options.stamp)) counters.latencies.add(ms)
  if (options.isTcp) takeBytes(client, text, updates)
  else takeFrame(client, text, data.length)
}

function takeBytes(client, text, updates) {
  counters.bytes += text.length
  counters.frames += updates
  for (const [when, answer] of options.answers) if (text.includes(when)) say(client, answer)
}

function takeFrame(client, text, length) {
  counters.bytes += length + headerBytes(length)
  counters.frames++
  for (const [when, answer] of options.answers) if (text === when) say(client, answer)
  follow(client, text.slice(0, 128))
}

function headerBytes(length) {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10
}

function count(client, updates) {
  counters.updates += updates
  if (updates === 0 || client.reachedIn === totals.mark) return
  client.reachedIn = totals.mark
  counters.reached++
}

/** Keeps the client's position, and notices the first answer to its subscription. */
function follow(client, head) {
  const type = head.match(/^\{"type":"(\w+)"/)?.[1]
  const number = (key) => Number(head.match(new RegExp(`"${key}":(\\d+)`))?.[1])
  client.epoch = head.match(/"epoch":"([^"]*)"/)?.[1] ?? client.epoch
  const isWhole = type === 'snapshot' && number('part') === number('of')
  if (type !== 'updates' && type !== 'heartbeat' && !isWhole) return
  client.rev = number('rev')
  if (isWhole) counters.snapshots++
  if (type === 'heartbeat' || client.isCaughtUp) return
  client.isCaughtUp = true
  phase.caughtUp++
  phase.caughtUpAt = performance.now()
  phase[type === 'updates' ? 'updates' : 'snapshots']++
  afterChange()
}

// --- words ---

const words = {
  mark() {
    totals.mark++
    counters = newCounters()
    tell({ ev: 'mark' })
  },
  report() {
    const { firstAt, lastAt, latencies, ...counts } = counters
    const { open, closed, failed } = totals
    const { user, system } = process.cpuUsage()
    const times = { seconds: (lastAt - firstAt) / 1_000, cpuSeconds: (user + system) / 1e6 }
    const latency = latencies.summary()
    tell({ ev: 'report', open, closed, failed, ...counts, ...times, latency })
  },
  stop(count) {
    const chosen = Array.from({ length: Math.min(count, clients.length) }, (_, i) =>
      clients.at(Math.floor((i * clients.length) / count)),
    ).filter(({ state }) => state === 'open')
    for (const client of chosen) pause(client)
    tell({ ev: 'stop', stopped: chosen.length })
  },
  go() {
    for (const client of clients.filter(({ isStopped }) => isStopped)) {
      client.isStopped = false
      client.socket.resume()
    }
    tell({ ev: 'go' })
  },
  cut() {
    phase.isOver = true
    totals.next = clients.length
    for (const client of clients) cut(client)
    tell({ ev: 'cut' })
  },
  resume: () => begin('resume', true),
  connect: () => begin('open', false),
  quit: () => process.exit(0),
}

function pause(client) {
  Object.assign(client, { isStopped: true, wasStopped: true })
  client.socket.pause()
}

function begin(event, sendsSince) {
  phase = newPhase(event, sendsSince)
  Object.assign(totals, { next: 0, failed: 0, closed: 0 })
  connectMore()
}

/** Goes on connecting, and tells when what was asked for is done. */
function afterChange() {
  connectMore()
  const { open, failed, closed } = totals
  if (phase.isOver || open + failed + closed < clients.length) return
  phase.openedAt ||= performance.now()
  if (phase.event === 'resume' && phase.caughtUp < open) return
  phase.isOver = true
  const openSeconds = (phase.openedAt - phase.beganAt) / 1_000
  const told = { ev: phase.event, open, failed, closed }
  if (phase.event === 'open') return tell({ ...told, seconds: openSeconds })
  const seconds = ((phase.caughtUpAt || phase.openedAt) - phase.beganAt) / 1_000
  tell({ ...told, openSeconds, seconds, updates: phase.updates, snapshots: phase.snapshots })
}

function tell(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [word, count] = line.split(' ')
    if (Object.hasOwn(words, word)) words[word](Number(count))
    else tell({ ev: 'error', message: 'unknown word' })
  })
  .on('close', () => process.exit(0))
connectMore()
