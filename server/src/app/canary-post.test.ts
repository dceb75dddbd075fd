import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CanaryPost } from './canary-post.ts'

const NOW = Date.UTC(2026, 0, 1)

test('what is new is measured from the end of its probe, the longest of a frame', () => {
  const post = new CanaryPost(0)
  const latencyOf = (...agoMs: number[]) => post.hear(updates(1, ...agoMs), at(NOW))

  assert.equal(latencyOf(40), 40)
  assert.equal(latencyOf(40), undefined) // told again, for another reason
  assert.equal(latencyOf(39, 10, 25, 5_000), 39) // another kept its old result
  assert.equal(latencyOf(), undefined)
})

test('a result of the future is none, and does not hide what comes after', () => {
  const post = new CanaryPost(0)

  const future = post.hear(updates(1, -60_000), at(NOW))
  const after = post.hear(updates(2, 20), at(NOW))

  assert.deepEqual([future, after], [undefined, 20])
})

test('a greeting is answered with where the log is, and is no sign that anything is pushed', () => {
  const post = new CanaryPost(0)
  const said: string[] = []
  post.arrive({ say: (text) => said.push(text), end() {} }, 1_000)

  post.hear('{"type":"hello","epoch":"e1","rev":7,"server":"x"}', at(NOW, 2_000))
  const greeted = [post.heardAt, post.wasHeard, post.lastSignAt]
  post.hear('{"type":"heartbeat","rev":7,"at":""}', at(NOW, 3_000))

  assert.deepEqual(
    said.map((text) => JSON.parse(text)),
    [{ type: 'subscribe', detail: 'result', since: { epoch: 'e1', rev: 7 } }],
  )
  assert.deepEqual(greeted, [0, false, 1_000])
  assert.deepEqual([post.heardAt, post.wasHeard], [3_000, true])
})

test('it falls behind once, until it is told', () => {
  const post = new CanaryPost(0)

  const unheard = post.isBehind(9)
  post.hear(updates(8), at(NOW))
  const fell = [post.noteBehind(9), post.noteBehind(9), post.noteBehind(10)]
  post.hear(updates(10), at(NOW))
  const again = [post.noteBehind(10), post.noteBehind(11)]

  assert.equal(unheard, false)
  assert.deepEqual(
    [fell, again],
    [
      [true, false, false],
      [false, true],
    ],
  )
})

test('of two connections only its own is lost', () => {
  const post = new CanaryPost(0)
  const [own, other] = [line(), line()]
  post.arrive(own, 0)

  assert.deepEqual([post.lose(other), post.lose(own), post.lose(own)], [false, true, false])
})

function line() {
  return { say() {}, end() {} }
}

function at(now: number, monotonic = 0) {
  return { now, monotonic }
}

/** A frame with results that ended so many ms ago. */
function updates(rev: number, ...agoMs: number[]): string {
  const endpoints = agoMs.map((ago) => ({ result: { at: new Date(NOW - ago).toISOString() } }))
  return JSON.stringify({ type: 'updates', rev, endpoints })
}
