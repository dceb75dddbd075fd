import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import { answering, aRestartingHouse } from '../../test/support/a-restarting-house.ts'
import { aResult, aServerError } from '../../test/support/builders.ts'
import { PastLatency, PastResults, PastTimeline, Uptime } from '../serve/api/history-shapes.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LOGIN = 'aetna/login'
const START = Date.UTC(2026, 0, 1)

/** Three hours of an endpoint that is probed every five minutes and was down in the second one, on a real store. */
async function aMorning(t: TestContext) {
  const house = await aRestartingHouse(t)
  await house.configure({
    defaults: { network: 'private', interval: '5m', confirm_after: '5m' },
    hub: { remember: '30m' },
    payers: [{ name: 'Aetna', endpoints: [{ type: 'login', url: 'http://aetna.example/login' }] }],
  })
  const app = await house.start()
  await house.clock.advance(HOUR)
  house.answers.set(LOGIN, answering(aServerError({ latencyMs: 900 })))
  await house.clock.advance(HOUR)
  house.answers.set(LOGIN, answering(aResult({ latencyMs: 100 })))
  await house.clock.advance(HOUR)
  const get = async (path: string) => (await fetch(`${app.url}/api/v1${path}`)).json()
  return { house, app, get }
}

test('what a real monitor saw reads the same in every route, from a real store', async (t) => {
  const { get } = await aMorning(t)

  const results = PastResults.parse(await get(`/endpoints/${LOGIN}/results?limit=1000`))
  const latency = PastLatency.parse(await get(`/endpoints/${LOGIN}/latency?step=15m`))
  const timeline = PastTimeline.parse(await get(`/endpoints/${LOGIN}/timeline`))
  const uptime = Uptime.parse(await get('/uptime?days=1'))

  const rows = results.items as { failure: unknown }[]
  const failed = rows.filter(({ failure }) => failure !== null).length
  assert.ok(failed >= 11 && failed <= 13)
  const sum = (pick: (step: PastLatency['steps'][number]) => number) =>
    latency.steps.reduce((total, step) => total + pick(step), 0)
  assert.deepEqual(
    [sum(({ count }) => count), sum(({ failures }) => failures)],
    [rows.length, failed],
  )
  const statuses = (timeline.items as { status: string; at: string }[]).filter(
    ({ status }) => status !== 'unknown',
  )
  assert.deepEqual(
    statuses.map(({ status }) => status),
    ['operational', 'down', 'operational'],
  )
  const times = statuses.map(({ at }) => (Date.parse(at) - START) / MINUTE)
  const [began = 0, fell = 0, rose = 0] = times
  const { minutes, coverage } = uptime.items[0] ?? assert.fail('one row')
  assert.ok(Math.abs((minutes.down?.[0] ?? 0) - (rose - fell)) < 0.1)
  assert.ok(Math.abs((minutes.operational?.[0] ?? 0) - (180 - began - (rose - fell))) < 6)
  assert.ok(coverage > 0.9)
})

test('an incident that the board has forgotten is still told, in the list and by its id', async (t) => {
  const { app, get } = await aMorning(t)
  assert.deepEqual([...app.board.incidents()], [])

  const { items } = (await get('/incidents')) as { items: unknown[] }
  const [incident] = items.map((item) => Incident.parse(item))
  assert.ok(incident)
  const byId = Incident.parse(await get(`/incidents/${incident.id}`))

  assert.equal(items.length, 1)
  assert.deepEqual(byId, incident)
  assert.deepEqual([incident.status, incident.rev, incident.payers], ['resolved', 0, ['aetna']])
  assert.deepEqual(await get('/incidents?open=true'), { items: [], next: null })
})
