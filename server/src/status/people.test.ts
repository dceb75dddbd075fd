import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointRecord, incidentRecord } from '../../test/support/board-with.ts'
import { aResult, aServerError } from '../../test/support/builders.ts'
import { aHouse } from '../../test/support/people-house.ts'
import type { IncidentRecord } from '../model.ts'
import type { Done } from '../ports.ts'

const endpoint = 'aetna/eligibility'
const by = 'night shift'

function incidentOf(done: Done): IncidentRecord {
  assert.ok('entry' in done && done.entry.kind === 'incident' && done.entry.value !== null)
  return done.entry.value
}

test('a note says when, who and what; an acknowledgement who', async (t) => {
  const { bus, clock } = aHouse(t, [incidentRecord(1)])
  const incident = incidentRecord(1).id
  await clock.advance(60_000)

  await bus.request({ command: 'note', incident, by, text: 'called them' })
  const done = await bus.request({ command: 'acknowledge', incident, by: 'day shift' })

  const { notes, acknowledgedBy } = incidentOf(done)
  assert.deepEqual(notes, [{ at: '2026-01-01T00:01:00.000Z', by, text: 'called them' }])
  assert.equal(acknowledgedBy, 'day shift')
})

test('the thousand-and-first note is refused, and so is more text than can be sent to everybody', async (t) => {
  const note = { at: '2026-01-01T00:00:00.000Z', by, text: 'x' }
  const full = incidentRecord(1, { notes: Array.from({ length: 1_000 }, () => note) })
  const long = incidentRecord(2, { notes: [{ ...note, text: 'é'.repeat(32_768) }] })
  const almost = incidentRecord(3, { notes: Array.from({ length: 999 }, () => note) })
  const { bus } = aHouse(t, [full, long, almost])
  const noting = (id: string) => bus.request({ command: 'note', incident: id, by, text: 'y' })

  assert.deepEqual(await noting(full.id), { refused: 'too_many_notes' })
  assert.deepEqual(await noting(long.id), { refused: 'too_much_text' })
  assert.equal(incidentOf(await noting(almost.id)).notes.length, 1_000)
  assert.deepEqual(await noting(almost.id), { refused: 'too_many_notes' })
})

test('notes that come while the incident changes with its endpoint are all kept, and so are the changes', async (t) => {
  const { bus, board, onResult } = aHouse(t, [])
  await onResult(endpoint, aServerError())
  await onResult(endpoint, aServerError())
  const [opened] = board.incidents()
  assert.ok(opened)
  const incident = opened.id

  const asked: Promise<unknown>[] = []
  for (let i = 0; i < 50; i++) {
    const result = i % 2 === 0 ? aResult() : aServerError({ codes: [`HTTP:5${i}`] })
    asked.push(bus.request({ command: 'note', incident, by, text: `note ${i}` }))
    asked.push(onResult(endpoint, result))
    if (i === 20) asked.push(bus.request({ command: 'acknowledge', incident, by }))
  }
  await Promise.all(asked)
  await onResult(endpoint, aResult())
  await onResult(endpoint, aResult())

  const after = board.incident(incident)?.log.value
  assert.deepEqual(
    after?.notes.map(({ text }) => text),
    Array.from({ length: 50 }, (_, i) => `note ${i}`),
  )
  assert.deepEqual([after?.acknowledgedBy, after?.status], [by, 'resolved'])
})

test('an announcement is an incident of its own that only a person ends, whatever its payers’ endpoints do', async (t) => {
  const { bus, board, onResult } = aHouse(t, [])
  const said = { payers: ['aetna'], types: ['eligibility'], severity: 'major' as const, by }
  const text = 'slow until noon'
  const advice = { action: 'hold' as const }
  const opened = incidentOf(await bus.request({ command: 'announce', ...said, text, advice }))
  for (const result of [aServerError(), aServerError(), aResult(), aResult()])
    await onResult(endpoint, result)
  const others = [...board.incidents()].filter(({ id }) => id !== opened.id)

  assert.deepEqual(board.incident(opened.id)?.log.value, opened)
  assert.deepEqual(
    [opened.key, opened.scope, opened.endpoints, opened.cause.kind, opened.cause.message],
    [`manual|${opened.id}`, 'payer', [], 'announced', text],
  )
  assert.deepEqual(
    [opened.status, opened.acknowledgedBy, opened.advice],
    ['identified', by, advice],
  )
  assert.equal(others.length, 1)
  const over = incidentOf(await bus.request({ command: 'resolve', incident: opened.id, by }))
  assert.deepEqual([over.status, over.resolvedAt], ['resolved', '2026-01-01T00:00:00.000Z'])
})

test('what does not fit the record is refused, and says why', async (t) => {
  const { bus } = aHouse(t, [
    incidentRecord(1),
    incidentRecord(2, { key: 'manual|x', status: 'resolved' }),
    endpointRecord('aetna/api', {
      reason: { kind: 'not_probeable', codes: [], message: 'no address' },
    }),
  ])
  const [first, second] = [incidentRecord(1).id, incidentRecord(2).id]

  assert.deepEqual(
    await Promise.all([
      bus.request({ command: 'note', incident: 'inc_x', by, text: 'y' }),
      bus.request({ command: 'resolve', incident: first, by }),
      bus.request({ command: 'resolve', incident: second, by }),
      bus.request({ command: 'acknowledge', incident: second, by }),
      bus.request({ command: 'pause', endpoint: 'aetna/api', until: null, by }),
      bus.request({ command: 'pause', endpoint: 'aetna/nothing', until: null, by }),
    ]),
    [
      { refused: 'unknown_incident' },
      { refused: 'not_announced' },
      { refused: 'already_resolved' },
      { refused: 'already_resolved' },
      { refused: 'not_probeable' },
      { refused: 'unknown_endpoint' },
    ],
  )
})

test('a thousand announcements can be open, and no more', async (t) => {
  const open = Array.from({ length: 1_000 }, (_, i) => incidentRecord(i, { key: `manual|${i}` }))
  const { bus } = aHouse(t, open)
  const said = { payers: ['aetna'], types: [], severity: 'minor' as const, by, text: 'x' }
  const announce = () =>
    bus.request({ command: 'announce', ...said, advice: { action: 'proceed' } })

  assert.deepEqual(await announce(), { refused: 'too_many_announcements' })
  await bus.request({ command: 'resolve', incident: open[0]?.id ?? '', by })
  assert.ok('entry' in (await announce()))
})

test('who did what is logged and counted, and never what was written', async (t) => {
  const { bus, log, figures } = aHouse(t, [incidentRecord(1), endpointRecord(endpoint)])
  const incident = incidentRecord(1).id

  await bus.request({ command: 'note', incident, by, text: 'PSIO-CANARY' })
  await bus.request({ command: 'silence', endpoint, until: Date.UTC(2026, 0, 2), by })
  await bus.request({ command: 'resolve', incident, by })

  assert.deepEqual(log.lines, [
    { level: 'info', message: 'person acted', kind: 'note', by, incident },
    { level: 'info', message: 'person acted', kind: 'silence', by, endpoint },
    {
      level: 'info',
      message: 'person was refused',
      kind: 'resolve',
      by,
      incident,
      code: 'not_announced',
    },
  ])
  assert.doesNotMatch(JSON.stringify(log.lines), /CANARY/)
  const { actions, silenced } = figures()
  assert.deepEqual(actions.get('note'), { done: 1, refused: 0 })
  assert.deepEqual(actions.get('resolve'), { done: 0, refused: 1 })
  assert.equal(silenced, 1)
})
