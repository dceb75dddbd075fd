import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Incident, State } from '@payer-status/protocol'
import { endpointRecord, incidentRecord, payerRecord } from '../../test/support/board-with.ts'
import { ask } from '../../test/support/http-client.ts'
import { apiKey, settings, startHttp } from '../../test/support/http-monitor.ts'
import { aHouse } from '../../test/support/people-house.ts'
import { Problem } from './problem.ts'

const incident = incidentRecord(1).id
const notes = `/api/v1/incidents/${incident}/notes`
const endpoint = '/api/v1/endpoints/aetna/eligibility'
const keys = [apiKey('night-shift', ['write']), apiKey('prober', ['probe'])]

/** A listener on a log on which people act, asked as through a proxy. */
async function aMonitor(t: TestContext) {
  const house = aHouse(t, [
    payerRecord('aetna', { name: 'Aetna', identifiers: [{ scheme: 'x12', value: '60054' }] }),
    payerRecord('cigna', { name: 'Cigna' }),
    endpointRecord('aetna/eligibility', { capability: 'eligibility' }),
    endpointRecord('aetna/login', { capability: 'provider_portal' }),
    endpointRecord('cigna/login', { capability: 'provider_portal' }),
    incidentRecord(1),
  ])
  const { port } = await startHttp(t, { ...house, settings: settings({ keys }) })
  const post = async (path: string, body?: unknown, key = 'night-shift') => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const headers = {
      host: 'localhost',
      'x-forwarded-for': '192.0.2.1',
      authorization: `Bearer ${key}`,
      ...(text !== '' && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    }
    const answer = await ask(port, { method: 'POST', path, headers, body: text })
    return { status: answer.status, json: JSON.parse(answer.text) as unknown, text: answer.text }
  }
  return { ...house, port, post }
}

test('a note is added in the name of the key, and the answer is the incident', async (t) => {
  const { post, board } = await aMonitor(t)

  const { status, json } = await post(notes, { text: '  AAA 42 since 11:58, INC0012345  ' })

  const answered = Incident.parse(json)
  assert.equal(status, 200)
  assert.deepEqual(
    answered.notes.map(({ by, text }) => [by, text]),
    [['night-shift', 'AAA 42 since 11:58, INC0012345']],
  )
  assert.deepEqual(answered, JSON.parse(board.incident(incident)?.json ?? ''))
})

test('without a key on loopback it is said to be local', async (t) => {
  const { port } = await aMonitor(t)
  const headers = { host: 'localhost', 'content-type': 'application/json', 'content-length': 12 }
  const withoutKeys = await startHttp(t, aHouse(t, [incidentRecord(1)]))

  const refused = await ask(port, { method: 'POST', path: notes, headers, body: '{"text":"x"}' })
  const path = `/api/v1/incidents/${incident}/acknowledge`
  const local = await ask(withoutKeys.port, {
    method: 'POST',
    path,
    headers: { host: 'localhost' },
  })

  assert.equal(Incident.parse(JSON.parse(refused.text)).notes[0]?.by, 'local')
  assert.equal(Incident.parse(JSON.parse(local.text)).acknowledgedBy, 'local')
})

test('every action needs the scope write, before anything is read or told', async (t) => {
  const { post, log } = await aMonitor(t)
  const paths = [
    '/api/v1/incidents',
    notes,
    `/api/v1/incidents/${incident}/acknowledge`,
    `/api/v1/incidents/${incident}/resolve`,
    `${endpoint}/pause`,
    `${endpoint}/resume`,
    `${endpoint}/silence`,
    '/api/v1/endpoints/no/body/pause',
  ]

  for (const path of paths) {
    assert.equal((await post(path, { nonsense: 1 }, 'prober')).status, 403, path)
    assert.equal(
      (await post(path, { nonsense: 1 }, 'nobody')).status,
      path === paths[0] ? 401 : 401,
    )
    assert.ok(log.lines.every(({ message }) => message !== 'person acted'))
  }
})

test('a text with an identifier is refused by rule and place, quoted nowhere, and written nowhere', async (t) => {
  const { post, board, log } = await aMonitor(t)
  const announcement = { payers: ['aetna'], severity: 'minor' }

  for (const [path, body] of [
    [notes, {}],
    ['/api/v1/incidents', announcement],
  ] as const) {
    const { json, text } = await post(path, { ...body, text: 'fails for 123-45-6789, a@b.example' })
    const problem = Problem.parse(json)
    assert.deepEqual([problem.status, problem.code], [422, 'private_text'])
    assert.deepEqual(problem.issues, [
      'body text: characters 11 to 21 look like a social security number (social_security_number)',
      'body text: characters 24 to 34 look like an e-mail address (email)',
    ])
    assert.doesNotMatch(text, /6789|b\.example/)
  }
  assert.equal([...board.incidents()].length, 1)
  assert.deepEqual(board.incident(incident)?.log.value?.notes, [])
  assert.doesNotMatch(JSON.stringify(log.lines), /6789|b\.example/)
})

const BODIES: [path: string, body: unknown][] = [
  [notes, undefined],
  [notes, null],
  [notes, []],
  [notes, {}],
  [notes, { text: 1 }],
  [notes, { text: '   ' }],
  [notes, { text: 'x'.repeat(501) }],
  [notes, { text: 'a\u0000b' }],
  [notes, { text: '\u001b[31mred' }],
  [notes, { text: '\ud800' }],
  [notes, { text: 'x', by: 'somebody else' }],
  ['/api/v1/incidents', { payers: [], severity: 'minor', text: 'x' }],
  ['/api/v1/incidents', { payers: ['nobody'], severity: 'minor', text: 'x' }],
  ['/api/v1/incidents', { payers: ['aetna'], types: ['nothing'], severity: 'minor', text: 'x' }],
  ['/api/v1/incidents', { payers: ['aetna'], severity: 'terrible', text: 'x' }],
  ['/api/v1/incidents', { payers: Array(101).fill('aetna'), severity: 'minor', text: 'x' }],
  [
    '/api/v1/incidents',
    { payers: ['aetna'], severity: 'minor', text: 'x', advice: { action: 'x' } },
  ],
  [`${endpoint}/pause`, { until: 'tomorrow' }],
  [`${endpoint}/pause`, { until: '2026-01-01T00:00:00Z' }],
  [`${endpoint}/pause`, { until: '2027-01-03T00:00:00Z' }],
  [`${endpoint}/pause`, { until: '9999-12-31T23:59:59Z' }],
  [`${endpoint}/silence`, undefined],
  [`${endpoint}/silence`, {}],
  [`${endpoint}/silence`, { until: 1 }],
]

test('what is not as expected is refused and changes nothing', async (t) => {
  const { post, bus } = await aMonitor(t)
  const { rev } = bus

  for (const [path, body] of BODIES) {
    const { status, json } = await post(path, body)
    assert.equal(status, 400, `${path} ${JSON.stringify(body)}`)
    Problem.parse(json)
  }
  assert.equal(bus.rev, rev)
})

test('an announcement names payers by any name, is found by who follows one of their types, and ends by hand', async (t) => {
  const { post, board } = await aMonitor(t)
  const said = {
    payers: ['60054', 'Aetna'],
    types: ['Eligibility'],
    severity: 'critical',
    text: 'out',
  }

  const opened = Incident.parse((await post('/api/v1/incidents', said)).json)

  assert.deepEqual(
    [opened.payers, opened.types, opened.severity],
    [['aetna'], ['Eligibility'], 'critical'],
  )
  assert.deepEqual(opened.advice, { action: 'proceed' })
  const seenBy = (key: string, clause: { payer?: string; endpoint?: string }) =>
    board
      .present({
        key,
        matches: (about) =>
          (clause.payer === undefined || about.payer === clause.payer) &&
          (clause.endpoint === undefined || about.endpoint === clause.endpoint),
      })
      .incidents.some(({ log }) => log.id === opened.id)
  assert.ok(seenBy('a', { payer: 'aetna' }))
  assert.ok(seenBy('b', { endpoint: 'aetna/eligibility' }))
  assert.ok(!seenBy('c', { endpoint: 'aetna/login' }))
  assert.ok(!seenBy('d', { payer: 'cigna' }))
  const path = `/api/v1/incidents/${opened.id}/resolve`
  assert.equal(Incident.parse((await post(path)).json).status, 'resolved')
  assert.equal(Problem.parse((await post(path)).json).code, 'conflict')
})

test('an endpoint is paused with or without an end, silenced, and resumed', async (t) => {
  const { post } = await aMonitor(t)
  const stateAfter = async (what: string, body?: unknown) =>
    State.parse((await post(`${endpoint}/${what}`, body)).json)
  const until = '2026-01-02T00:00:00.000Z'

  const ended = await stateAfter('pause', { until: '2026-01-02T01:00:00+01:00' })
  assert.deepEqual(
    [ended.status, ended.reason?.kind, ended.paused],
    ['unknown', 'paused', { until }],
  )
  assert.deepEqual((await stateAfter('pause')).paused, { until: null })
  assert.equal((await stateAfter('silence', { until })).silencedUntil, until)
  const resumed = await stateAfter('resume')
  assert.deepEqual([resumed.paused, resumed.silencedUntil], [undefined, until])
  assert.equal((await stateAfter('silence', { until: null })).silencedUntil, undefined)
})

test('a paused endpoint is not probed by hand either', async (t) => {
  const { post, port } = await aMonitor(t)
  await post(`${endpoint}/pause`)

  const answer = await ask(port, {
    method: 'POST',
    path: `${endpoint}/probe`,
    headers: { host: 'localhost' },
  })

  assert.deepEqual(
    [answer.status, Problem.parse(JSON.parse(answer.text)).code],
    [409, 'not_probeable'],
  )
})

test('what nobody knows is 404, and what cannot be done is 409', async (t) => {
  const { post } = await aMonitor(t)
  const codeOf = async (path: string, body?: unknown) => {
    const { status, json } = await post(path, body)
    return [status, Problem.parse(json).code]
  }

  assert.deepEqual(await codeOf('/api/v1/incidents/inc_x/notes', { text: 'x' }), [404, 'not_found'])
  assert.deepEqual(await codeOf('/api/v1/endpoints/aetna/logon/pause'), [404, 'unknown_name'])
  assert.deepEqual(await codeOf(`/api/v1/incidents/${incident}/resolve`), [409, 'conflict'])
})
