import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { endpointId } from './monitor-config.ts'

/** Writes one subscription a line, each to other endpoints. @returns the file */
export async function writeFilters(
  bench: Bench,
  { endpoints, perFilter }: { endpoints: number; perFilter: number },
): Promise<string> {
  const lines = Array.from({ length: Math.floor(endpoints / perFilter) }, (_, filter) => {
    const ids = Array.from({ length: perFilter }, (_, i) => endpointId(filter * perFilter + i))
    return JSON.stringify({ type: 'subscribe', filter: [{ endpoints: ids }] })
  })
  const file = join(bench.folder, `filters-${endpoints}-${perFilter}.txt`)
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}
