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
import { readSections } from './original-sections.ts'
import { inputsOf, placeIn, readOurs, withoutNulls } from './ours.ts'
import {
  CONFIG_VARIABLE,
  isMapping,
  type Override,
  overridesOf,
  type Variables,
} from './overrides.ts'
import type { PayerInput } from './payers.ts'
import { type Place, type Problem, problemTexts, type Source } from './problem.ts'
import { profilesOf, withProfiles } from './profiles.ts'
import { type Resolved, resolve } from './resolve.ts'
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
  /** The main file, its endpoints with what their profiles say. */
  main: Source
  settings: File | undefined
  inputs: PayerInput[]
  values: ReadonlyMap<Source, unknown>
  problems: Problem[]
  warnings: Problem[]
}

/** The configuration, with what is needed to tell who said what. */
export type Loaded = {
  config: Config
  main: Source
  overrides: readonly Override[]
  /** What each file says, with everything filled in; settings from outside are in the main file's. */
  values: ReadonlyMap<Source, unknown>
  /** Where each endpoint is written, by its id. */
  places: ReadonlyMap<string, Place>
}

/** Loads and checks everything. @throws {ConfigError} with all problems at once */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { config } = await loadWithOrigins(options)
  return config
}

/** The same, with who said what. @throws {ConfigError} with all problems at once */
export async function loadWithOrigins(options: LoadOptions): Promise<Loaded> {
  const { overrides, problems } = overridesOf(options.env, options.flags)
  const seen = new SeenFiles()
  const refusal = (problems: Problem[]) => new ConfigError(problemTexts(problems), seen.all)
  const written = await readSource(await chosenFile(options, seen), { cwd: options.cwd, seen })
  if (Array.isArray(written)) throw refusal([...problems, ...written])
  const isOurs = isMapping(written.value) && Object.hasOwn(written.value, 'version')
  const read = isOurs
    ? await readInOurFormat(written, overrides, { ...options, seen })
    : readInOriginalFormat(written, overrides, options.env)
  const { main } = read
  problems.push(...read.problems)
  if (read.settings === undefined) throw refusal(problems)

  const placeOf = (path: Problem['path']) => placeIn(main, overrides, path)
  const directory = dirname(main.path)
  const tlsFiles = await readTlsFiles(read.inputs, read.settings.defaults, { directory, seen })
  const tls = new TlsMaker(tlsFiles, read.settings.defaults, directory)
  const resolved = resolve(read.inputs, { defaults: read.settings.defaults, placeOf, tls })
  problems.push(...resolved.problems)
  if (problems.length > 0) throw refusal(problems)
  const warnings = problemTexts([...read.warnings, ...resolved.warnings])
  const config = configOf(read.settings, resolved, { main, files: seen.all, warnings })
  return { config, main, overrides, values: read.values, places: resolved.places }
}

type Around = { main: Source; files: Config['files']; warnings: string[] }

function configOf(
  { version, defaults, profiles, include, payers, ...settings }: File,
  resolved: Resolved,
  { main, files, warnings }: Around,
): Config {
  const isEmpty = resolved.endpoints.length === 0
  return {
    ...camelKeys(settings),
    source: main.shown,
    files,
    payers: resolved.payers,
    endpoints: resolved.endpoints,
    maintenance: resolved.maintenance,
    warnings: [...warnings, ...(isEmpty ? [`${main.shown}: no endpoint is watched`] : [])],
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
  written: Source,
  overrides: readonly Override[],
  { env, cwd, seen }: LoadOptions & { seen: SeenFiles },
): Promise<Read> {
  const variable = (name: string) => env[name]
  const included = await readIncluded(written, includesOf(written), { cwd, seen })
  const profiles = profilesOf(written)
  const { source: main, problems } = withProfiles(written, profiles)
  const profiled = included.sources.map((source) => withProfiles(source, profiles))
  const sources = [main, ...profiled.map(({ source }) => source)]
  const secrets = await readSecrets(sources, { variable, seen })
  const own = readOurs(main, File, { lookup: secrets.lookupFor(main), overrides })
  const others = profiled.map(({ source }) => ({
    source,
    ...readOurs(source, IncludedFile, { lookup: secrets.lookupFor(source), overrides: [] }),
  }))
  return {
    main,
    settings: own.data,
    values: new Map([
      [main, own.value] as const,
      ...others.map(({ source, value }) => [source, value] as const),
    ]),
    inputs: [
      ...inputsOf(main, own.data?.payers ?? []),
      ...others.flatMap(({ source, data }) => inputsOf(source, data?.payers ?? [])),
    ],
    problems: [
      ...problems,
      ...profiled.flatMap((one) => one.problems),
      ...own.problems,
      ...included.problems,
      ...others.flatMap(({ problems }) => problems),
    ],
    warnings: [],
  }
}

/** What `include` lists; what is no text there is told by the schema. */
function includesOf(main: Source): readonly unknown[] {
  const include = isMapping(main.value) ? main.value.include : undefined
  return Array.isArray(include) ? include : [include]
}

function readInOriginalFormat(main: Source, overrides: readonly Override[], env: Variables): Read {
  const sections = readSections(withoutNulls(main.value))
  const ours = { ...main, value: { version: 1, ...sections.settings } }
  const lookup = { variable: () => undefined, file: () => ({ mistake: '' }) }
  const settings = readOurs(ours, File, { lookup, overrides })
  const original = readOriginal(withoutNulls(main.texts()), env, withoutNulls(main.value))
  return {
    main,
    settings: settings.data,
    values: new Map([[main, settings.value]]),
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
    warnings: [...sections.remarks, ...original.remarks].map((remark) => ({
      source: main,
      ...remark,
    })),
  }
}
