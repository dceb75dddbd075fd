import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Begun } from '../support/crashing-monitor.ts'
import { type Killable, monitorsOver } from '../support/killed-monitors.ts'
import { ReturningClient } from '../support/returning-client.ts'

const KILLS = 50
/** Monitors that are started ahead, and wait. */
const AHEAD = 3
const DOWN = 'aetna/e0'

test('a monitor that is killed 50 times while it writes goes on with the same log and incident, and so does its client', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-kill-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'history.db')
  const start = await monitorsOver(t, { folder, file })
  const ahead: Killable[] = []
  const client = new ReturningClient()
  t.after(() => client.leave())
  const next = async (): Promise<{ monitor: Killable; begun: Begun }> => {
    while (ahead.length < AHEAD) ahead.push(start())
    const monitor = ahead.shift() ?? assert.fail()
    const begun = await monitor.begin()
    client.at(begun.port)
    return { monitor, begun }
  }

  let { monitor, begun } = await next()
  await client.until(({ open, statuses }) => open.size > 0 && statuses.get(DOWN) === 'down')
  await monitor.after('written', 2)
  const open = [...client.open.values()]
  for (let kill = 0; kill < KILLS; kill++) {
    await monitor.after('writing', randomInt(1, 4))
    client.isAway()
    await monitor.kill()
    const before = begun
    const seen = client.position
    ;({ monitor, begun } = await next())
    await client.until(({ position }) => position !== undefined && position.rev >= begun.rev)

    assert.equal(begun.epoch, before.epoch)
    assert.ok(begun.rev > before.rev && begun.rev >= (seen?.rev ?? 0))
    assert.deepEqual(begun.open, open)
    assert.deepEqual(withTrouble(begun), [[DOWN, 'down']])
    assert.deepEqual([...client.open.values()], open)
  }
  const present = await monitor.end()
  await client.until(({ position }) => position !== undefined && position.rev >= present.rev)
  await monitor.kill()

  const revs = Object.entries(present.endpoints).map(([id, { rev }]) => [id, rev])
  assert.deepEqual(Object.fromEntries(client.revs), Object.fromEntries(revs))
  assert.deepEqual([...client.epochs], [begun.epoch])
  assert.deepEqual([client.forgotten, client.steppedBack], [[], []])
  assert.deepEqual(integrityOf(file), ['ok'])
})

/** The endpoints that are not operational, with their status. */
function withTrouble({ endpoints }: Begun): string[][] {
  const statuses = Object.entries(endpoints).map(([id, { status }]) => [id, status])
  return statuses.filter(([, status]) => status !== 'operational')
}

function integrityOf(file: string): unknown[] {
  const database = new DatabaseSync(file, { readOnly: true })
  const row = database.prepare('PRAGMA integrity_check').get()
  database.close()
  return Object.values(row ?? {})
}
