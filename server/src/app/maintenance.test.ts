import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { answering, aRestartingHouse } from '../../test/support/a-restarting-house.ts'
import { aServerError } from '../../test/support/builders.ts'
import { PastTimeline, Uptime } from '../serve/api/history-shapes.ts'
import type { App } from './app.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 0, 1)
const LOGIN = 'aetna/login'
const failing = answering(aServerError())
/** From minute 60 to minute 120 after the start. */
const WINDOW = { starts: '2026-01-01T01:00', ends: '2026-01-01T02:00' }

function configured(maintenance: readonly object[]): object {
  const endpoints = [{ type: 'login', url: 'http://aetna.example/login' }]
  return {
    defaults: { network: 'private', interval: '1m', confirm_after: '1m' },
    payers: [{ name: 'Aetna', endpoints, maintenance }],
  }
}

/** A monitor half an hour into the window of an endpoint that is out since its minute 70. */
async function inside(t: TestContext) {
  const house = await aRestartingHouse(t)
  await house.configure(configured([WINDOW]))
  const app = await house.start()
  await house.clock.advance(70 * MINUTE)
  house.answers.set(LOGIN, failing)
  await house.clock.advance(20 * MINUTE)
  return { house, app }
}

const stateOf = ({ board }: App) => board.endpoint(LOGIN)?.log.value
const windowsOf = ({ board }: App) => Array.from(board.values('window'), ({ state }) => state)
const present = ({ board }: App) =>
  Array.from(board.remembered(), ({ log }) => log).sort((a, b) => a.rev - b.rev)

test('a restart within a window tells nothing again, and the window ends as it would have', async (t) => {
  const { house, app } = await inside(t)
  const shown = stateOf(app)
  await app[Symbol.asyncDispose]()

  const again = await house.start()
  const [before, after] = [present(app), present(again)]
  await house.clock.advance(44 * MINUTE)
  const late = [stateOf(again)?.status, ...windowsOf(again)]
  await house.clock.advance(2 * MINUTE)

  assert.deepEqual([shown?.status, shown?.reason?.kind], ['maintenance', 'maintenance'])
  assert.deepEqual(after, before)
  assert.deepEqual(late, ['maintenance', 'in_progress'])
  assert.deepEqual([stateOf(again)?.status, ...windowsOf(again)], ['down', 'overrun'])
  assert.deepEqual(
    Array.from(again.board.incidents(), ({ cause, openedAt }) => [cause.kind, openedAt]),
    [['maintenance_overrun', '2026-01-01T02:00:00.000Z']],
  )
})

test('a window that left the file while the monitor was away is over at the start', async (t) => {
  const { house, app } = await inside(t)
  await app[Symbol.asyncDispose]()
  await house.configure(configured([]))

  const again = await house.start()
  await house.clock.advance(1)

  assert.deepEqual(windowsOf(again), ['completed'])
  assert.deepEqual([stateOf(again)?.status, stateOf(again)?.window], ['down', undefined])
  assert.deepEqual([...again.board.values('plan')], [])
  assert.equal([...again.board.incidents()].length, 1)
})

test('a reload puts windows in force, and takes them back', async (t) => {
  const { house, app } = await inside(t)
  const seen: unknown[] = [windowsOf(app)]
  await house.configure(configured([]))
  await app.reload()
  seen.push(windowsOf(app), stateOf(app)?.status)
  await house.configure(
    configured([{ ...WINDOW, kind: 'unscheduled', announced_at: '2026-01-01T01:30' }]),
  )
  await app.reload()
  seen.push(windowsOf(app), stateOf(app)?.status)

  assert.deepEqual(seen, [['in_progress'], ['completed'], 'down', ['in_progress'], 'maintenance'])
  assert.deepEqual(
    Array.from(app.board.values('window'), ({ kind, noticeOk }) => [kind, noticeOk]),
    [['unscheduled', true]],
  )
})

test('an endpoint that begins anew or comes within a window carries it', async (t) => {
  const { house, app } = await inside(t)
  const endpoints = [
    { type: 'login', url: 'http://aetna.example/other' },
    { type: 'portal', url: 'http://aetna.example/portal' },
  ]
  await house.configure({
    ...configured([WINDOW]),
    payers: [{ name: 'Aetna', endpoints, maintenance: [WINDOW] }],
  })
  await app.reload()

  const [window] = app.board.values('window')
  assert.deepEqual(
    Array.from(app.board.endpoints(), (state) => [state.endpoint, state.status, state.window]),
    [
      [LOGIN, 'unknown', window?.id],
      ['aetna/portal', 'unknown', window?.id],
    ],
  )
})

test('history tells what was planned: out in the window is, the overrun is not', async (t) => {
  const { house, app } = await inside(t)
  await house.clock.advance(50 * MINUTE)
  house.answers.delete(LOGIN)
  await house.clock.advance(20 * MINUTE)
  const get = async (path: string) => (await fetch(`${app.url}/api/v1${path}`)).json()

  const { items } = PastTimeline.parse(await get(`/endpoints/${LOGIN}/timeline`))
  const uptime = Uptime.parse(await get('/uptime?days=1'))

  const rows = items as { at: string; status: string; planned: boolean }[]
  const told = rows
    .filter(({ status }) => status !== 'unknown')
    .map(({ at, status, planned }) => [(Date.parse(at) - START) / MINUTE, status, planned])
  const [began, , fell, , rose] = told.map(([at]) => Number(at))
  assert.deepEqual(told, [
    [began, 'operational', false],
    [60, 'operational', true],
    [fell, 'maintenance', true],
    [120, 'down', false],
    [rose, 'operational', false],
  ])
  const { minutes } = uptime.items[0] ?? assert.fail('one row')
  const near = (actual: number | undefined, expected: number) =>
    assert.ok(Math.abs((actual ?? 0) - expected) < 0.1, `${actual} is not ${expected}`)
  near(minutes.maintenance?.[0], 120 - Number(fell))
  near(minutes.planned?.[0], 120 - Number(fell))
  near(minutes.down?.[0], Number(rose) - 120)
})
