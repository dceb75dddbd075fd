/** `payer-status export`: history as CSV or NDJSON, while the monitor runs or when it does not. */
import { resolve } from 'node:path'
import { Argument, Command, Option } from 'commander'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { AppError } from '../lib/errors.ts'
import { openReader, type StoreReader } from '../store/reader.ts'
import { csvLine } from './csv.ts'
import { KINDS, type Kind, type Row, type Wanted } from './export-rows.ts'
import type { Io } from './io.ts'
import { Progress } from './progress.ts'
import { selected } from './selection.ts'
import { fileSink, pipeSink, type Sink } from './sink.ts'
import { loadOptions, type SourceOptions, withSource } from './source-options.ts'
import { durationOf, momentOf } from './span.ts'

const EXAMPLES = `
Examples:
  payer-status export incidents --from 30d
  payer-status export uptime --from 2026-01-01 --to 2026-07-01 --out uptime.csv
  payer-status export results --endpoint aetna/eligibility --from 24h --format ndjson | jq .codes
  payer-status export latency --payer aetna --step 1d | column -s, -t

  results    every probe's result, as long as results are kept
  timeline   every change of status; the first is the one in force at --from
  latency    counts and percentiles for each step
  incidents  newest first; all that were open at some time between --from and --to
  uptime     minutes per status and availability of each UTC day

Reads the SQLite file or the PostgreSQL schema that \`store.url\` names as it is at one moment, also while the monitor
writes to it. Lists are written with spaces between their parts; times are UTC. Ends with 0, also when whoever reads the
output leaves early, and with 2 when there is nothing to read or FILE cannot be written; then there is no file.
`

const SQLITE = 'sqlite:'
const MIN_STEP_MS = 5 * 60_000
/** Characters that are gathered before they are written. */
const GATHERED = 64 * 1024

type Options = SourceOptions & {
  store?: string
  format: 'csv' | 'ndjson'
  from?: number
  to?: number
  endpoint?: string[]
  payer?: string[]
  step: number
  out: string
}

/** The command. */
export function exportCommand(io: Io): Command {
  const now = io.clock.now()
  const moment = (text: string) => momentOf(text, now)
  return withSource(new Command('export'))
    .description('write history as CSV or NDJSON, while the monitor runs or when it does not')
    .addArgument(new Argument('<what>', 'which history').choices(Object.keys(KINDS)))
    .allowExcessArguments(false)
    .addOption(new Option('--format <format>', 'how').choices(['csv', 'ndjson']).default('csv'))
    .option(
      '--from <time>',
      'begin: a date, a time, or how long ago; all there is unless given',
      moment,
    )
    .option('--to <time>', 'end, exclusive; now unless given', moment)
    .option('--endpoint <id...>', 'only these endpoints')
    .option('--payer <name...>', 'only these payers')
    .addOption(
      new Option('--step <duration>', 'how long each step of latency is, 5m or more')
        .argParser(durationOf)
        .default(3_600_000, '1h'),
    )
    .option('--out <file>', 'a new file, or - for the standard output', '-')
    .option('--store <url>', 'what to read, instead of what the configuration says')
    .addHelpText('after', EXAMPLES)
    .action((what: Kind, options: Options) => exported(what, { ...options, now }, io))
}

async function exported(what: Kind, options: Options & { now: number }, io: Io): Promise<void> {
  const { store, now, config: file, network, format } = options
  const source = { ...(file && { config: file }), ...(network && { network }) }
  const settings: Record<string, string> = store === undefined ? {} : { 'store.url': store }
  const config = await loadConfig(loadOptions(source, io, settings))
  const span = spanOf(options, config)
  const { fiveMinutesFor } = config.store
  await using reader = await openReader(addressOf(config, io), { now, fiveMinutesFor })
  const endpoints = chosen(config, reader, options)
  await using sink =
    options.out === '-' ? pipeSink(io) : await fileSink(resolve(io.cwd, options.out))
  const progress = progressOf(io, { what, isFile: options.out !== '-' })
  const isAll = options.endpoint === undefined && options.payer === undefined
  const stepMs = options.step
  const { reached } = progress
  await written(sink, {
    what,
    format,
    wanted: { reader, endpoints, isAll, stepMs, now, reached, ...span },
  })
  progress.end()
}

function spanOf({ from, to, step, now }: Options & { now: number }, { store }: Config) {
  if (step < MIN_STEP_MS) throw new AppError('ERR_USAGE', '--step: expected at least 5m')
  const oldest = Math.max(0, now - store.historyFor)
  const span = { from: Math.max(from ?? oldest, oldest), to: Math.min(to ?? now, now) }
  if (span.from >= span.to)
    throw new AppError('ERR_USAGE', '--from: expected a time before --to, and before now')
  return span
}

function addressOf({ store }: Config, { cwd }: Io): string {
  const url = store.url.reveal()
  if (url === 'memory:')
    throw new AppError(
      'ERR_USAGE',
      'store.url is memory: expected a store that outlives the monitor',
    )
  return url.startsWith(SQLITE) ? `${SQLITE}${resolve(cwd, url.slice(SQLITE.length))}` : url
}

/** Ids of the endpoints that are wanted: configured ones, and those that only history knows any more. */
function chosen(config: Config, { endpoints: kept }: StoreReader, options: Options): string[] {
  const payers = new Map(config.payers.map((entry) => [entry.payer, entry]))
  const ids = new Set([...config.endpoints.map(({ id }) => id), ...kept])
  const endpoints = [...ids].sort().map((id) => {
    const payer = id.slice(0, id.indexOf('/'))
    if (!payers.has(payer)) payers.set(payer, { payer, name: payer, aliases: [], identifiers: [] })
    return { id, payer, type: '' }
  })
  const { payer, endpoint } = options
  const named = { ...(payer && { payer }), ...(endpoint && { endpoint }) }
  return selected({ payers: [...payers.values()], endpoints }, named).map(({ id }) => id)
}

type Writing = { what: Kind; format: Options['format']; wanted: Wanted }

async function written(sink: Sink, { what, format, wanted }: Writing): Promise<void> {
  const { columns, rows } = KINDS[what]
  const lineOf =
    format === 'csv'
      ? (row: Row) => csvLine(columns.map((name) => row[name] ?? null))
      : (row: Row) => `${JSON.stringify(row, [...columns])}\n`
  let text = format === 'csv' ? csvLine(columns) : ''
  for await (const some of rows(wanted)) {
    for (const row of some) text += lineOf(row)
    if (text.length < GATHERED) continue
    if (!(await sink.write(text))) return
    text = ''
  }
  await sink.write(text)
  await sink.finish()
}

/** How far it is, on a terminal that the rows do not go to as well. */
function progressOf(io: Io, { what, isFile }: { what: Kind; isFile: boolean }) {
  const isShown = io.err.isTTY === true && (isFile || io.out.isTTY !== true)
  let progress: Progress | undefined
  return {
    reached(done: number, of: number): void {
      if (!isShown) return
      progress ??= new Progress(io, of, what === 'uptime' ? 'days read' : 'endpoints read')
      progress.reach(done)
    },
    end: () => progress?.end(),
  }
}
