/** `payer-status serve`: loads, starts, says where it is, waits for a signal, stops. */
import { Command } from 'commander'
import { type App, startApp } from '../app/app.ts'
import type { Config } from '../config/config.ts'
import { type LoadOptions, loadConfig } from '../config/load.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog, type Log } from '../lib/log.ts'
import { type Ending, EXIT, type Io } from './io.ts'
import { type EndSignal, firstSignal } from './signals.ts'
import { loadOptions, type SourceOptions, withSource } from './source-options.ts'
import { count } from './validate.ts'
import { shipped, version } from './version.ts'
import { refuseWords } from './words.ts'

/** What a shell shows of a process that a signal ended: 128 and the signal's number. */
const KILLED_BY = { SIGINT: 130, SIGTERM: 143 } as const
/** How much of the grace clients have to go; the rest is for what is left. */
const DRAIN_SHARE = 0.8

const EXAMPLES = `
Examples:
  payer-status serve --config my.yaml
  payer-status serve --port 0 --metrics-port 0     any free ports, printed
  PAYER_STATUS_SERVER_PORT=9000 payer-status
`

/** Flags that set a setting, and which. */
const SETTINGS = {
  host: 'server.host',
  port: 'server.port',
  metricsPort: 'metrics.port',
  logLevel: 'log.level',
  store: 'store.url',
} as const

type Options = SourceOptions & { [Flag in keyof typeof SETTINGS]?: string }

/** Runs the monitor until it is told to stop. */
export function serveCommand(io: Io, end: Ending): Command {
  return withSource(new Command('serve'))
    .description('watch and push; what is run without a command')
    .option('--host <address>', 'address to listen on (127.0.0.1; 0.0.0.0 for all)')
    .option('--port <port>', 'port of board, REST and WebSocket (8080; 0 for any free one)')
    .option('--metrics-port <port>', 'port of /metrics (9090)')
    .option('--log-level <level>', 'debug, info, warn or error (info)')
    .option(
      '--store <url>',
      'where history is kept (sqlite:data/payer-status.db); or memory:, postgres://...',
    )
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments()
    .action(async (options: Options, command: Command) => {
      refuseWords(command, command.args)
      end(await run(loadOptions(options, io, settingsOf(options)), io))
    })
}

function settingsOf(options: Options): Record<string, string> {
  const flags = Object.entries(SETTINGS) as [keyof typeof SETTINGS, string][]
  return Object.fromEntries(
    flags.flatMap(([flag, path]) => {
      const value = options[flag]
      return value === undefined ? [] : [[path, value]]
    }),
  )
}

async function run(options: LoadOptions, io: Io): Promise<number> {
  const load = () => loadConfig(options)
  using signals = firstSignal(process, {
    clock: systemClock,
    again: (signal) => process.exit(KILLED_BY[signal]),
  })
  const config = await load()
  const log = createLog(logOptions(config))
  const stopping = await watch({ config, load, log, io, signals })
  stopping()
  return EXIT.ok
}

type Watching = {
  config: Config
  load: () => Promise<Config>
  log: Log
  io: Io
  signals: { signal: Promise<EndSignal> }
}

/** @returns what calls off the last resort */
async function watch({ config, load, log, io, signals }: Watching): Promise<() => void> {
  await using app = await startUnless(signals.signal, log, () => start(config, load, log))
  using _ = onHangup(() => void app.reload())
  io.out.write(banner(app, config))
  log.info({ count: app.catalogue.size.endpoints }, 'monitor started')
  const signal = await signals.signal
  const stopping = exitAfter(config.shutdown.grace, io)
  log.info({ code: signal }, 'monitor is stopping')
  await app.drain(isImpatient(signal) ? 0 : config.shutdown.grace * DRAIN_SHARE)
  return stopping
}

/** Starts; a signal before that is over ends the process, since nobody has been told anything yet. */
async function startUnless(
  signal: Promise<EndSignal>,
  log: Log,
  begin: () => Promise<App>,
): Promise<App> {
  let isStarting = true
  void signal.then((code) => {
    if (!isStarting) return
    log.info({ code }, 'monitor is stopping')
    process.exit(EXIT.ok)
  })
  try {
    return await begin()
  } finally {
    isStarting = false
  }
}

/** SIGHUP, by custom, makes a daemon read its configuration again. */
function onHangup(reload: () => void): Disposable {
  process.on('SIGHUP', reload)
  return { [Symbol.dispose]: () => void process.off('SIGHUP', reload) }
}

function start(config: Config, load: () => Promise<Config>, log: Log): Promise<App> {
  return startApp(config, load, {
    log,
    thread: logOptions(config),
    version: version(),
    boardDirectory: shipped('web/dist'),
  })
}

function logOptions({ log }: Config) {
  return { level: log.level, isTerminal: process.stderr.isTTY === true }
}

/** Somebody at a terminal does not want to wait for clients. */
function isImpatient(signal: EndSignal): boolean {
  return signal === 'SIGINT' && process.stdin.isTTY === true
}

/** The last resort when something does not end within the grace. */
function exitAfter(grace: number, { err }: Io): () => void {
  return systemClock.after(grace, () => {
    err.write(`not everything ended within ${grace} ms\n`)
    process.exit(EXIT.ok)
  })
}

function banner(app: App, config: Config): string {
  const { payers, endpoints } = app.catalogue.size
  return [
    `Payer Status Monitor ${version()}`,
    `  Board      ${app.url}/`,
    `  WebSocket  ${app.url.replace('http', 'ws')}/ws`,
    `  Metrics    ${app.metricsUrl}/metrics`,
    `  Watching   ${count(payers, 'payer')}, ${count(endpoints, 'endpoint')} (${config.source})`,
    '  Stop       Ctrl+C',
    '',
  ].join('\n')
}
