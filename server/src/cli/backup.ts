import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { every } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import { openDriver } from '../store/open-driver.ts'
import { unfinishedCopy } from '../store/sqlite-file.ts'
import { type Io, printable } from './io.ts'
import { Progress } from './progress.ts'
import { loadOptions, type SourceOptions, withSource } from './source-options.ts'

const EXAMPLES = `
Examples:
  payer-status backup history.db
  payer-status backup "/backups/$(date +%F).db" --config my.yaml
  payer-status backup history.db --store sqlite:/var/lib/payer-status.db

Copies the SQLite file that \`store.url\` names into a new file, as it is at one moment, also while the monitor writes to
it; nothing of the monitor waits. To restore, stop the monitor and put the copy where \`store.url\` says. Ends with 0 when the
copy is whole, with 2 when there is nothing to copy or it cannot be written; then there is no file.
`

const SQLITE = 'sqlite:'
const MIB = 1024 ** 2
/** How often it is said how far it is, ms. */
const TELL_EVERY_MS = 250

type Options = SourceOptions & { store?: string }

/** `payer-status backup FILE`: a copy of the store, while the monitor runs. */
export function backupCommand(io: Io): Command {
  return withSource(new Command('backup'))
    .description('copy the store into a new file, while the monitor runs')
    .argument('<file>', 'the copy; never over a file that is there')
    .allowExcessArguments(false)
    .option('--store <url>', 'what to copy, instead of what the configuration says')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { store, ...source }: Options) => {
      const settings: Record<string, string> = store === undefined ? {} : { 'store.url': store }
      const config = await loadConfig(loadOptions(source, io, settings))
      const copy = resolve(io.cwd, file)
      const bytes = await copied(sqlitePath(config.store.url.reveal(), io), copy, io)
      io.out.write(`${printable(copy)}: ${mib(bytes)} MiB\n`)
    })
}

function sqlitePath(url: string, { cwd }: Io): string {
  if (url === 'memory:')
    throw new AppError(
      'ERR_USAGE',
      'store.url is memory: expected a store that outlives the monitor',
    )
  if (!url.startsWith(SQLITE))
    throw new AppError('ERR_USAGE', 'store.url is PostgreSQL: back it up with pg_dump')
  return resolve(cwd, url.slice(SQLITE.length))
}

/** @returns how large the copy is, bytes */
async function copied(path: string, copy: string, io: Io): Promise<number> {
  await using driver = await openDriver(`${SQLITE}${path}`, { readOnly: true })
  const progress = new Progress(io, mib(await driver.size()), 'MiB copied')
  const tell = () => sizeOf(unfinishedCopy(copy)).then((bytes) => progress.reach(mib(bytes)))
  const stop = every(io.clock, TELL_EVERY_MS, () => void tell())
  try {
    await driver.backup(copy)
  } finally {
    stop()
    progress.end()
  }
  return await sizeOf(copy)
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

function mib(bytes: number): number {
  return Math.ceil(bytes / MIB)
}
