import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Vantage } from './vantage.ts'
import { VantageWatch } from './vantage-watch.ts'

const hosts = (count: number) => Array.from({ length: count }, (_, i) => `host-${i}`)

function aWatch(askControls?: () => Promise<boolean>) {
  const clock = new FakeClock()
  const changes: boolean[] = []
  const watch = new VantageWatch({
    clock,
    askControls,
    onChange: (offline) => changes.push(offline),
  })
  const all = (progress: 'nothing' | 'answered', count = 5) => {
    for (const host of hosts(count)) watch.observe(host, { at: clock.now(), progress })
  }
  return { clock, watch, changes, all }
}

test('five hosts that all fail before any answer make the vantage offline', () => {
  const { watch, changes, all } = aWatch()

  all('nothing')

  assert.equal(watch.isOffline, true)
  assert.deepEqual(changes, [true])
})

test('four hosts say nothing of our own network', () => {
  const { watch, all } = aWatch()

  all('nothing', 4)

  assert.equal(watch.isOffline, false)
})

test('when one of five answers exactly 80 % fail, and the vantage is not offline', () => {
  const vantage = new Vantage()
  vantage.observe('alive', 1_000, 'answered')
  for (const host of hosts(4)) vantage.observe(host, 1_000, 'nothing')

  assert.equal(vantage.isSuspect(1_000), false)
  vantage.observe('host-9', 1_000, 'connected')
  assert.equal(vantage.isSuspect(1_000), true)
})

test('attempts of more than a minute ago do not count', () => {
  const vantage = new Vantage()
  for (const host of hosts(5)) vantage.observe(host, 1_000, 'nothing')

  assert.equal(vantage.isSuspect(61_001), false)
})

test('probes that were never sent say nothing', () => {
  const vantage = new Vantage()
  for (const host of hosts(9)) vantage.observe(host, 1_000, 'unsent')

  assert.equal(vantage.isSuspect(1_000), false)
})

test('a control that answers keeps the vantage online and is a witness', async () => {
  const { clock, watch, all } = aWatch(async () => true)

  all('nothing')
  await clock.advance(1)

  assert.equal(watch.isOffline, false)
  assert.equal(watch.answeredElsewhereAt('host-1'), clock.now() - 1)
})

test('controls that fail too, or break, make the vantage offline', async () => {
  const failing = aWatch(async () => false)
  const broken = aWatch(() => Promise.reject(new Error('no')))

  failing.all('nothing')
  broken.all('nothing')
  await failing.clock.advance(1)

  assert.equal(failing.watch.isOffline, true)
  assert.equal(broken.watch.isOffline, true)
})

test('controls are asked once, not for every failing probe', async () => {
  let asked = 0
  const { clock, all } = aWatch(async () => {
    asked++
    return true
  })

  all('nothing', 50)
  await clock.advance(1)
  all('nothing', 50)

  assert.equal(asked, 1)
})

test('an answer brings the vantage back once most hosts answer again', () => {
  const { clock, watch, changes, all } = aWatch()
  all('nothing')

  watch.observe('host-0', { at: clock.now(), progress: 'answered' })
  const afterOne = watch.isOffline
  watch.observe('host-1', { at: clock.now(), progress: 'answered' })

  assert.equal(afterOne, false)
  assert.deepEqual(changes, [true, false])
})

test('the witness of a host is always another host', () => {
  const vantage = new Vantage()
  vantage.observe('a', 1_000, 'answered')
  vantage.observe('b', 2_000, 'answered')
  vantage.observe('b', 3_000, 'answered')

  assert.equal(vantage.answeredElsewhereAt('a'), 3_000)
  assert.equal(vantage.answeredElsewhereAt('b'), 1_000)
  assert.equal(vantage.answeredElsewhereAt('c'), 3_000)
})

test('a single host has no witness', () => {
  const vantage = new Vantage()
  vantage.observe('a', 1_000, 'answered')

  assert.equal(vantage.answeredElsewhereAt('a'), null)
})

test('hosts that are no longer probed are forgotten', () => {
  const vantage = new Vantage()
  for (const host of hosts(5)) vantage.observe(host, 1_000, 'nothing')

  vantage.keepOnly(new Set(['host-1']))

  assert.equal(vantage.isSuspect(1_000), false)
})
