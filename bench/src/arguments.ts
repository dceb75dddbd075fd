import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nearMatches } from '../../server/src/lib/ids.ts'

/** What is measured, and how. */
export type Wish = {
  names: readonly string[]
  rounds: number
  clients: number | undefined
  seconds: number
  isSmoke: boolean
  json: string | undefined
  checkout: string
}

/** What the command line asks for. */
export type Asked =
  | { do: 'help' }
  | { do: 'list' }
  | { do: 'report' }
  | { do: 'measure'; wish: Wish }
  | { do: 'refuse'; problem: string }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEFAULTS = { rounds: 5, seconds: 5 }
const SMOKE = { rounds: 1, seconds: 1 }
const WORDS = ['report']

/** Reads the command line; `known` are the scenarios there are. */
export function readArguments(argv: readonly string[], known: readonly string[]): Asked {
  try {
    const { values, positionals } = parse(argv)
    if (values.help) return { do: 'help' }
    if (values.list) return { do: 'list' }
    const unknown = positionals.find((name) => !known.includes(name) && !WORDS.includes(name))
    if (unknown !== undefined) return { do: 'refuse', problem: unknownName(unknown, known) }
    if (positionals.includes('report')) return report(positionals)
    return measure(values, positionals.length > 0 ? positionals : known)
  } catch (error) {
    return { do: 'refuse', problem: error instanceof Error ? error.message : String(error) }
  }
}

type Values = ReturnType<typeof parse>['values']

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const yes = { type: 'boolean' } as const
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      rounds: text,
      clients: text,
      seconds: text,
      json: text,
      checkout: text,
      smoke: yes,
      list: yes,
      help: { ...yes, short: 'h' },
    },
  })
}

function measure(values: Values, names: readonly string[]): Asked {
  const isSmoke = values.smoke ?? false
  const usual = isSmoke ? SMOKE : DEFAULTS
  const wish: Wish = {
    names,
    rounds: positive('rounds', values.rounds) ?? usual.rounds,
    clients: positive('clients', values.clients),
    seconds: positive('seconds', values.seconds) ?? usual.seconds,
    isSmoke,
    json: values.json,
    checkout: resolve(values.checkout ?? ROOT),
  }
  return { do: 'measure', wish }
}

function report(words: readonly string[]): Asked {
  if (words.length === 1) return { do: 'report' }
  return { do: 'refuse', problem: '"report" stands alone: it reads what was measured before' }
}

/** @throws when it is not a positive whole number */
function positive(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new Error(`--${flag} expects a positive whole number, got "${text}"`)
  return Number(text)
}

function unknownName(name: string, known: readonly string[]): string {
  const near = nearMatches(name, [...known, ...WORDS])
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'see --list'
  return `there is no scenario "${name}"; ${hint}`
}
