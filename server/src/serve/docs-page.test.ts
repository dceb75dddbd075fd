import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { docsPage } from './docs-page.ts'

test('nothing in the document can become markup', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const hostile = `<img src=x onerror="alert(1)">&${text}`
      const page = docsPage({
        info: { title: hostile, version: hostile, description: hostile },
        tags: [{ name: hostile, description: hostile }],
        paths: {
          [hostile]: {
            get: {
              summary: hostile,
              description: hostile,
              tags: [hostile],
              parameters: [
                { name: hostile, in: hostile, description: hostile, schema: { enum: [hostile] } },
              ],
              responses: {
                '200': {
                  description: hostile,
                  content: { [hostile]: { schema: { const: hostile } } },
                },
              },
            },
          },
        },
        components: {
          schemas: {
            [hostile]: {
              description: hostile,
              properties: { [hostile]: { $ref: `#/${hostile}` } },
            },
          },
        },
      })

      assert.doesNotMatch(page, /<img/)
    }),
    { numRuns: 50 },
  )
})

test('types read as people would write them', () => {
  const page = docsPage({
    info: { title: 'T', version: '1' },
    paths: {},
    components: {
      schemas: {
        Thing: {
          required: ['a'],
          properties: {
            a: { type: ['string', 'null'] },
            b: { type: 'array', items: { $ref: '#/components/schemas/Other' } },
            c: { anyOf: [{ enum: ['x', 'y'] }, { type: 'null' }] },
            d: { additionalProperties: { type: 'number' } },
            e: { properties: { f: { const: true } } },
          },
        },
      },
    },
  })

  const cells = [...page.matchAll(/<tr><td>(.*?)<\/td><td>(.*?)<\/td>/g)].map(([, name, type]) => [
    name,
    type,
  ])
  assert.deepEqual(cells, [
    ['<code>a</code>', 'string or null'],
    ['<code>b</code> (optional)', 'list of <a href="#Other">Other</a>'],
    ['<code>c</code> (optional)', '<code>x</code> <code>y</code> or null'],
    ['<code>d</code> (optional)', 'map to number'],
    ['<code>e</code> (optional)', '<ul><li><code>f</code> <code>true</code></li></ul>'],
  ])
})
