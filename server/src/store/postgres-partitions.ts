import type { PgClient } from './postgres-client.ts'

const DAY_MS = 86_400_000
/** Periods of a roll-up in a partition: a day of five minutes, twelve of hours. */
const PERIODS = 288

/** A stretch of time of chunks (`resolution` 0) or roll-ups. */
type Partition = { name: string; resolution: number; starts: number; ends: number }

/** The partitions that are there. What it knows is as of the last commit. */
export class PostgresPartitions {
  readonly #known = new Set<string>()

  /** Makes what is missing for rows at these times, and the partition after each; within a transaction. */
  async ensure(client: PgClient, resolution: number, times: readonly number[]): Promise<void> {
    const length = resolution === 0 ? DAY_MS : Math.max(resolution * PERIODS, DAY_MS)
    const needed = new Set(
      times.flatMap((at) => [Math.floor(at / length), Math.floor(at / length) + 1]),
    )
    for (const number of needed) {
      const starts = number * length
      const name = `${resolution === 0 ? 'chunk' : `rollup_${resolution}`}_${number}`
      if (!this.#known.has(name))
        await make(client, { name, resolution, starts, ends: starts + length })
      this.#known.add(name)
    }
  }

  /** Drops what lies before a time altogether, and says that nothing before it counts. */
  async expire(client: PgClient, resolution: number, before: number): Promise<void> {
    await client.query(
      `INSERT INTO floor VALUES ($1, $2) ON CONFLICT (resolution) DO UPDATE SET at = greatest(floor.at, excluded.at)`,
      [resolution, before],
    )
    const { rows } = await client.query(
      'DELETE FROM piece_partition WHERE resolution = $1 AND ends <= $2 RETURNING name',
      [resolution, before],
    )
    for (const { name } of rows) {
      await client.query(`DROP TABLE ${name}`)
      this.#known.delete(name)
    }
  }

  /** Forgets what may have been rolled back. */
  reset(): void {
    this.#known.clear()
  }
}

async function make(
  client: PgClient,
  { name, resolution, starts, ends }: Partition,
): Promise<void> {
  const { rowCount } = await client.query(
    'INSERT INTO piece_partition VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [name, resolution, starts, ends],
  )
  if (rowCount === 0) return
  const [parent, key] = resolution === 0 ? ['chunk', ''] : ['rollup', `${resolution}, `]
  await client.query(
    `CREATE TABLE ${name} PARTITION OF ${parent} FOR VALUES FROM (${key}${starts}) TO (${key}${ends})`,
  )
}
