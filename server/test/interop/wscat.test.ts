import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ServerFrame, type V1Result } from '@payer-status/protocol'
import type { Monitor } from '../support/a-monitor.ts'
import { Program } from './a-program.ts'
import { aSmallWorld } from './a-small-world.ts'
import { v1Result } from './v1-result.ts'

const WSCAT = fileURLToPath(new URL('../../../node_modules/.bin/wscat', import.meta.url))
const SUBSCRIBE = '{"type":"subscribe","detail":"status"}'

let shared: Promise<Monitor> | undefined
after(async () => (await shared)?.[Symbol.asyncDispose]())

/** Runs wscat against the monitor of this file; undefined, and the test skipped, where it is missing. */
async function wscat(t: TestContext, ...args: string[]): Promise<Program | undefined> {
  if (!existsSync(WSCAT)) {
    t.skip('not run: needs wscat (npm install)')
    return undefined
  }
  shared ??= aSmallWorld()
  const { ws } = await shared
  const program = new Program(process.execPath, [WSCAT, '--connect', ws, ...args])
  t.after(() => program[Symbol.asyncDispose]())
  return program
}

test('wscat subscribes to v2 as the documentation shows, prints hello and a snapshot, and leaves', async (t) => {
  const program = await wscat(t, '-s', 'payer-status-v2', '-w', '1', '-x', SUBSCRIBE)
  if (program === undefined) return

  const frames = (await program.rest()).map((line) => ServerFrame.parse(JSON.parse(line)))

  const [hello, snapshot] = frames.filter(({ type }) => type !== 'heartbeat')
  assert.equal(hello?.type, 'hello')
  assert.ok(snapshot?.type === 'snapshot')
  assert.equal(snapshot.endpoints?.length, 4)
  assert.equal(await program.ended, 0, program.errors)
})

test('wscat without a subprotocol speaks v1 and prints every result at once', async (t) => {
  const program = await wscat(t)
  if (program === undefined) return

  const first = v1Result(await program.said())
  program.say('{"action":"subscribe","payers":["Cigna"],"types":["login"]}')
  const filtered = await program.saidUntil<V1Result>(
    ({ payer, type }) => payer === 'Cigna' && type === 'login',
  )
  program.child.stdin.end()

  assert.match(first.payer, /^(Aetna|Cigna)$/)
  assert.ok(filtered.length > 0)
  assert.equal(await program.ended, 0, program.errors)
})

test('wscat that offers both subprotocols gets v2', async (t) => {
  const program = await wscat(t, '-s', 'payer-status-v1', '-s', 'payer-status-v2')
  if (program === undefined) return

  assert.equal((await program.said<ServerFrame>()).type, 'hello')
})

test('wscat that offers an unknown subprotocol is told of the refusal', async (t) => {
  const program = await wscat(t, '-s', 'graphql-ws')
  if (program === undefined) return

  assert.notEqual(await program.ended, 0)
  assert.match(program.errors, /Unexpected server response: 400/)
})

test('wscat pings, and is answered with the same words', async (t) => {
  const program = await wscat(t, '-s', 'payer-status-v2', '--slash', '--show-ping-pong')
  if (program === undefined) return
  const hello = await program.line()

  program.say('/ping hello')
  program.say('/close 3333 goodbye')
  const rest = await program.rest()

  assert.match(hello ?? '', /"type":"hello"/)
  assert.ok(rest.includes('Received pong (data: "hello")'), rest.join())
  assert.equal(await program.ended, 0, program.errors)
})
