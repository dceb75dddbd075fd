import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Runs a command where no route leads out: only loopback, in a network namespace of its own. */
const ALONE = ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']

/** Whether this machine lets us make a network namespace; says so when it does not. */
function canBeAlone(t: TestContext): boolean {
  const [program = '', ...args] = ALONE
  const isAble = spawnSync(program, [...args, 'true']).status === 0
  if (!isAble) t.skip('not run: needs unshare and ip, and the right to use them')
  return isAble
}

test('the shipped catalogue, where no route leads out, shows the vantage offline and not one payer down', async (t) => {
  if (!canBeAlone(t)) return
  const script = fileURLToPath(new URL('../support/watch-offline.ts', import.meta.url))
  const [program = '', ...args] = ALONE

  const { stdout, stderr } = spawnSync(
    program,
    [...args, process.execPath, '--conditions=source', script],
    {
      encoding: 'utf8',
      timeout: 60_000,
    },
  )
  const seen = JSON.parse(stdout.trim().split('\n').at(-1) || `"${stderr}"`)

  assert.deepEqual(seen, {
    endpoints: 119,
    statuses: ['unknown'],
    reasons: ['vantage_offline'],
    everDown: false,
  })
})
