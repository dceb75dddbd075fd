import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Change } from '@payer-status/client'
import { follow } from '@payer-status/client'
import type { State } from '@payer-status/protocol'
import { startSimulator } from '@payer-status/simulator'
import { aMonitor, privately, untilSeen, untilStatus } from '../support/a-monitor.ts'

type Outcome = { added: number; changed: number; removed: number }

test('a reload under load adds, changes and removes, and nobody is cut off', async () => {
  await using simulator = await startSimulator({ payers: 4, scripted: false })
  const all = simulator.payers.flatMap((payer) =>
    payer.endpoints.slice(0, 1).map(({ type, url }) => ({ payer: payer.name, type, url })),
  )
  await using monitor = await aMonitor(privately(all.slice(0, 3)))
  const phases: string[] = []
  const changes: Change[] = []
  const stop = new AbortController()
  const following = (async () => {
    const onState = ({ phase }: { phase: string }) => phases.push(phase)
    for await (const change of follow(monitor.ws, { signal: stop.signal, onState }))
      changes.push(change)
  })()
  const [stays, goes] = monitor.app.board.endpoints()
  await untilStatus(monitor, stays!.endpoint, 'operational')
  const before = await monitor.get<State>(`/api/v1/endpoints/${stays!.endpoint}`)

  await monitor.rewrite(privately([all[0]!, all[2]!, all[3]!]))
  const gone = await untilSeen(monitor, () =>
    monitor.app.board.endpoint(goes!.endpoint) ? undefined : true,
  )
  const after = await monitor.get<State>(`/api/v1/endpoints/${stays!.endpoint}`)
  await untilSeen(monitor, ({ payers }) => payers.find(({ name }) => name === all[3]!.payer))
  stop.abort()
  await following

  assert.equal(gone, true)
  assert.equal(after.since, before.since)
  assert.ok(changes.some(({ removed }) => removed.endpoints.includes(goes!.endpoint)))
  assert.ok(!phases.includes('reconnecting'), phases.join())
})

test('a bad file changes nothing, says why, and is shown by a metric', async () => {
  await using simulator = await startSimulator({ payers: 1, scripted: false })
  const { name, endpoints } = simulator.payers[0]!
  const good = privately([{ payer: name, type: endpoints[0]!.type, url: endpoints[0]!.url }])
  await using monitor = await aMonitor(good)

  await monitor.rewrite('version: 1\npayers: [{ name: Broken, endpoints: [{ typ: login }] }]\n')
  const refused = await fetch(`${monitor.app.metricsUrl}/-/reload`, { method: 'POST' })
  const problem = (await refused.json()) as { code: string; issues: string[] }
  const whileBad = await monitor.metrics()
  const kept = monitor.app.catalogue.size
  await monitor.rewrite(good)
  const accepted = await fetch(`${monitor.app.metricsUrl}/-/reload`, { method: 'POST' })

  assert.equal(refused.status, 422)
  assert.match(
    problem.issues.join('\n'),
    /payers\.yaml:2 .*unknown key "typ", did you mean "type"\?/,
  )
  assert.match(whileBad, /^payer_status_config_last_reload_successful 0$/m)
  assert.deepEqual(kept, { payers: 1, endpoints: 1 })
  assert.deepEqual((await accepted.json()) as Outcome, { added: 0, changed: 0, removed: 0 })
  assert.match(await monitor.metrics(), /^payer_status_config_last_reload_successful 1$/m)
})

test('an endpoint that is asked something else starts anew; one that is only renamed does not', async () => {
  await using simulator = await startSimulator({ payers: 2, scripted: false })
  const [a, b] = simulator.payers.map(({ endpoints }) => endpoints[0]!.url)
  const yaml = (url: string, alias: string) => `version: 1
defaults: { network: private, interval: 1s }
payers:
  - { name: Aetna, aliases: [${alias}], endpoints: [{ type: login, url: "${url}" }, { type: api, url: "${b}" }] }
`
  await using monitor = await aMonitor(yaml(a!, 'first'))
  await untilStatus(monitor, 'aetna/login', 'operational')
  await untilStatus(monitor, 'aetna/api', 'operational')

  await monitor.rewrite(yaml(`${a}?other`, 'second'))
  await monitor.app.reload()
  const api = await monitor.get<State>('/api/v1/endpoints/aetna/api')
  const renamed = await monitor.get<{ aliases: string[] }>('/api/v1/payers/second')

  assert.equal(monitor.app.board.endpoint('aetna/login')?.log.value?.memory.recent.length, 0)
  assert.equal(api.status, 'operational')
  assert.deepEqual(renamed.aliases, ['second'])
})

test('a key that a reload takes away is no longer taken', async () => {
  const hash = (key: string) => createHash('sha256').update(key).digest('hex')
  const yaml = (key: string) =>
    `version: 1\nauth: { api_keys: [{ name: ops, hash: "sha256:${hash(key)}", scopes: [admin] }] }\n`
  await using monitor = await aMonitor(yaml('old'))
  const statusOf = async (key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': '192.0.2.1' }
    const answer = await fetch(`${monitor.app.metricsUrl}/-/reload`, { method: 'POST', headers })
    return answer.status
  }
  const before = await statusOf('old')

  await monitor.rewrite(yaml('new'))
  await monitor.app.reload()

  assert.deepEqual([before, await statusOf('old'), await statusOf('new')], [200, 401, 200])
})

test('a thousand reloads leave nothing behind', async () => {
  await using simulator = await startSimulator({ payers: 1, scripted: false })
  const all = simulator.payers.flatMap(({ name, endpoints }) =>
    endpoints.map(({ type, url }) => ({ payer: name, type, url })),
  )
  await using monitor = await aMonitor(privately(all))
  let turn = 0
  const reload = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await monitor.rewrite(privately(turn++ % 2 === 0 ? all : all.slice(1)))
      await monitor.app.reload()
    }
    return remains()
  }
  setFlagsFromString('--expose-gc')

  const before = await reload(200)
  const after = await reload(1_000)

  assert.deepEqual(after.resources, before.resources)
  assert.ok(after.heap < before.heap * 1.05, `${before.heap} bytes became ${after.heap}`)
})

/** What the process holds after everything that can go is gone. */
function remains() {
  const collect = runInNewContext('gc') as () => void // safe: there with --expose-gc
  collect()
  collect()
  const resources = process.getActiveResourcesInfo().filter((one) => one.startsWith('FS'))
  return { heap: process.memoryUsage().heapUsed, resources }
}
