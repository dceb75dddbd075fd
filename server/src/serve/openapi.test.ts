import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import * as z from 'zod'
import { ask } from '../../test/support/http-client.ts'
import { apiKey, settings, startHttp } from '../../test/support/http-monitor.ts'

const headers = { host: 'localhost' }

/** What OpenAPI 3.1 demands of the parts that are used here. */
const Media = z.record(z.string(), z.strictObject({ schema: z.looseObject({}) }))
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().min(5),
  description: z.string().optional(),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['query', 'path']),
        required: z.boolean(),
        description: z.string().min(5),
        schema: z.looseObject({}),
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean().optional(), content: Media }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({
      description: z
        .string()
        .min(5)
        .regex(/^(?!Default)/),
      content: Media.optional(),
    }),
  ),
})
const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.literal('1.2.3'), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.record(z.enum(['get', 'post', 'delete']), Operation.optional()),
  ),
  components: z.strictObject({
    schemas: z.record(z.string(), z.looseObject({})),
    securitySchemes: z.strictObject({
      apiKey: z.looseObject({ type: z.literal('http'), scheme: z.literal('bearer') }),
    }),
  }),
})
type Document = z.infer<typeof Document>
type Operation = z.infer<typeof Operation>

async function documented(t: TestContext) {
  const monitor = await startHttp(t, {
    settings: settings({ keys: [apiKey('prober', ['probe'])] }),
  })
  const answer = await ask(monitor.port, { path: '/openapi.json', headers })
  return { ...monitor, document: Document.parse(JSON.parse(answer.text)), text: answer.text }
}

function operations({ paths }: Document): { path: string; method: string; operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation ? [{ path, method, operation }] : [],
    ),
  )
}

test('the document is valid OpenAPI 3.1: known shape, unique ids, every tag and reference declared', async (t) => {
  const { document, text } = await documented(t)
  const all = operations(document)

  const ids = all.map(({ operation }) => operation.operationId)
  assert.equal(new Set(ids).size, ids.length)
  const tags = new Set(document.tags.map(({ name }) => name))
  for (const { operation } of all) assert.ok(tags.has(operation.tags[0] ?? ''))
  for (const [, name = ''] of text.matchAll(/"\$ref":"([^"]*)"/g)) {
    const [, component = ''] = /^#\/components\/schemas\/(\w+)$/.exec(name) ?? []
    assert.ok(document.components.schemas[component], name)
  }
  for (const { path, operation } of all) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? []
    assert.deepEqual(
      declared.map(({ name }) => name),
      inPath,
    )
  }
})

test('every schema of the document is a usable JSON Schema', async (t) => {
  const { document } = await documented(t)

  for (const name of Object.keys(document.components.schemas))
    assert.doesNotThrow(() => validator(document, { $ref: `#/components/schemas/${name}` }))
})

test('every route of the server is in the document, and nothing else', async (t) => {
  const { app, document } = await documented(t)
  const undocumented = new Set(['GET /', 'GET /docs/style.css'])

  const lines = app.printRoutes({ commonPrefix: false }).split('\n')
  const routes = routesOf(lines).filter((route) => !undocumented.has(route))

  const expected = operations(document).map(({ path, method }) => `${method.toUpperCase()} ${path}`)
  assert.deepEqual(routes.sort(), expected.sort())
})

test('what every route answers is what the document says, good or bad', async (t) => {
  const { document, port, board } = await documented(t)
  const [incident] = board.incidents()
  const values: Record<string, string> = { payer: 'aetna', name: 'login', id: incident!.id }
  const seen = new Set<string>()

  for (const { path, method, operation } of operations(document)) {
    const good = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
    const bad = path.replace(/\{\w+\}/g, 'nobody')
    const asks = [
      { path: good, headers: { ...headers, authorization: 'Bearer prober' } },
      { path: good, headers: { ...headers, 'x-forwarded-for': '192.0.2.1' } },
      { path: bad, headers: { ...headers, authorization: 'Bearer prober' } },
      { path: `${good}?limit=x&status=x`, headers },
      { path: good, headers: { host: 'evil.example' } },
      { path: good, headers: { ...headers, origin: 'null' } },
      { path: good, headers: { ...headers, 'if-none-match': '*' } },
    ]
    for (const one of asks) {
      const answer = await ask(port, { method: method.toUpperCase(), ...one })
      const where = `${method} ${one.path} ${answer.status}`
      const response = operation.responses[answer.status]
      assert.ok(response, `${where} is not documented`)
      const type = answer.headers['content-type']?.split(';')[0] ?? ''
      seen.add(`${answer.status} ${type}`)
      const media = response.content?.[type]
      assert.equal(media === undefined, answer.text === '', `${where} ${type}`)
      if (type.includes('json')) {
        const checked = validator(document, media!.schema).safeParse(JSON.parse(answer.text))
        assert.ok(checked.success, `${where}: ${checked.error?.message}`)
      }
    }
  }
  for (const kind of [
    '200 application/json',
    '304 ',
    '400 application/problem+json',
    '401 application/problem+json',
    '403 application/problem+json',
    '404 application/problem+json',
    '421 application/problem+json',
    '426 application/problem+json',
  ])
    assert.ok(seen.has(kind), kind)
})

test('the page for people names every path and every record, and needs no script or style of its own', async (t) => {
  const { document, port } = await documented(t)

  const page = await ask(port, { path: '/docs', headers })

  assert.match(page.headers['content-type'] as string, /^text\/html/)
  for (const path of Object.keys(document.paths)) assert.ok(page.text.includes(path), path)
  for (const name of Object.keys(document.components.schemas))
    assert.ok(page.text.includes(`id="${name}"`))
  assert.doesNotMatch(page.text, /<script|<style|style=|onclick|https?:\/\//)
  const style = await ask(port, { path: '/docs/style.css', headers })
  assert.equal(style.headers['content-type'], 'text/css; charset=utf-8')
})

/** A validator made of the document alone, so that what clients generate from it would accept the same. */
function validator(document: Document, schema: object): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas })
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')))
}

/** Fastify's own list of routes, read from the tree it prints. */
function routesOf(lines: readonly string[]): string[] {
  const parts: string[] = []
  return lines.flatMap((line) => {
    const [, indent = '', text = '', methods = ''] =
      /^([│ ]*)[├└]── (\S*)(?: \(([^)]*)\))?/.exec(line) ?? []
    if (line === '') return []
    const depth = indent.length / 4
    parts.splice(depth, parts.length, text)
    const path = parts
      .slice(0, depth + 1)
      .join('')
      .replace(/:(\w+)/g, '{$1}')
    return methods
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD')
      .map((method) => `${method} ${path}`)
  })
}
