/**
 * A process that commits to a store as fast as it can until it is killed. It waits for a line on standard input, so that
 * starting it takes none of the time of who kills it, and says the number of each commit once it is acknowledged.
 */
import { readSync, writeSync } from 'node:fs'
import { openSqlite } from '../../src/store/sqlite.ts'

/** Journals that are kept. */
const KEPT = 20

const [file = ''] = process.argv.slice(2)
readSync(0, new Uint8Array(1))
const driver = openSqlite(file)
const loaded = await driver.load()
for (let n = Number(loaded.meta.get('n') ?? 0) + 1; ; n++) {
  const packed = new Uint8Array(500 + (n % 7) * 900).fill(n % 256)
  await driver.commit({
    meta: new Map([['n', String(n)]]),
    entries: [
      { kind: 'endpoint', id: 'a', value: null, rev: n, statusRev: n, resultRev: n, at: n },
    ],
    journal: { id: n, packed },
    packedUpTo: n - KEPT,
    chunks: [1, 2, 3].map((endpoint) => ({ endpoint, at: n * 60_000, rows: n, packed })),
    timeline: [{ endpoint: 1, at: n, status: 'down', planned: false, gap: false }],
    ...(n % 10 === 0 && { expire: { chunks: (n - 60) * 60_000, timeline: n - 60 } }),
  })
  writeSync(1, `${n}\n`)
}
