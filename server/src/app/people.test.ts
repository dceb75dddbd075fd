import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { answering, aRestartingHouse } from '../../test/support/a-restarting-house.ts'
import { aServerError } from '../../test/support/builders.ts'
import type { App } from './app.ts'

const MINUTE = 60_000
const LOGIN = 'aetna/login'
const OTHER = 'cigna/login'
const by = 'local'

const login = (host: string) => ({ type: 'login', url: `http://${host}.example/login` })
const configuration = (...names: string[]) => ({
  defaults: { network: 'private', interval: '1m', confirm_after: '1m' },
  payers: names.map((name) => ({ name, endpoints: [login(name.toLowerCase())] })),
})

/** Two endpoints that are well, on a clock that is moved by hand. */
async function aHouse(t: TestContext) {
  const house = await aRestartingHouse(t)
  await house.configure(configuration('Aetna', 'Cigna'))
  const app = await house.start()
  await house.clock.advance(3 * MINUTE)
  assert.equal(stateOf(app, LOGIN)?.status, 'operational')
  return { house, app }
}

function stateOf({ board }: App, id: string) {
  return board.endpoint(id)?.log.value ?? undefined
}

const probedAt = (app: App, id: string) => stateOf(app, id)?.result?.at

test('a paused endpoint is not probed, the others are; resumed, it is well again within two probes', async (t) => {
  const { house, app } = await aHouse(t)
  await app.bus.request({ command: 'pause', endpoint: LOGIN, until: null, by })
  await house.clock.advance(1_000)
  const [before, other] = [probedAt(app, LOGIN), probedAt(app, OTHER)]

  await house.clock.advance(5 * MINUTE)

  assert.equal(probedAt(app, LOGIN), before)
  assert.notEqual(probedAt(app, OTHER), other)
  assert.equal(stateOf(app, LOGIN)?.reason?.kind, 'paused')
  await assert.rejects(app.bus.request({ command: 'probe', endpoint: LOGIN }), {
    code: 'ERR_UNKNOWN_NAME',
  })
  await app.bus.request({ command: 'resume', endpoint: LOGIN, by })
  await house.clock.advance(2 * MINUTE + 1_000)
  assert.equal(stateOf(app, LOGIN)?.status, 'operational')
})

test('a pause and a silence survive a reload, also one that asks the endpoint something else', async (t) => {
  const { house, app } = await aHouse(t)
  const until = house.clock.now() + 10 * MINUTE
  await app.bus.request({ command: 'pause', endpoint: LOGIN, until, by })
  await app.bus.request({ command: 'silence', endpoint: LOGIN, until: until + MINUTE, by })
  const before = probedAt(app, LOGIN)

  await house.configure(configuration('Aetna', 'Cigna', 'Humana'))
  await app.reload()
  await house.clock.advance(2 * MINUTE)
  assert.equal(stateOf(app, 'humana/login')?.status, 'operational')
  assert.equal(probedAt(app, LOGIN), before)
  const changed = configuration('Aetna')
  changed.payers[0]?.endpoints.splice(0, 1, login('elsewhere'))
  await house.configure(changed)
  await app.reload()
  await house.clock.advance(2 * MINUTE)

  const state = stateOf(app, LOGIN)
  assert.deepEqual([state?.url, state?.result], ['http://elsewhere.example/login', null])
  assert.deepEqual([state?.reason?.kind, state?.paused], ['paused', { until }])
  assert.equal(state?.silencedUntil, until + MINUTE)
  await house.clock.advance(9 * MINUTE)
  assert.deepEqual(
    [stateOf(app, LOGIN)?.status, stateOf(app, LOGIN)?.silencedUntil],
    ['operational', undefined],
  )
})

test('pauses, silences, notes and announcements survive a restart, and what is over meanwhile ends', async (t) => {
  const { house, app } = await aHouse(t)
  const { clock } = house
  const said = { payers: ['aetna'], types: [], severity: 'minor' as const, by, text: 'slow today' }
  const advice = { action: 'proceed' as const }
  const opened = await app.bus.request({ command: 'announce', ...said, advice })
  assert.ok('entry' in opened)
  const incident = opened.entry.id
  await app.bus.request({ command: 'note', incident, by, text: 'they know' })
  await app.bus.request({ command: 'pause', endpoint: LOGIN, until: null, by })
  await app.bus.request({ command: 'pause', endpoint: OTHER, until: clock.now() + MINUTE, by })
  await app.bus.request({
    command: 'silence',
    endpoint: LOGIN,
    until: clock.now() + 60 * MINUTE,
    by,
  })
  await clock.advance(1_000)
  const before = probedAt(app, LOGIN)
  await app[Symbol.asyncDispose]()
  clock.jump(10 * MINUTE)

  const again = await house.start()
  await clock.advance(3 * MINUTE)

  const [login, other] = [stateOf(again, LOGIN), stateOf(again, OTHER)]
  assert.deepEqual([login?.paused, login?.reason?.kind], [{ until: null }, 'paused'])
  assert.equal(login?.silencedUntil, stateOf(app, LOGIN)?.silencedUntil)
  assert.equal(probedAt(again, LOGIN), before)
  assert.deepEqual([other?.paused, other?.status], [undefined, 'operational'])
  const kept = again.board.incident(incident)?.log.value
  assert.deepEqual(
    [kept?.status, kept?.notes.map(({ text }) => text)],
    ['identified', ['they know']],
  )
})

test('an endpoint that is down when it is paused keeps its incident, which ends when it is well again', async (t) => {
  const { house, app } = await aHouse(t)
  house.answers.set(LOGIN, answering(aServerError()))
  await house.clock.advance(3 * MINUTE)
  const [incident] = app.board.incidents()
  assert.ok(incident)
  await app.bus.request({ command: 'pause', endpoint: LOGIN, until: null, by })
  await app.bus.request({ command: 'note', incident: incident.id, by, text: 'we paused it' })
  await house.clock.advance(3 * MINUTE)
  const status = () => app.board.incident(incident.id)?.log.value?.status
  const whilePaused = status()

  house.answers.delete(LOGIN)
  await app.bus.request({ command: 'resume', endpoint: LOGIN, by })
  await house.clock.advance(3 * MINUTE)

  assert.deepEqual([whilePaused, status()], [incident.status, 'resolved'])
  assert.equal(app.board.incident(incident.id)?.log.value?.notes.length, 1)
})

test('maintenance that people announced survives a restart, and can be withdrawn after it', async (t) => {
  const { house, app } = await aHouse(t)
  const rule = { rrule: 'FREQ=DAILY', startLocal: '03:00', endLocal: '04:00' }
  const maintenance = { types: [], kind: 'routine' as const, exdates: [], ...rule }
  const announce = ({ bus }: App) =>
    bus.request({ command: 'announceMaintenance', payer: 'aetna', maintenance, by })
  const first = await announce(app)
  assert.ok('entry' in first && first.isNew)
  await app[Symbol.asyncDispose]()

  const again = await house.start()
  const [plans, windows] = [[...again.board.values('plan')], [...again.board.values('window')]]
  const second = await announce(again)
  await again.bus.request({ command: 'withdrawMaintenance', plan: first.entry.id, by })

  assert.deepEqual(
    plans.map(({ id, origin }) => [id, origin]),
    [[first.entry.id, 'api']],
  )
  assert.deepEqual(
    windows.map(({ plan, state }) => [plan, state]),
    [[first.entry.id, 'scheduled']],
  )
  assert.ok('entry' in second && second.isNew === false)
  assert.deepEqual([...again.board.values('plan')], [])
})
