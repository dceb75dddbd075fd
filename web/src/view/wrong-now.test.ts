import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { State } from '@payer-status/client'
import { incident, payer, state, window } from '../../test/support/records.ts'
import { storeOf } from '../../test/support/store-of.ts'
import { usualWorld } from '../../test/support/usual-world.ts'
import { calmWorld } from '../../test/support/world.ts'
import { cardsOf } from './wrong-now.ts'

const payers = [payer('aetna', { name: 'Aetna' }), payer('cigna', { name: 'Cigna' })]
const portal = { type: 'login', capability: 'provider_portal' } as const
const slow: Partial<State> = {
  status: 'degraded',
  attribution: 'payer',
  advice: { action: 'retry_after', retryAfterMs: 300_000 },
  reason: { kind: 'slow', codes: [], message: 'slower than 20 s' },
}

test('where all is well there are no cards', () => {
  assert.deepEqual(cardsOf(storeOf(calmWorld())), [])
})

test('an incident says who, what is wrong, whose doing, since when and what to do', () => {
  const endpoints = [state('aetna/login', { ...portal, status: 'down' })]
  const open = incident('i1', { payers: ['aetna'], endpoints: ['aetna/login'] })

  const [card] = cardsOf(storeOf({ payers, endpoints, incidents: [open] }))

  assert.equal(card?.title, 'Aetna · Portal')
  assert.equal(card?.status, 'down')
  assert.equal(card?.sentence, 'The payer\u2019s own system could not respond (AAA 42).')
  assert.equal(card?.since, Date.parse(open.openedAt))
  assert.equal(card?.advice?.text, 'Hold')
  assert.deepEqual(card?.tags, ['payer'])
  assert.equal(card?.payer, 'aetna')
})

test('an endpoint that an incident speaks of has no card of its own', () => {
  const endpoints = [state('aetna/login', { ...portal, status: 'down' })]
  const incidents = [incident('i1', { payers: ['aetna'], endpoints: ['aetna/login'] })]

  assert.equal(cardsOf(storeOf({ payers, endpoints, incidents })).length, 1)
})

test('a child stands under its parent, and alone when the parent is over', () => {
  const child = incident('child', { parent: 'top' })

  assert.deepEqual(
    cardsOf(storeOf({ incidents: [incident('top'), child] })).map(({ key }) => key),
    ['top'],
  )
  assert.deepEqual(
    cardsOf(storeOf({ incidents: [child] })).map(({ key }) => key),
    ['child'],
  )
})

test('an incident of several payers names them, and what they have in common', () => {
  const endpoints = [
    state('aetna/login', { ...portal, status: 'down' }),
    state('cigna/login', { ...portal, status: 'down' }),
  ]
  const shared = incident('i1', {
    scope: 'host',
    payers: ['aetna', 'cigna'],
    endpoints: ['aetna/login', 'cigna/login'],
  })

  const [card] = cardsOf(storeOf({ payers, endpoints, incidents: [shared] }))

  assert.equal(card?.title, 'Aetna and Cigna')
  assert.deepEqual(card?.tags, ['payer', '2 endpoints', 'Portal'])
  assert.equal(card?.payer, undefined)
})

test('endpoints of one payer with the same trouble share a card', () => {
  const endpoints = [
    state('aetna/login', { ...portal, ...slow }),
    state('aetna/eligibility', { type: 'eligibility', capability: 'eligibility', ...slow }),
    state('cigna/login', { ...portal, ...slow }),
  ]

  const cards = cardsOf(storeOf({ payers, endpoints }))

  assert.deepEqual(cards.map(({ title }) => title).sort(), [
    'Aetna · Eligibility and Portal',
    'Cigna · Portal',
  ])
  assert.equal(cards[0]?.advice?.text, 'Retry after 5 min')
})

test('maintenance says until when', () => {
  const endpoints = [state('aetna/login', { ...portal, status: 'maintenance' })]
  const maintenance = [window('mw_1', { payer: 'aetna' })]

  const [card] = cardsOf(storeOf({ payers, endpoints, maintenance }))

  assert.equal(card?.until, Date.parse('2026-01-01T14:00:00.000Z'))
  assert.match(card?.advice?.text ?? '', /^Wait until/)
  assert.equal(card?.sentence, 'The far side says that it is under maintenance.')
})

test('the unknown is not wrong', () => {
  assert.deepEqual(cardsOf(storeOf({ endpoints: [state('a/x', { status: 'unknown' })] })), [])
})

test('the worst come first, and among equals the newest', () => {
  const statuses = cardsOf(storeOf(usualWorld())).map(({ status }) => status)

  assert.deepEqual(statuses, ['down', 'down', 'degraded', 'maintenance'])
})

test('an incident of endpoints that nobody knows is shown all the same', () => {
  const [card] = cardsOf(
    storeOf({ incidents: [incident('i1', { payers: ['gone'], endpoints: ['gone/x'] })] }),
  )

  assert.equal(card?.status, 'down')
  assert.equal(card?.title, 'gone')
})
