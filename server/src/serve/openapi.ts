/**
 * The OpenAPI document, generated from the routes; the only file that knows `@fastify/swagger`.
 * Registered before the routes, to see them all.
 */
import swagger from '@fastify/swagger'
import { Incident, Payer, Result, State, Window } from '@payer-status/protocol'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { answers, problemAnswers, textAnswer } from './api/answers.ts'
import { MaintenancePlan } from './api/maintenance-shapes.ts'
import { DOCS_STYLE, docsPage, type OpenApi } from './docs-page.ts'
import type { Listener } from './listener.ts'
import { Problem } from './problem.ts'

/** The schemas that are components of the document, by name. */
const COMPONENTS = { State, Payer, Incident, Window, MaintenancePlan, Result, Problem }

const TAGS = [
  { name: 'Payers', description: 'Payers and their status rolled up per type.' },
  { name: 'Endpoints', description: 'What is known of every endpoint now.' },
  { name: 'Incidents', description: 'Outages with a start, a cause and an end.' },
  { name: 'Maintenance', description: 'What payers announced, and the windows that follow.' },
  {
    name: 'History',
    description: 'What was true: results, latencies, status changes, availability.',
  },
  { name: 'Live', description: 'Every change the moment it is known.' },
  { name: 'Original', description: 'Reads that clients of the original service know.' },
  { name: 'Monitor', description: 'The monitor itself.' },
]

const DESCRIPTION = `Whether healthcare payers' endpoints work, and what that means.
Times are RFC 3339 UTC; durations end in Ms. Errors are problem details (RFC 9457) with a stable code and the request id.
Reads of live state carry an ETag and honour If-None-Match. Lists come in pages: pass next as cursor.`

/** Collects the routes that follow. */
export async function collectRoutes(app: Listener, version: string): Promise<void> {
  for (const [id, schema] of Object.entries(COMPONENTS))
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Payer Status Monitor', version, description: DESCRIPTION },
      servers: [{ url: '/' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'A key of auth.api_keys' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
}

/** `GET /openapi.json`, and `GET /docs` for people. */
export function openApiRoutes(app: Listener): void {
  const tags = ['Monitor']
  const json = {
    tags,
    operationId: 'getOpenApi',
    summary: 'This document',
    response: answers(z.looseObject({}), 'OpenAPI 3.1'),
  }
  app.get('/openapi.json', { schema: json }, (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('application/json').send(documentOf(app).json),
  )

  const html = {
    tags,
    operationId: 'getDocs',
    summary: 'This document, for people',
    response: { 200: textAnswer('text/html', 'A page'), ...problemAnswers([]) },
  }
  app.get('/docs', { schema: html }, async (_request, reply) => {
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8')
    return documentOf(app).page
  })
  app.get('/docs/style.css', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-cache').type('text/css; charset=utf-8')
    return DOCS_STYLE
  })
}

const documents = new WeakMap<object, { json: string; page: string }>()

/** Made once, at the first request: by then every route is there. */
function documentOf(app: Listener): { json: string; page: string } {
  const known = documents.get(app)
  if (known) return known
  const openApi = app.swagger() as OpenApi // safe: the page needs only what every document has
  // Records only leave the monitor: the forms in which they would come in are not part of the contract.
  for (const id of Object.keys(COMPONENTS)) delete openApi.components.schemas[`${id}Input`]
  const made = { json: JSON.stringify(openApi), page: docsPage(openApi) }
  documents.set(app, made)
  return made
}
