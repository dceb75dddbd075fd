/** `payer-status serve`: loads, starts, says where it is, waits for a signal, stops. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type App, startApp } from '../app/app.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { systemClock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import { createLog, type Log } from '../lib/log.ts'
import { type Asked, readArguments } from './arguments.ts'
import { HELP } from './help.ts'
import { type EndSignal, firstSignal } from './signals.ts'

/** Exit codes: all went well; the command line, the configuration or an address cannot be used. */
const OK = 0
const UNUSABLE = 2
/** What a shell shows of a process that a signal ended: 128 and the signal's number. */
const KILLED_BY = { SIGINT: 130, SIGTERM: 143 } as const
/** How much of the grace clients have to go; the rest is for what is left. */
const DRAIN_SHARE = 0.8

/** Runs the monitor until it is told to stop. @returns the exit code */
export async function serve(argv: readonly string[]): Promise<number> {
  const asked = readArguments(argv)
  switch (asked.do) {
    case 'help':
      return print(HELP)
    case 'version':
      return print(`${version()}\n`)
    case 'refuse':
      return complain(`${asked.problem}\nSee --help.`)
    case 'serve':
      return await run(asked)
  }
}

async function run(asked: Extract<Asked, { do: 'serve' }>): Promise<number> {
  const load = () =>
    loadConfig({
      path: asked.config,
      cwd: process.cwd(),
      env: process.env,
      flags: asked.settings,
      shipped: pathTo('../../../catalog/payers.yaml'),
    })
  let stopping = () => {}
  using signals = firstSignal(process, {
    clock: systemClock,
    again: (signal) => process.exit(KILLED_BY[signal]),
  })
  try {
    const config = await load()
    const log = createLog(logOptions(config))
    await using app = await start(config, load, log)
    print(banner(app, config))
    log.info({ count: app.catalogue.size.endpoints }, 'monitor started')
    const signal = await signals.signal
    stopping = exitAfter(config.shutdown.grace)
    log.info({ code: signal }, 'monitor is stopping')
    await app.drain(isImpatient(signal) ? 0 : config.shutdown.grace * DRAIN_SHARE)
  } catch (error) {
    if (error instanceof AppError) return complain(error.message)
    throw error
  }
  stopping()
  return OK
}

function start(config: Config, load: () => Promise<Config>, log: Log): Promise<App> {
  return startApp(config, load, {
    log,
    thread: logOptions(config),
    version: version(),
    boardDirectory: pathTo('../../../web/dist'),
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
function exitAfter(grace: number): () => void {
  return systemClock.after(grace, () => {
    complain(`not everything ended within ${grace} ms`)
    process.exit(OK)
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

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}

function version(): string {
  const { version } = JSON.parse(readFileSync(pathTo('../../package.json'), 'utf8')) as {
    version: string
  }
  return version
}

function pathTo(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url))
}

function print(text: string): number {
  process.stdout.write(text)
  return OK
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`)
  return UNUSABLE
}
