import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aResult } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { EndpointState, LogEntry } from '../model.ts'
import { LocalBus } from './local.ts'

function aState(parts: Partial<EndpointState> = {}): EndpointState {
  const { id, payer, payerName, type, capability, via, shownUrl } = anEndpoint()
  return {
    endpoint: id,
    payer,
    payerName,
    type,
    capability,
    via,
    url: shownUrl,
    vantage: 'local',
    status: 'operational',
    intermittent: false,
    since: 1,
    evidence: 'L1',
    verdict: 'up',
    attribution: 'none',
    advice: { action: 'proceed' },
    reason: null,
    result: aResult(),
    memory: { recent: [], changes: [], reached: true },
    ...parts,
  }
}

function aBus() {
  const bus = new LocalBus({ clock: new FakeClock(), epoch: 'e1' })
  const put = (state: EndpointState | null, id = 'aetna/eligibility') =>
    bus.publish({ kind: 'endpoint', id, value: state })
  const follow = () => {
    const seen: LogEntry[] = []
    bus.subscribe((entry) => seen.push(entry))
    return seen
  }
  return { bus, put, follow }
}

test('every record gets the next position', async () => {
  const { bus, put } = aBus()

  assert.equal(await put(aState()), 1)
  assert.equal(await put(aState()), 2)
  assert.equal(bus.rev, 2)
})

test('a subscriber gets what is true now, once, in order, and then every change', async () => {
  const { put, follow } = aBus()
  await put(aState())
  await put(aState(), 'aetna/login')
  await put(aState())

  const seen = follow()
  await put(aState(), 'aetna/login')

  assert.deepEqual(
    seen.map(({ id, rev }) => [id, rev]),
    [
      ['aetna/login', 2],
      ['aetna/eligibility', 3],
      ['aetna/login', 4],
    ],
  )
})

test('a result that changes no status moves only `rev` and `resultRev`', async () => {
  const { put, follow } = aBus()
  const seen = follow()
  await put(aState())
  await put(aState({ result: aResult({ probe: 'p2' }) }))

  assert.deepEqual([seen[1]?.rev, seen[1]?.statusRev, seen[1]?.resultRev], [2, 1, 2])
})

test('a status that changes without a new result does not count as a result', async () => {
  const { put, follow } = aBus()
  const seen = follow()
  await put(aState())
  await put(aState({ status: 'unknown' }))

  assert.deepEqual([seen[1]?.rev, seen[1]?.statusRev, seen[1]?.resultRev], [2, 2, 1])
})

test('what a subscriber publishes comes after what it was told, for every subscriber', async () => {
  const { bus, put } = aBus()
  const seen: number[] = []
  bus.subscribe((entry) => {
    if (entry.rev === 1) void put(aState(), 'aetna/login')
  })
  bus.subscribe((entry) => seen.push(entry.rev))

  await put(aState())

  assert.deepEqual(seen, [1, 2])
})

test('removals are forgotten after their time, what is there never is', async () => {
  const { bus, put, follow } = aBus()
  await put(aState())
  await put(null, 'aetna/login')

  bus.forget(Number.MAX_SAFE_INTEGER)

  assert.deepEqual(
    follow().map(({ id }) => id),
    ['aetna/eligibility'],
  )
})

test('a command goes to whoever answers, and is refused when nobody does', async () => {
  const { bus } = aBus()
  const command = { command: 'probe', endpoint: 'aetna/eligibility' } as const

  await assert.rejects(bus.request(command), { code: 'ERR_UNKNOWN_NAME' })
  bus.answer({ probe: async ({ endpoint }) => aResult({ endpoint }) })

  assert.equal((await bus.request(command)).endpoint, 'aetna/eligibility')
})
