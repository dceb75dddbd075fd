import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import { anEndpoint, aResult, aServerError } from '../../test/support/builders.ts'
import type { EndpointState, IncidentRecord, LogEntry, LogRecord } from '../model.ts'
import { correlate } from './correlate.ts'
import { initialState } from './judge.ts'
import { Keeper } from './keeper.ts'

const START = Date.UTC(2026, 0, 1)
const ID = 'inc_01J00000000000000000000000'

function aState(parts: Partial<EndpointState>): EndpointState {
  return { ...initialState(anEndpoint(), 'local', START), ...parts }
}

const down = aState({
  status: 'down',
  since: START + 1_000,
  attribution: 'payer',
  reason: { kind: 'http_5xx', codes: ['HTTP:500'], message: 'expected status 200-399, got 500' },
  advice: { action: 'hold' },
  result: aServerError({ at: START + 61_000 }),
})

test('an endpoint that goes down opens an incident in its final shape', () => {
  const incident = correlate(down, undefined, () => ID)

  assert.ok(incident)
  Incident.parse({ ...incident, rev: 1 })
  assert.equal(incident.openedAt, '2026-01-01T00:00:01.000Z')
  assert.equal(incident.confirmedAt, '2026-01-01T00:01:01.000Z')
  assert.equal(incident.severity, 'major')
  assert.equal(incident.status, 'identified')
  assert.deepEqual(incident.endpoints, ['aetna/eligibility'])
  assert.equal(incident.key, 'aetna|eligibility|direct')
})

test('what users can do without is a minor incident', () => {
  const state = { ...down, type: 'api', capability: 'portal_api' as const }

  assert.equal(correlate(state, undefined, () => ID)?.severity, 'minor')
})

test('further results of the same outage change nothing', () => {
  const open = correlate(down, undefined, () => ID)

  assert.equal(correlate(down, open, assert.fail), undefined)
})

test('an open incident follows its endpoint to the type that a reload gives it, so that filters find both', () => {
  const open = correlate(down, undefined, () => ID)

  const moved = correlate({ ...down, type: 'portal' }, open, assert.fail)

  assert.deepEqual(moved?.types, ['portal'])
})

test('the first healthy answer makes it monitoring, the recovery resolves it', () => {
  const open = correlate(down, undefined, () => ID)
  const answering = { ...down, result: aResult({ at: START + 121_000 }) }
  const recovered = aState({ status: 'operational', result: aResult({ at: START + 181_000 }) })

  const monitoring = correlate(answering, open, assert.fail)
  const resolved = correlate(recovered, monitoring, assert.fail)

  assert.equal(monitoring?.status, 'monitoring')
  assert.equal(monitoring?.cause.kind, 'http_5xx')
  assert.equal(resolved?.status, 'resolved')
  assert.equal(resolved?.resolvedAt, '2026-01-01T00:03:01.000Z')
})

test('an endpoint that becomes unknown keeps its incident: nobody saw it recover', () => {
  const open = correlate(down, undefined, () => ID)

  assert.equal(correlate(aState({ status: 'unknown' }), open, assert.fail), undefined)
})

test('an endpoint that is well has no incident', () => {
  assert.equal(correlate(aState({ status: 'operational' }), undefined, assert.fail), undefined)
})

function aKeeper() {
  const published: LogRecord[] = []
  const deferred: (() => void)[] = []
  const states = new Map<string, EndpointState>()
  let rev = 0
  const keeper: Keeper = new Keeper({
    payer: (id) =>
      id === 'aetna' ? { payer: 'aetna', name: 'Aetna', aliases: [], identifiers: [] } : undefined,
    endpointsOf: () => states.values(),
    stateOf: (id) => states.get(id),
    publish: (record) => {
      published.push(record)
      tell(record)
    },
    newIncidentId: () => ID,
    now: () => START + 500_000,
    defer: (flush) => deferred.push(flush),
  })
  function tell(record: LogRecord): void {
    if (record.kind === 'endpoint' && record.value) states.set(record.id, record.value)
    if (record.kind === 'endpoint' && record.value === null) states.delete(record.id)
    rev++
    keeper.onEntry({ ...record, rev, statusRev: rev, resultRev: rev, at: START } as LogEntry)
  }
  const flush = () => {
    for (const run of deferred.splice(0)) run()
  }
  return { keeper, published, tell, flush }
}

test('a burst of changes costs one roll-up of each payer', () => {
  const { published, tell, flush } = aKeeper()
  tell({ kind: 'endpoint', id: 'aetna/eligibility', value: down })
  tell({
    kind: 'endpoint',
    id: 'aetna/login',
    value: aState({ endpoint: 'aetna/login', type: 'login' }),
  })

  flush()

  const payers = published.filter(({ kind }) => kind === 'payer')
  assert.equal(payers.length, 1)
  assert.partialDeepStrictEqual(payers[0]?.value, { status: 'down' })
})

test('a roll-up that stays the same is not published again', () => {
  const { published, tell, flush } = aKeeper()
  tell({ kind: 'endpoint', id: 'aetna/eligibility', value: down })
  flush()
  published.length = 0

  tell({ kind: 'endpoint', id: 'aetna/eligibility', value: down })
  flush()

  assert.deepEqual(published, [])
})

test('an endpoint that leaves the catalogue takes its incident with it', () => {
  const { keeper, published, tell, flush } = aKeeper()
  tell({ kind: 'endpoint', id: 'aetna/eligibility', value: down })
  flush()
  const open = keeper.openIncidents

  tell({ kind: 'endpoint', id: 'aetna/eligibility', value: null })
  flush()

  const closed = published.findLast(({ kind }) => kind === 'incident')?.value as IncidentRecord
  assert.equal(open, 1)
  assert.equal(closed.status, 'resolved')
  assert.equal(keeper.openIncidents, 0)
})

test('a keeper that is told the log from its beginning opens no second incident for what has one', () => {
  const first = aKeeper()
  first.tell({ kind: 'endpoint', id: 'aetna/eligibility', value: down })
  first.flush()
  const incident = first.published.find(({ kind }) => kind === 'incident')
  const second = aKeeper()

  second.tell({ kind: 'endpoint', id: 'aetna/eligibility', value: down })
  second.tell(incident!)
  second.flush()

  assert.deepEqual(
    second.published.filter(({ kind }) => kind === 'incident'),
    [],
  )
})
