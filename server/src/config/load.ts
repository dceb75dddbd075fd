/**
 * Loads the configuration: chooses the file, reads it and what it refers to, checks everything, resolves it.
 * A flag goes before a variable, a variable before the file, the file before what is built in.
 */
import { access } from 'node:fs/promises'
import { resolve as absolute, dirname } from 'node:path'
import { ConfigError } from '../lib/errors.ts'
import { camelKeys } from './camel-keys.ts'
import type { Config } from './config.ts'
import { readOriginal } from './original.ts'
import { inputsOf, placeIn, readOurs, withoutNulls } from './ours.ts'
import {
  CONFIG_VARIABLE,
  isMapping,
  type Override,
  overridesOf,
  type Variables,
} from './overrides.ts'
import type { PayerInput } from './payers.ts'
import { type Problem, problemTexts, type Source } from './problem.ts'
import { resolve } from './resolve.ts'
import { File, IncludedFile } from './schema.ts'
import { SeenFiles } from './seen.ts'
import { readIncluded, readSecrets, readSource } from './source.ts'
import { TlsMaker } from './tls.ts'
import { readTlsFiles } from './tls-files.ts'

/** What decides the configuration. */
export type LoadOptions = {
  /** The file, as the command line names it. */
  path: string | undefined
  cwd: string
  env: Variables
  /** Settings of the command line: dotted snake_case path to text, such as `server.port` to `9000`. */
  flags: Readonly<Record<string, string>>
  /** The absolute path of the file that is used where there is no other. */
  shipped: string
}

/** What was read, before payers are resolved. */
type Read = {
  settings: File | undefined
  inputs: PayerInput[]
  problems: Problem[]
  warnings: Problem[]
}

/** Loads and checks everything. @throws {ConfigError} with all problems at once */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { overrides, problems } = overridesOf(options.env, options.flags)
  const seen = new SeenFiles()
  const refusal = (problems: Problem[]) => new ConfigError(problemTexts(problems), seen.all)
  const main = await readSource(await chosenFile(options, seen), { cwd: options.cwd, seen })
  if (Array.isArray(main)) throw refusal([...problems, ...main])
  const isOurs = isMapping(main.value) && Object.hasOwn(main.value, 'version')
  const read = isOurs
    ? await readInOurFormat(main, overrides, { ...options, seen })
    : readInOriginalFormat(main, overrides, options.env)
  problems.push(...read.problems)
  if (read.settings === undefined) throw refusal(problems)

  const { version, defaults, include, payers, ...settings } = read.settings
  const placeOf = (path: Problem['path']) => placeIn(main, overrides, path)
  const directory = dirname(main.path)
  const tlsFiles = await readTlsFiles(read.inputs, defaults, { directory, seen })
  const tls = new TlsMaker(tlsFiles, defaults, directory)
  const resolved = resolve(read.inputs, { defaults, placeOf, tls })
  problems.push(...resolved.problems)
  if (problems.length > 0) throw refusal(problems)
  return {
    ...camelKeys(settings),
    source: main.shown,
    files: seen.all,
    payers: resolved.payers,
    endpoints: resolved.endpoints,
    warnings: [
      ...problemTexts([...read.warnings, ...resolved.warnings]),
      ...(resolved.endpoints.length === 0 ? [`${main.shown}: no endpoint is watched`] : []),
    ],
  }
}

/** The file to read. One that would be read instead if it were there is looked at too. */
async function chosenFile(options: LoadOptions, seen: SeenFiles): Promise<string> {
  const { path, cwd, env, shipped } = options
  const named = path ?? (env[CONFIG_VARIABLE] || env.CONFIG_PATH)
  if (named) return absolute(cwd, named)
  const usual = absolute(cwd, 'payers.yaml')
  await seen.look(usual)
  return access(usual).then(
    () => usual,
    () => shipped,
  )
}

async function readInOurFormat(
  main: Source,
  overrides: readonly Override[],
  { env, cwd, seen }: LoadOptions & { seen: SeenFiles },
): Promise<Read> {
  const variable = (name: string) => env[name]
  const included = await readIncluded(main, includesOf(main), { cwd, seen })
  const sources = [main, ...included.sources]
  const secrets = await readSecrets(sources, { variable, seen })
  const own = readOurs(main, File, { lookup: secrets.lookupFor(main), overrides })
  const others = included.sources.map((source) => ({
    source,
    ...readOurs(source, IncludedFile, { lookup: secrets.lookupFor(source), overrides: [] }),
  }))
  return {
    settings: own.data,
    inputs: [
      ...inputsOf(main, own.data?.payers ?? []),
      ...others.flatMap(({ source, data }) => inputsOf(source, data?.payers ?? [])),
    ],
    problems: [
      ...own.problems,
      ...included.problems,
      ...others.flatMap(({ problems }) => problems),
    ],
    warnings: [],
  }
}

/** The patterns of `include`, where they are texts; what else they are is told by the schema. */
function includesOf(main: Source): string[] {
  const include = isMapping(main.value) ? main.value.include : undefined
  const patterns: unknown[] = Array.isArray(include) ? include : [include]
  return patterns.filter((pattern) => typeof pattern === 'string')
}

function readInOriginalFormat(main: Source, overrides: readonly Override[], env: Variables): Read {
  const nothing = { ...main, value: { version: 1 } }
  const lookup = { variable: () => undefined, file: () => ({ mistake: '' }) }
  const settings = readOurs(nothing, File, { lookup, overrides })
  const original = readOriginal(withoutNulls(main.texts()), env)
  return {
    settings: settings.data,
    inputs: original.payers.map(({ payer, blocked }, i) => ({
      source: main,
      path: ['payers', i],
      payer,
      lenient: true,
      blocked,
    })),
    problems: [
      ...settings.problems,
      ...original.mistakes.map((mistake) => ({ source: main, ...mistake })),
    ],
    warnings: original.remarks.map((remark) => ({ source: main, ...remark })),
  }
}
