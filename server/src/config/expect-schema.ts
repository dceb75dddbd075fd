/** What a file says an answer must be. Every message says what was expected. */
import * as z from 'zod'
import { MAX_PATTERN_LENGTH, patternMistake } from '../lib/pattern.ts'
import { durationFrom, listOf, Switch, whole } from './scalars.ts'

const A_STATUS = 'a status such as 200 or "200-299"'

/** Statuses: `200`, `"200-299"`, or a list of such. */
const StatusSet = listOf(
  z.union(
    [
      z
        .int()
        .min(100)
        .max(599)
        .transform((one): [number, number] => [one, one]),
      z
        .string()
        .regex(/^[1-5]\d\d(?:-[1-5]\d\d)?$/)
        .transform((text): [number, number] => {
          const [from = '', to = from] = text.split('-')
          return [Number(from), Number(to)]
        })
        .refine(([from, to]) => from <= to, A_STATUS),
    ],
    { error: A_STATUS },
  ),
)

const A_PATTERN = 'a regular expression of RE2'

/** Text found in the answer's own; its mistakes are told in RE2's words. */
const Pattern = z
  .string(A_PATTERN)
  .min(1, A_PATTERN)
  .max(MAX_PATTERN_LENGTH, `${A_PATTERN} of at most ${MAX_PATTERN_LENGTH} characters`)
  .superRefine((source, { addIssue }) => {
    const mistake = patternMistake(source)
    if (mistake !== undefined)
      addIssue({
        code: 'custom',
        message: `${A_PATTERN} (${mistake})`,
      })
  })

const Text = z.string().min(1).max(1_000)
const JsonValue = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()], {
  error: 'text, a number, true, false or null',
})

/** A number, also as text, since a substituted `${COUNT}` is text. */
const Figure = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^-?\d{1,15}(?:\.\d{1,15})?$/)
        .transform(Number),
    ],
    {
      error: 'a number',
    },
  )
  .optional()

const matches = Pattern.optional()
const exists = Switch.optional()

const TextComparison = notEmpty(
  z.strictObject({ eq: Text.optional(), ne: Text.optional(), exists, matches }),
  'eq, ne, exists or matches',
)

const JsonComparison = notEmpty(
  z.strictObject({
    eq: JsonValue.optional(),
    ne: JsonValue.optional(),
    gt: Figure,
    gte: Figure,
    lt: Figure,
    lte: Figure,
    exists,
    matches,
  }),
  'eq, ne, gt, gte, lt, lte, exists or matches',
)

const BodyCheck = notEmpty(
  z.strictObject({ contains: Text.optional(), matches }),
  'contains or matches',
)

/** Unknown keys alone say enough. */
function notEmpty<T extends z.ZodObject>(comparison: T, keys: string) {
  return comparison.refine((said) => Object.values(said).some((value) => value !== undefined), {
    error: `one of ${keys}`,
    when: ({ issues }) => issues.length === 0,
  })
}

const A_MEDIA_TYPE = 'a media type such as "application/json" or "text/*"'
const MediaType = z
  .string(A_MEDIA_TYPE)
  .max(100, A_MEDIA_TYPE)
  .regex(/^[\w!#$&^.+-]+\/(?:\*|[\w!#$&^.+-]+)$/, A_MEDIA_TYPE)

const Limit = durationFrom('1ms', '5m').optional()

/** Longest times of the phases, and of all together. */
const Latency = z.strictObject({
  dns: Limit.meta({ description: 'Most time to resolve the name' }),
  connect: Limit.meta({ description: 'Most time for the TCP connection' }),
  tls: Limit.meta({ description: 'Most time for the TLS handshake' }),
  first_byte: Limit.meta({ description: 'Most time to the first byte of the answer' }),
  transfer: Limit.meta({ description: 'Most time from the first byte to the last' }),
  total: Limit.meta({ description: 'Most time for the whole answer' }),
})

const checks = {
  status: StatusSet.optional().meta({
    description: 'Statuses that count as success; without it 200-399',
    examples: [200, '200-399'],
  }),
  content_type: listOf(MediaType)
    .optional()
    .meta({
      description: 'Media types, one of which the answer must have; parameters do not matter',
      examples: ['application/json', 'text/*'],
    }),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'header names'),
      z.union([Text, TextComparison]),
    )
    .optional()
    .meta({
      description:
        'What headers of the answer must be, by name: a text, `eq`, `ne`, `exists`, `matches`',
      examples: [{ 'Cache-Control': 'no-store', 'X-Request-Id': { exists: true } }],
    }),
  body: z
    .union([Text, BodyCheck])
    .optional()
    .meta({
      description: 'What the body must contain: a text, or `contains` and `matches`',
      examples: ['Sign in', { matches: '(?i)sign\\s+in' }],
    }),
  json: z
    .record(
      z.string().regex(/^\$(?:\.[A-Za-z0-9_-]+|\[\d+\])+$/, 'paths such as "$.status"'),
      z.union([JsonComparison, JsonValue]),
    )
    .optional()
    .meta({
      description:
        'What values of the JSON body must be, by path: a value, or `eq`, `ne`, `gt`, `gte`, `lt`, `lte`, `exists`, `matches`',
      examples: [{ '$.status': 'active', '$.rest[0].count': { gt: 3 } }],
    }),
  xml: z
    .record(
      z
        .string()
        .max(500)
        .regex(
          /^[\p{L}_][\p{L}\d._-]*(?:\/[\p{L}_][\p{L}\d._-]*){0,31}$/u,
          'paths such as "Envelope/Body/Status"',
        ),
      z.union([Text, TextComparison]),
    )
    .optional()
    .meta({
      description:
        'What the text of elements of the XML body must be, by path of local names from the root: a text, `eq`, `ne`, `exists`, `matches`',
      examples: [{ 'Envelope/Body/Status': 'OK' }],
    }),
  certificate_days: whole(1, 825)
    .optional()
    .meta({
      description: 'Days that the certificate must still be valid',
      examples: [14],
    }),
  latency: Latency.optional().meta({ description: 'Times that the answer must keep' }),
}

export const Expect = z.strictObject({
  ...checks,
  status: checks.status.meta({ default: '200-399' }),
  degrade: z
    .strictObject(checks)
    .optional()
    .meta({
      description:
        'The same checks once more: where one of these is unmet, the answer is degraded, not wrong',
      examples: [{ certificate_days: 21, latency: { first_byte: '1s' } }],
    }),
})
export type Expect = z.infer<typeof Expect>
