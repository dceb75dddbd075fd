import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ServerFrame, type V1Result } from '@payer-status/protocol'
import { aCable } from '../support/a-cable.ts'
import { type Monitor, untilSeen } from '../support/a-monitor.ts'
import { Program } from './a-program.ts'
import { aSmallWorld } from './a-small-world.ts'
import { v1Result } from './v1-result.ts'

/** Another python3 may be first on the path; this is the one that the package is installed for. */
const PYTHON = '/usr/bin/python3'

const hasPackage = spawnSync(PYTHON, ['-c', 'import websockets']).status === 0

let shared: Promise<Monitor> | undefined
after(async () => (await shared)?.[Symbol.asyncDispose]())

/** The monitor of this file; undefined, and the test skipped, where the package is missing. */
async function aMonitorForPython(t: TestContext): Promise<Monitor | undefined> {
  if (!hasPackage) {
    t.skip('not run: needs python3-websockets (apt-get install python3-websockets)')
    return undefined
  }
  shared ??= aSmallWorld()
  return await shared
}

function python(script: string, url: string): Program {
  return new Program(PYTHON, [fileURLToPath(new URL(script, import.meta.url)), url])
}

type Told = {
  connected?: string | null
  extensions?: number
  frame?: ServerFrame
  latency?: number
  cut?: string
  since?: { epoch: string; rev: number }
}

const isUpdates = ({ frame }: Told) => frame?.type === 'updates'

/** The frames among what was told, but heartbeats, which may come between any two. */
function framesIn(told: readonly Told[]): ServerFrame[] {
  return told
    .flatMap(({ frame }) => (frame === undefined ? [] : [ServerFrame.parse(frame)]))
    .filter(({ type }) => type !== 'heartbeat')
}

/** Each value of each record that was told: its name and `rev`. */
function valuesIn(frames: readonly ServerFrame[]): string[] {
  return frames.flatMap((frame) => {
    if (frame.type !== 'updates' && frame.type !== 'snapshot') return []
    const { payers = [], endpoints = [], incidents = [] } = frame
    return [
      ...payers.map(({ payer, rev }) => `payer ${payer} ${rev}`),
      ...endpoints.map(({ endpoint, rev }) => `endpoint ${endpoint} ${rev}`),
      ...incidents.map(({ id, rev }) => `incident ${id} ${rev}`),
    ]
  })
}

test('websockets for Python follows v2, and resumes after a cut: the same epoch, no snapshot, nothing twice, nothing missed', async (t) => {
  const monitor = await aMonitorForPython(t)
  if (monitor === undefined) return
  await using cable = await aCable(monitor.app.url)
  await using program = python('follow-v2.py', `${cable.url.replace('http', 'ws')}/ws`)
  const before: Told[] = []
  // Each update waits for the answer to a ping that came before it.
  for (let i = 0; i < 4; i++) before.push(...(await program.saidUntil(isUpdates)))

  cable.cut()
  const told = await program.saidUntil<Told>(({ cut }) => cut !== undefined)
  const { since } = told.at(-1)!
  const missed = await untilSeen(monitor, ({ endpoints }) =>
    endpoints.find(({ endpoint, rev }) => endpoint === 'aetna/login' && rev > since!.rev),
  )
  cable.mend()
  program.say('come back')
  const later = framesIn(await program.saidUntil(isUpdates))

  const earlier = framesIn([...before, ...told])
  const values = valuesIn([...earlier, ...later])
  const [hello, updates] = later
  assert.deepEqual(before[0], { connected: 'payer-status-v2', extensions: 0 })
  assert.ok(Number(before.at(-1)?.latency) > 0, 'the pings of the client are answered too')
  assert.deepEqual(
    earlier.slice(0, 3).map(({ type }) => type),
    ['hello', 'snapshot', 'updates'],
  )
  assert.deepEqual(
    later.map(({ type }) => type),
    ['hello', 'updates'],
  )
  assert.ok(hello?.type === 'hello' && updates?.type === 'updates')
  assert.equal(hello.epoch, since?.epoch)
  assert.ok(updates.rev >= missed.rev)
  assert.ok(
    updates.endpoints!.some(({ endpoint, rev }) => endpoint === 'aetna/login' && rev >= missed.rev),
  )
  assert.deepEqual(values, [...new Set(values)])
})

test('websockets for Python, offering no subprotocol, is told flat results, and only those it asks for', async (t) => {
  const monitor = await aMonitorForPython(t)
  if (monitor === undefined) return
  await using program = python('follow-v1.py', monitor.ws)

  const told = (await program.rest()).map((line) => JSON.parse(line))
  const results = (key: string): V1Result[] =>
    told.flatMap((one) => (one[key] === undefined ? [] : [v1Result(one[key])]))

  assert.deepEqual(told[0], { connected: null })
  assert.equal(results('everything').length, 2)
  assert.deepEqual(
    results('filtered').map(({ payer }) => payer),
    ['Cigna', 'Cigna'],
  )
  assert.deepEqual(told.at(-1), { closed: 1000 })
  assert.equal(await program.ended, 0, program.errors)
})
