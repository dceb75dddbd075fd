/** The OpenAPI document as one plain page: no script, nothing from elsewhere. */

type Schema = {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  required?: string[]
  description?: string
}

type Parameter = {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}

type Operation = {
  summary?: string
  description?: string
  tags?: string[]
  security?: object[]
  parameters?: Parameter[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
  responses?: Record<
    string,
    { description?: string; content?: Record<string, { schema?: Schema }> }
  >
}

/** The part of an OpenAPI document that the page shows. */
export type OpenApi = {
  info: { title: string; version: string; description?: string }
  tags?: { name: string; description?: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** The document as HTML. */
export function docsPage({ info, tags = [], paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'head')
      .map(([method, operation]) => ({ method, path, operation })),
  )
  const families = tags.map(({ name, description = '' }) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(name))
    return `<section><h2>${escapeHtml(name)}</h2><p>${prose(description)}</p>${own.map(operationHtml).join('')}</section>`
  })
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    schemaHtml(name, schema),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} API</title><link rel="stylesheet" href="/docs/style.css"></head>
<body><main><h1>${escapeHtml(info.title)} <small>API ${escapeHtml(info.version)}</small></h1>
<p>${prose(info.description ?? '')}</p>
<p><a href="/">Board</a> <a href="/openapi.json">OpenAPI 3.1</a></p>
${families.join('\n')}
<section><h2>Records</h2>${schemas.join('\n')}</section>
</main></body></html>
`
}

type Entry = { method: string; path: string; operation: Operation }

function operationHtml({ method, path, operation }: Entry): string {
  const { summary = '', description = '', parameters = [], responses = {}, security } = operation
  const body = Object.values(operation.requestBody?.content ?? {}).map(({ schema = {} }) => schema)
  const key = security ? '<p class="key">Needs an API key</p>' : ''
  return `<article><h3><code><b>${method.toUpperCase()}</b> ${escapeHtml(path)}</code></h3>
<p><strong>${prose(summary)}</strong><br>${prose(description)}</p>${key}
${table(['Parameter', 'In', 'Type', 'Meaning'], parameters.map(parameterCells))}
${table(['Body', 'Meaning'], body.flatMap(bodyRows))}
${table(['Answer', 'Type', 'Meaning'], Object.entries(responses).map(answerCells))}</article>`
}

function parameterCells({ name, in: place, required, description, schema }: Parameter): string[] {
  const text = description ?? schema?.description ?? ''
  const mark = required && place !== 'path' ? ' (required)' : ''
  return [code(name), escapeHtml(place), typeHtml(schema ?? {}), prose(text) + mark]
}

/** A row for each property of a body. */
function bodyRows(schema: Schema): string[][] {
  const choices = schema.anyOf?.flatMap(bodyRows) ?? []
  const own = Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const optional = schema.required?.includes(name) ? '' : ' (optional)'
    return [code(name) + optional, `${typeHtml(value)} ${prose(value.description ?? '')}`]
  })
  return [...choices, ...own]
}

type Responses = NonNullable<Operation['responses']>

function answerCells([status, { description = '', content = {} }]: [string, Responses[string]]) {
  const kinds = Object.entries(content).map(([type, { schema = {} }]) =>
    type.includes('json') ? typeHtml(schema) : escapeHtml(type),
  )
  return [code(status), kinds.join(' '), prose(description)]
}

function schemaHtml(name: string, schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([property, value]) => {
    const optional = schema.required?.includes(property) ? '' : ' (optional)'
    return [code(property) + optional, typeHtml(value), prose(value.description ?? '')]
  })
  return `<article id="${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3><p>${prose(schema.description ?? '')}</p>
${table(['Property', 'Type', 'Meaning'], rows)}</article>`
}

function typeHtml(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = escapeHtml(schema.$ref.split('/').at(-1) ?? '')
    return `<a href="#${name}">${name}</a>`
  }
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(typeHtml).join(' or ')
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(' ')
  if (schema.const !== undefined) return code(String(schema.const))
  if (schema.items) return `list of ${typeHtml(schema.items)}`
  if (schema.properties) return objectHtml(schema.properties)
  if (typeof schema.additionalProperties === 'object')
    return `map to ${typeHtml(schema.additionalProperties)}`
  return escapeHtml([schema.type ?? 'any'].flat().join(' or '))
}

function objectHtml(properties: Record<string, Schema>): string {
  const items = Object.entries(properties).map(
    ([name, value]) => `${code(name)} ${typeHtml(value)}`,
  )
  return `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('')
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

/** Prose of the document, where words between backticks are code. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
}

/** Served apart, since the content security policy allows no style inside the page. */
export const DOCS_STYLE = `:root { color-scheme: light dark }
body { margin: 0; font: 14px/1.5 system-ui, sans-serif }
main { max-width: 960px; margin: 0 auto; padding: 16px }
h1 { font-size: 24px } h1 small { font-weight: normal; opacity: .7 }
h2 { font-size: 16px; margin-top: 32px } h3 { font-size: 14px; margin: 0 }
article { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 10px; padding: 12px 16px; margin: 12px 0 }
code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere }
.key { font-weight: bold } .wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; margin: 8px 0 }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-top: 1px solid color-mix(in srgb, currentColor 12%, transparent) }
th { font-weight: normal; opacity: .7; border: 0 } ul { margin: 0; padding-left: 16px }
main > p a { margin-right: 16px }
`
