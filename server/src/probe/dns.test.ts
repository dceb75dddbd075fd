import assert from 'node:assert/strict'
import { pbkdf2 } from 'node:crypto'
import type { LookupAddress } from 'node:dns'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { DnsCache, type Resolve, systemResolve } from './dns.ts'

const HOME: LookupAddress[] = [{ address: '192.0.2.1', family: 4 }]
const AWAY: LookupAddress[] = [{ address: '192.0.2.2', family: 4 }]
const hardWork = promisify(pbkdf2)
const usual = { timeout: 2_000, fresh: false }

test('an answer is remembered until its maximum age, and not a moment longer', async () => {
  const clock = new FakeClock()
  const { cache, asked } = cacheOf(clock, async () => HOME)

  const first = await cache.addresses('a.example', usual)
  await clock.advance(59_999)
  const second = await cache.addresses('a.example', usual)
  await clock.advance(1)
  const third = await cache.addresses('a.example', usual)

  assert.deepEqual(first, { addresses: HOME, cached: false })
  assert.deepEqual(second, { addresses: HOME, cached: true })
  assert.equal(third.cached, false)
  assert.equal(asked.length, 2)
})

test('a fresh question takes no remembered answer, and its own is remembered', async () => {
  const answers = [HOME, AWAY]
  const { cache } = cacheOf(new FakeClock(), async () => answers.shift() ?? [])
  await cache.addresses('a.example', usual)

  const fresh = await cache.addresses('a.example', { ...usual, fresh: true })
  const after = await cache.addresses('a.example', usual)

  assert.deepEqual(fresh, { addresses: AWAY, cached: false })
  assert.deepEqual(after, { addresses: AWAY, cached: true })
})

test('many who ask for one name at the same time cause one question', async () => {
  const pending = Promise.withResolvers<LookupAddress[]>()
  const { cache, asked } = cacheOf(new FakeClock(), () => pending.promise)

  const asking = Array.from({ length: 50 }, () => cache.addresses('a.example', usual))
  pending.resolve(HOME)
  const answers = await Promise.all(asking)

  assert.equal(asked.length, 1)
  assert.ok(answers.every(({ addresses }) => addresses === HOME))
})

test('that a name does not exist is remembered for five seconds, also for fresh questions', async () => {
  const clock = new FakeClock()
  const { cache, asked } = cacheOf(clock, async () => {
    throw Object.assign(new Error('nothing there'), { code: 'ENOTFOUND' })
  })

  await assert.rejects(cache.addresses('a.example', usual), { code: 'dns.nxdomain' })
  await clock.advance(4_999)
  await assert.rejects(cache.addresses('a.example', { ...usual, fresh: true }), {
    code: 'dns.nxdomain',
  })
  const before = asked.length
  await clock.advance(1)
  await assert.rejects(cache.addresses('a.example', usual), { code: 'dns.nxdomain' })

  assert.equal(before, 1)
  assert.equal(asked.length, 2)
})

test('a resolver that fails is told apart from a name that does not exist', async () => {
  const { cache } = cacheOf(new FakeClock(), async () => {
    throw Object.assign(new Error('try again'), { code: 'EAI_AGAIN' })
  })

  await assert.rejects(cache.addresses('a.example', usual), { code: 'dns.servfail' })
})

test('a name without any address counts as one that does not exist', async () => {
  const { cache } = cacheOf(new FakeClock(), async () => [])

  await assert.rejects(cache.addresses('a.example', usual), { code: 'dns.nxdomain' })
})

test('a question that is still open is not asked again, and everybody waits within a bound', async () => {
  const clock = new FakeClock()
  const { cache, asked } = cacheOf(clock, () => new Promise(() => {}))

  const first = assert.rejects(cache.addresses('a.example', usual), {
    code: 'dns.timeout',
    message: 'the host name was not resolved in 2000 ms',
  })
  await clock.advance(2_000)
  await first
  const second = assert.rejects(cache.addresses('a.example', { timeout: 500, fresh: true }), {
    code: 'dns.timeout',
    message: 'the host name was not resolved in 500 ms',
  })
  await clock.advance(500)
  await second

  assert.deepEqual(asked, ['a.example'])
  assert.equal(clock.waiting, 0)
})

test('an answer that comes too late for one is there for the next', async () => {
  const clock = new FakeClock()
  const pending = Promise.withResolvers<LookupAddress[]>()
  const { cache, asked } = cacheOf(clock, () => pending.promise)
  const first = assert.rejects(cache.addresses('a.example', usual), { code: 'dns.timeout' })
  await clock.advance(2_000)
  await first

  const second = cache.addresses('a.example', usual)
  pending.resolve(HOME)

  assert.deepEqual(await second, { addresses: HOME, cached: false })
  assert.deepEqual(await cache.addresses('a.example', usual), { addresses: HOME, cached: true })
  assert.equal(asked.length, 1)
})

test('a name whose question ended too late is asked anew after five seconds', async () => {
  const clock = new FakeClock()
  const pending = Promise.withResolvers<LookupAddress[]>()
  const answers = [pending.promise, Promise.resolve(HOME)]
  const { cache, asked } = cacheOf(clock, () => answers.shift() ?? Promise.resolve([]))
  const first = assert.rejects(cache.addresses('a.example', usual), { code: 'dns.timeout' })
  await clock.advance(2_000)
  await first
  pending.reject(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }))
  await clock.advance(5_000)

  const { addresses } = await cache.addresses('a.example', usual)

  assert.equal(addresses, HOME)
  assert.equal(asked.length, 2)
})

test('addresses and localhost are answered while all of the resolver’s threads are busy', async () => {
  const work = Array.from({ length: 8 }, () => hardWork('', '', 50_000, 64, 'sha512'))
  let done = 0
  for (const piece of work) piece.then(() => done++)

  const answers = await Promise.all(['localhost', '192.0.2.1', '2001:db8::1'].map(systemResolve))

  assert.equal(done, 0)
  assert.deepEqual(
    answers.map((all) => all.map(({ address }) => address)),
    [['127.0.0.1', '::1'], ['192.0.2.1'], ['2001:db8::1']],
  )
  await Promise.all(work)
})

test('no timer is left once a name is resolved', async () => {
  const clock = new FakeClock()
  const { cache } = cacheOf(clock, async () => HOME)

  await cache.addresses('a.example', usual)

  assert.equal(clock.waiting, 0)
})

test('the number of remembered names is bounded', async () => {
  const { cache, asked } = cacheOf(new FakeClock(), async () => HOME)

  for (let i = 0; i <= 10_000; i++) await cache.addresses(`host-${i}.example`, usual)
  await cache.addresses('host-0.example', usual)

  assert.equal(cache.size, 10_000)
  assert.equal(asked.length, 10_002)
})

function cacheOf(clock: FakeClock, answer: Resolve): { cache: DnsCache; asked: string[] } {
  const asked: string[] = []
  const resolve: Resolve = (hostname) => {
    asked.push(hostname)
    return answer(hostname)
  }
  return { cache: new DnsCache({ clock, maxAge: 60_000, resolve }), asked }
}
