import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Components, componentsOf } from './components.ts'
import { failingTogether } from './together.ts'

const MINUTE = 60_000

test('an endpoint shares its host, its domain, its route and its payer, the most specific first', () => {
  const place = { host: 'portal.availity.com:443', via: 'availity' }

  assert.deepEqual(componentsOf('aetna', place), [
    'host|portal.availity.com:443',
    'platform|availity.com',
    'intermediary|availity',
    'payer|aetna',
  ])
})

test('an address, and a domain of its own, stand in no other domain; a direct route is shared by nobody', () => {
  for (const host of ['10.0.0.1:8080', '[::1]:443', 'aetna.com', 'localhost:80'])
    assert.deepEqual(componentsOf('aetna', { host, via: 'direct' }), [
      `host|${host}`,
      'payer|aetna',
    ])
})

test('an endpoint that moves is counted where it is now, and fails there only when that is noted', () => {
  const components = new Components()
  components.place('a/1', 'a', { host: 'old', via: 'direct' })
  components.note('a/1', 5)

  components.place('a/1', 'a', { host: 'new', via: 'direct' })

  assert.equal(components.members('host|old').size, 0)
  assert.equal(components.failing('host|old').size, 0)
  assert.equal(components.members('host|new').size, 1)
  assert.equal(components.isFailing('a/1'), false)
  components.place('a/1', 'a', undefined)
  assert.equal(components.members('payer|a').size, 0)
})

test('that an endpoint is down is news once', () => {
  const components = new Components()
  components.place('a/1', 'a', { host: 'h', via: 'direct' })

  assert.equal(components.note('a/1', 5), true)
  assert.equal(components.note('a/1', 5), false)
  assert.equal(components.note('a/1', undefined), false)
  assert.equal(components.note('a/1', 5), true)
})

function onHosts(sizes: readonly number[], failing: readonly number[], payers = 100): Components {
  const components = new Components()
  sizes.forEach((size, host) => {
    for (let i = 0; i < size; i++) {
      const payer = `p${(host * 31 + i) % payers}`
      const id = `${payer}/${host}-${i}`
      components.place(id, payer, { host: `h${host}`, via: 'hub' })
      if (i < (failing[host] ?? 0)) components.note(id, i * MINUTE)
    }
  })
  return components
}

function known(components: Components, counts: (id: string) => boolean = () => true) {
  return { counts, narrower: (id: string) => `host|${components.hostOf(id)}` }
}

const of = (sizes: number[], failing: number[], payers?: number) => {
  const components = onHosts(sizes, failing, payers)
  return failingTogether(components, 'intermediary|hub', known(components))?.length
}

test('what is wider than a host takes three payers, three in ten, and more than one host', () => {
  assert.equal(of([5, 5], [2, 2]), 4)
  assert.equal(of([5, 5], [2, 2], 2), undefined)
  assert.equal(of([7, 7], [2, 2]), undefined)
  assert.equal(of([10], [10]), undefined)
})

test('what is wider than a host must fail without its worst host too', () => {
  assert.equal(of([10, 10], [10, 2]), undefined)
  assert.equal(of([10, 10], [10, 3]), 13)
})

test('of a host, three within ten minutes and three in ten are enough', () => {
  const host = (size: number, failing: number, counts?: (id: string) => boolean) => {
    const components = onHosts([size], [failing], 1)
    return failingTogether(components, 'host|h0', known(components, counts))?.length
  }

  assert.equal(host(10, 3), 3)
  assert.equal(host(10, 2), undefined)
  assert.equal(host(11, 3), undefined)
  assert.equal(
    host(10, 3, (id) => !id.endsWith('-0')),
    undefined,
  )
  assert.equal(host(20, 20), 11)
})
