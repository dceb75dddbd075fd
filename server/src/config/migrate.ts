/** Rewrites a file in the original service's format in ours; what people wrote around it, comments too, stays. */
import { literal, migrateEndpoint, migrateReferences } from './migrate-endpoint.ts'
import { readSections, SECTION_NAMES } from './original-sections.ts'
import { isMapping } from './overrides.ts'
import { quoted } from './problem.ts'
import { parseYaml, type SyntaxMistake } from './yaml.ts'
import {
  asWritten,
  type Document,
  keysOf,
  mapIn,
  mapsIn,
  replaceText,
  type YAMLMap,
} from './yaml-nodes.ts'

/** The file in our format, and what somebody should know or do. */
export type Migrated = { text: string; notes: string[] }

/** How often the original probes what has no schedule. */
const USUAL_INTERVAL = '15m'
const PAYER_KEYS = ['name', 'base_url', 'endpoints']
/** What is called the same in both formats. */
const SHARED_SECTIONS = ['server', 'metrics']

/** Rewrites the text of a file; or says why it is no YAML, or not in that format. */
export function migrate(text: string): Migrated | SyntaxMistake[] {
  const tree = parseYaml(text)
  if (Array.isArray(tree)) return tree
  if (!isMapping(tree.value) || !Array.isArray(tree.value.payers))
    return [{ line: 1, message: 'expected a list "payers", as files of the original service have' }]
  if (Object.hasOwn(tree.value, 'version'))
    return [{ line: tree.lineOf(['version']), message: 'it is in our format: it has a version' }]
  const { doc, whole } = asWritten(text)
  const notes = [...migrateSections(doc, whole, tree.value), ...migratePayers(whole)]
  whole.flow = false // also where it was JSON
  whole.items.unshift(
    doc.createPair('version', 1),
    doc.createPair('defaults', { interval: USUAL_INTERVAL }),
  )
  return { text: doc.toString({ lineWidth: 0 }), notes }
}

/** Settings that we have stand under our names; everything else at the top goes. */
function migrateSections(doc: Document, whole: YAMLMap, value: object): string[] {
  const { settings, remarks } = readSections(value)
  const names = keysOf(whole).filter((name) => name !== 'payers')
  for (const name of names) keepOnly(whole, name, Reflect.get(settings, name))
  for (const [section, keys] of Object.entries(settings))
    for (const [key, one] of Object.entries(keys)) doc.setIn([section, key], one)
  return [
    ...remarks.map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...names.filter((name) => !SECTION_NAMES.includes(name)).map(leftOut),
  ]
}

/** Of a section, only the keys of `settings`; nothing where there are none. */
function keepOnly(whole: YAMLMap, name: string, settings: unknown): void {
  const section = mapIn(whole, name)
  if (section === undefined || !isMapping(settings) || !SHARED_SECTIONS.includes(name)) {
    whole.delete(name)
    return
  }
  for (const key of keysOf(section)) if (!Object.hasOwn(settings, key)) section.delete(key)
}

function migratePayers(whole: YAMLMap): string[] {
  return mapsIn(whole.get('payers')).flatMap(([i, payer]) => {
    const strangers = keysOf(payer).filter((key) => !PAYER_KEYS.includes(key))
    for (const key of strangers) payer.delete(key)
    migrateReferences(payer, 'base_url')
    replaceText(payer, 'name', literal)
    const notes = mapsIn(payer.get('endpoints')).flatMap(([j, endpoint]) =>
      migrateEndpoint(endpoint).map((note) => `endpoints[${j}]: ${note}`),
    )
    return [...strangers.map(leftOut), ...notes].map((note) => `payers[${i}].${note}`)
  })
}

function leftOut(key: string): string {
  return `${quoted(key).slice(1, -1)}: unknown, left out`
}
