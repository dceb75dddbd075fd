import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServerFrame, type Window } from '@payer-status/protocol'
import { aMonitor } from '../support/a-monitor.ts'
import { aClient, type Client } from '../support/ws-client.ts'

const HOUR = 3_600_000

/** A monitor's file with a window of Aetna's, hours from now; without one for none. */
function fileWith(hours?: readonly [number, number]): string {
  const at = (hour: number) => new Date(Date.now() + hour * HOUR).toISOString().slice(0, 16)
  const payer = (name: string) => ({
    name,
    endpoints: [{ type: 'login', url: `http://127.0.0.1:1/${name}` }],
  })
  const maintenance = hours && [{ starts: `${at(hours[0])}Z`, ends: `${at(hours[1])}Z` }]
  const payers = [{ ...payer('Aetna'), ...(maintenance && { maintenance }) }, payer('Cigna')]
  return JSON.stringify({ version: 1, defaults: { network: 'private', interval: '1h' }, payers })
}

/** The first frame of a type that lists windows, checked, and what it lists. */
async function windowsIn(client: Client, type: string, state: Window['state']): Promise<Window[]> {
  const lists = ({ maintenance }: Record<string, unknown>) =>
    ((maintenance ?? []) as Window[]).some((window) => window.state === state)
  const frame = ServerFrame.parse(await client.until((one) => one.type === type && lists(one)))
  return 'maintenance' in frame ? (frame.maintenance ?? []) : []
}

test('a v2 client has windows in its snapshot, and hears of them in updates until they are completed', async () => {
  await using monitor = await aMonitor(fileWith([-1, 1]))
  using aetna = await aClient(monitor.ws, 'payer-status-v2')
  using cigna = await aClient(monitor.ws, 'payer-status-v2')
  aetna.say({ type: 'subscribe', filter: [{ payers: ['aetna'] }] })
  cigna.say({ type: 'subscribe', filter: [{ payers: ['cigna'] }] })

  const [inSnapshot] = await windowsIn(aetna, 'snapshot', 'in_progress')
  await monitor.rewrite(fileWith([24, 26]))
  await monitor.app.reload()
  const updates = [
    ...(await windowsIn(aetna, 'updates', 'completed')),
    ...(await windowsIn(aetna, 'updates', 'scheduled')),
  ]

  assert.equal(inSnapshot?.payer, 'aetna')
  assert.ok(updates.some(({ id, state }) => id === inSnapshot.id && state === 'completed'))
  assert.ok(updates.some(({ id, state }) => id !== inSnapshot.id && state === 'scheduled'))
  cigna.say({ type: 'ping', id: 1 })
  await cigna.until(({ type }) => type === 'pong')
  assert.ok(
    cigna.frames.every(({ maintenance }) => ((maintenance ?? []) as unknown[]).length === 0),
  )
})
