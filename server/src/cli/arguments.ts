import { parseArgs } from 'node:util'
import { errorCode } from '../lib/errors.ts'
import { nearMatches } from '../lib/ids.ts'

/** Flags of `serve` that set a setting, and which. */
const SETTINGS = {
  host: 'server.host',
  port: 'server.port',
  'metrics-port': 'metrics.port',
  'log-level': 'log.level',
  network: 'defaults.network',
} as const

const FLAGS = [...Object.keys(SETTINGS), 'config', 'help', 'version']

/** What the command line asks for. */
export type Asked =
  | { do: 'help' }
  | { do: 'version' }
  | { do: 'serve'; config: string | undefined; settings: Record<string, string> }
  | { do: 'refuse'; problem: string }

/** Reads the command line of `payer-status [serve]`. */
export function readArguments(argv: readonly string[]): Asked {
  try {
    const { values, positionals } = parse(argv)
    if (values.help) return { do: 'help' }
    if (values.version) return { do: 'version' }
    const [command = 'serve', extra] = positionals
    if (command !== 'serve') return refuse(`unknown command "${shown(command)}", expected "serve"`)
    if (extra !== undefined) return refuse(`unexpected argument "${shown(extra)}"`)
    return { do: 'serve', config: values.config, settings: settingsOf(values) }
  } catch (error) {
    return refuse(sentenceOf(error, argv))
  }
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const yes = { type: 'boolean' } as const
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      config: text,
      host: text,
      port: text,
      'metrics-port': text,
      'log-level': text,
      network: text,
      help: { ...yes, short: 'h' },
      version: { ...yes, short: 'v' },
    },
  })
}

function settingsOf(values: Record<string, string | boolean | undefined>): Record<string, string> {
  const given = Object.entries(SETTINGS).flatMap(([flag, path]) => {
    const value = values[flag]
    return typeof value === 'string' ? [[path, value]] : []
  })
  return Object.fromEntries(given)
}

function refuse(problem: string): Asked {
  return { do: 'refuse', problem }
}

function sentenceOf(error: unknown, argv: readonly string[]): string {
  if (errorCode(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const flag = argv.find((arg) => /^--?/.test(arg) && !FLAGS.includes(nameOf(arg))) ?? '?'
    const [near] = nearMatches(nameOf(flag), FLAGS)
    return `unknown flag ${shown(flag.split('=')[0] ?? '')}${near ? `, did you mean --${near}?` : ''}`
  }
  return 'a flag lacks its value, or has one that it does not take; see --help'
}

function nameOf(argument: string): string {
  return argument.replace(/^--?/, '').split('=')[0] ?? ''
}

/** An argument as an error may show it: short, and without control characters. */
function shown(argument: string): string {
  return argument.replace(/\p{C}/gu, '?').slice(0, 60)
}
