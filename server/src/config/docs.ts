/** The two files that are generated from the schema: one for editors, one for people. */
import * as z from 'zod'
import { HEAD, TAIL } from './docs-text.ts'
import { DURATION, SIZE } from './scalars.ts'
import { File } from './schema.ts'
import { leaves } from './schema-walk.ts'

/** As much of JSON Schema as ours uses. */
type Json = {
  type?: string
  description?: string
  default?: unknown
  examples?: unknown[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  format?: string
  properties?: Record<string, Json>
  required?: string[]
  items?: Json
  anyOf?: Json[]
  additionalProperties?: Json | boolean
}

function schemaOfFile(): Json {
  return z.toJSONSchema(File, { io: 'input', override }) as Json // safe: no other keyword matters
}

type Context = { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }

/** Of a value that is transformed the library leaves out default and examples; ours are said as in the file. */
function override({ zodSchema, jsonSchema }: Context): void {
  const said = z.globalRegistry.get(zodSchema) ?? {}
  if ('default' in said) Object.assign(jsonSchema, { default: said.default })
  if (Array.isArray(said.examples)) jsonSchema.examples = said.examples
}

/** `payer-status.schema.json`: what editors check and complete a configuration file with. */
export function configSchemaJson(): string {
  const schema = withReferences(schemaOfFile())
  const $defs = { reference: { type: 'string', pattern: '\\$\\{[^}]+\\}', description: REFERENCE } }
  const whole = { title: 'Payer Status IO configuration', ...schema, $defs }
  return `${JSON.stringify(whole, undefined, 2)}\n`
}

const REFERENCE = 'A variable or secret file, filled in when the file is read'

/** Lets a variable stand wherever a single value does. */
function withReferences(node: Json): Json {
  const { properties, items, anyOf, additionalProperties, ...rest } = node
  const below: Json = {
    ...rest,
    ...(properties && { properties: mapped(properties) }),
    ...(items && { items: withReferences(items) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: withReferences(additionalProperties),
    }),
    ...(additionalProperties === false && { additionalProperties }),
    ...(anyOf && { anyOf: distinct(anyOf.map(withReferences).flatMap(alternativesOf)) }),
  }
  if (!isNarrow(node)) return below
  const { description, default: usual, examples, ...narrow } = below
  return {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual }),
    ...(examples !== undefined && { examples }),
    anyOf: [narrow, { $ref: '#/$defs/reference' } as Json],
  }
}

/** A node that is nothing but a choice is as good as its alternatives. */
function alternativesOf(node: Json): Json[] {
  return node.anyOf && Object.keys(node).length === 1 ? node.anyOf : [node]
}

function distinct(nodes: readonly Json[]): Json[] {
  return [...new Map(nodes.map((node) => [JSON.stringify(node), node])).values()]
}

function mapped(properties: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, child]) => [key, withReferences(child)]),
  )
}

function isNarrow({ type = '', pattern, format, enum: choices, const: only }: Json): boolean {
  if (only !== undefined) return false
  if (type === 'string') return (pattern ?? format ?? choices) !== undefined
  return ['integer', 'number', 'boolean'].includes(type)
}

/** `docs/configuration.md`. */
export function configMarkdown(): string {
  const { properties = {} } = schemaOfFile()
  const { payers, defaults, profiles, include, version, ...rest } = properties
  const payer = payers?.items ?? {}
  const { endpoints, ...ofPayer } = payer.properties ?? {}
  const settings = Object.entries(rest).flatMap(([key, node]) => section(key, node, [key]))
  const endpoint = endpoints?.items ?? {}
  const top = {
    required: ['version'],
    properties: { version: version ?? {}, include: include ?? {}, profiles: profiles ?? {} },
  }
  return [
    HEAD,
    ...section('Top level', top, []),
    ...settings,
    ...section('defaults', defaults ?? {}, ['defaults']),
    ...section('payers', { ...payer, properties: ofPayer, description: PAYERS }, undefined),
    ...section('endpoints', { ...endpoint, description: ENDPOINTS }, undefined),
    TAIL,
  ].join('\n')
}

const PAYERS = 'A list. Entries of the same name, in several files, are one payer.'
const ENDPOINTS =
  'A list in each payer. What `defaults` has, an endpoint may say for itself: the nearer one counts.'

/** The usual value of every setting that has one, as a file would say it, by dotted path; of endpoints too. */
export function usualValues(): { settings: Map<string, unknown>; endpoint: Map<string, unknown> } {
  const { payers, profiles, include, version, ...rest } = schemaOfFile().properties ?? {}
  return {
    settings: usualBelow({ properties: rest }, ''),
    endpoint: usualBelow(payers?.items?.properties?.endpoints?.items ?? {}, ''),
  }
}

function usualBelow({ properties = {} }: Json, prefix: string): Map<string, unknown> {
  return new Map(
    Object.entries(properties).flatMap(([name, child]) => {
      const path = `${prefix}${name}`
      return child.properties
        ? [...usualBelow(child, `${path}.`)]
        : [[path, child.default] as const]
    }),
  )
}

/** A heading and a table; `path` is where flags and variables find the keys, undefined where they cannot. */
function section(title: string, node: Json, path: readonly string[] | undefined): string[] {
  const variables = new Map(leaves().map((leaf) => [leaf.path.join('.'), leaf.variable]))
  const rows = rowsOf(node, '').map(({ key, cells }) => {
    const variable = path && variables.get([...path, key].join('.'))
    return `| \`${key}\` | ${cells.join(' | ')} |${path ? ` ${variable ? `\`${variable}\`` : ''} |` : ''}`
  })
  const columns = ['key', 'type', 'default', 'meaning', ...(path ? ['variable'] : [])]
  return [
    `## ${title === 'Top level' ? title : `\`${title}\``}`,
    '',
    ...(node.description === undefined ? [] : [node.description, '']),
    `| ${columns.join(' | ')} |`,
    `|${'---|'.repeat(columns.length)}`,
    ...rows,
    '',
  ]
}

type Row = { key: string; cells: string[] }

function rowsOf(node: Json, prefix: string): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = `${prefix}${name}`
    const inside = isLikeAbove(child, node) ? [] : rowsOf(child, `${key}.`)
    if (child.properties && child.description === undefined) return inside
    const isRequired = node.required?.includes(name) ?? false
    const own = { key, cells: [typeOf(child), usualOf(child, isRequired), meaningOf(child)] }
    const ofItems = child.items?.properties ? rowsOf(child.items, `${key}[].`) : []
    return [own, ...inside, ...ofItems]
  })
}

/** Whether a mapping has only keys that its own mapping has too, so that its description is enough. */
function isLikeAbove(child: Json, { properties: above = {} }: Json): boolean {
  return Object.keys(child.properties ?? {}).every((key) => key in above)
}

function typeOf({ type = '', pattern, enum: choices, const: only, anyOf, items }: Json): string {
  if (only !== undefined) return `\`${only}\``
  if (anyOf) return alternatives(anyOf)
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ')
  if (pattern === DURATION.source) return 'duration'
  if (pattern === SIZE.source) return 'size'
  if (type === 'array') return items?.properties ? 'list' : `list of ${typeOf(items ?? {})}`
  return WORDS[type] ?? type
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: '`true`, `false`',
  object: 'mapping',
}

/** The first single value says it: the others are the same as text, as a list, or with more to say. */
function alternatives(anyOf: readonly Json[]): string {
  const isOf = (kind: string) => anyOf.some(({ type }) => type === kind)
  const single = anyOf.find(({ type }) => type !== 'object') ?? {}
  return `${typeOf(single)}${isOf('array') ? ', or a list' : ''}${isOf('object') ? ', or a mapping' : ''}`
}

function usualOf({ default: usual }: Json, isRequired: boolean): string {
  if (usual === undefined) return isRequired ? 'required' : ''
  const isEmpty = typeof usual === 'object' && Object.keys(usual ?? {}).length === 0
  return isEmpty ? 'none' : `\`${usual}\``
}

function meaningOf({ description = '', examples }: Json): string {
  const shown = examples?.map((example) => `\`${JSON.stringify(example)}\``).join(', ')
  return `${description}${shown === undefined ? '' : `, such as ${shown}`}`.replaceAll('|', '\\|')
}
