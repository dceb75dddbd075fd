import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArguments } from './arguments.ts'

const KNOWN = ['fanout', 'fanout-single', 'memory']

test('without arguments everything is measured', () => {
  const asked = readArguments([], KNOWN)

  assert.ok(asked.do === 'measure')
  assert.deepEqual(asked.wish.names, KNOWN)
  assert.equal(asked.wish.rounds, 5)
  assert.equal(asked.wish.clients, undefined)
})

test('flags and names are taken', () => {
  const asked = readArguments(
    ['memory', '--rounds=2', '--clients', '500', '--json', 'x.json'],
    KNOWN,
  )

  assert.ok(asked.do === 'measure')
  assert.deepEqual(asked.wish.names, ['memory'])
  assert.equal(asked.wish.rounds, 2)
  assert.equal(asked.wish.clients, 500)
  assert.equal(asked.wish.json, 'x.json')
})

test('a smoke run is one short round unless something else is said', () => {
  const asked = readArguments(['--smoke', '--seconds', '2'], KNOWN)

  assert.ok(asked.do === 'measure')
  assert.equal(asked.wish.rounds, 1)
  assert.equal(asked.wish.seconds, 2)
})

test('an unknown name is refused with near ones', () => {
  assert.deepEqual(readArguments(['fanuot'], KNOWN), {
    do: 'refuse',
    problem: 'there is no scenario "fanuot"; did you mean fanout?',
  })
})

for (const argv of [['--rounds', '0'], ['--clients', 'many'], ['--nonsense'], ['report', 'memory']])
  test(`${argv.join(' ')} is refused`, () => {
    assert.equal(readArguments(argv, KNOWN).do, 'refuse')
  })

test('the report, the list and help are asked for by a word', () => {
  assert.equal(readArguments(['report'], KNOWN).do, 'report')
  assert.equal(readArguments(['--list'], KNOWN).do, 'list')
  assert.equal(readArguments(['-h'], KNOWN).do, 'help')
})
