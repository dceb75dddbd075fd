import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Advice,
  Attribution,
  Capability,
  ClientFrame,
  CloseCode,
  ErrorCode,
  EvidenceLevel,
  FailureKind,
  Incident,
  Payer,
  Phases,
  ReasonKind,
  Result,
  RollupStatus,
  ServerFrame,
  State,
  TlsFacts,
  Verdict,
  Window,
} from '@payer-status/protocol'
import { ProblemCode } from '../../src/serve/problem.ts'
import { found, readPage, rows, section, sources, spans, subjects } from './pages.ts'

const page = readPage('protocol.md')

const KEYS: Record<string, readonly string[]> = {
  State: Object.keys(State.shape),
  Result: Object.keys(Result.shape),
  Phases: Object.keys(Phases.shape),
  TLS: Object.keys(TlsFacts.shape),
  Payer: Object.keys(Payer.shape),
}

for (const [heading, keys] of Object.entries(KEYS)) {
  test(`the table of ${heading} has every key, and no other`, () => {
    assert.deepEqual(subjects(page, heading), [...keys].sort())
  })
}

test('the tables of Incident have every key and every status, and no other', () => {
  const { status } = Incident.shape

  assert.deepEqual(
    subjects(page, 'Incident'),
    [...Object.keys(Incident.shape), ...status.options].sort(),
  )
})

test('the tables of Window have every key and every state, and no other', () => {
  const { state } = Window.shape

  assert.deepEqual(
    subjects(page, 'Window'),
    [...Object.keys(Window.shape), ...state.options].sort(),
  )
})

const WORDS: Record<string, readonly string[]> = {
  Statuses: RollupStatus.options,
  Verdicts: Verdict.options,
  Attribution: Attribution.options,
  Evidence: EvidenceLevel.options,
  Advice: Advice.shape.action.options,
  Errors: ErrorCode.options,
  Problems: ProblemCode.options,
}

for (const [heading, words] of Object.entries(WORDS)) {
  test(`the table of ${heading} has every word, and no other`, () => {
    assert.deepEqual(subjects(page, heading), [...words].sort())
  })
}

test('every kind of reason is named, and no other', () => {
  const named = rows(page, 'Reasons').flatMap(([, kinds = '']) => spans(kinds))

  assert.deepEqual(named.sort(), [...ReasonKind.options].sort())
})

test('every capability is named, and no other', () => {
  const [, list = ''] = section(page, 'Capabilities').split('\n\n').slice(1)

  assert.deepEqual(spans(list).sort(), [...Capability.options].sort())
})

test('every frame of either direction has its row, with its keys', () => {
  const clients = subjects(page, 'Frames that clients send')
  const servers = subjects(page, 'Frames that the server sends')

  assert.deepEqual(clients, typesOf(ClientFrame).sort())
  assert.deepEqual(servers, typesOf(ServerFrame).sort())
  for (const { shape } of [...ClientFrame.options, ...ServerFrame.options]) {
    const told = rows(page, headingOf(shape.type.value)).find(
      ([type]) => type === `\`${shape.type.value}\``,
    )
    for (const key of Object.keys(shape)) {
      if (key === 'type' || LISTS.has(key)) continue
      assert.ok(spans(told?.[1] ?? '').includes(key), `${shape.type.value}.${key}`)
    }
  }
})

const LISTS = new Set(['payers', 'endpoints', 'incidents', 'maintenance'])

function typesOf(union: typeof ClientFrame | typeof ServerFrame): string[] {
  return union.options.map(({ shape }) => shape.type.value)
}

function headingOf(type: string): string {
  return typesOf(ClientFrame).includes(type)
    ? 'Frames that clients send'
    : 'Frames that the server sends'
}

test('every close code has its row', () => {
  const codes = subjects(page, 'Close codes').map(Number)

  for (const code of Object.values(CloseCode)) assert.ok(codes.includes(code), `${code}`)
  for (const code of found(sources('serve/**/*.ts'), /\b(10[01]\d)\b/g))
    if (code !== '1000' && code !== '1006') assert.ok(codes.includes(Number(code)), code)
})

/** What the sources never send, by the row of the page that says so. */
function unsent(): Record<string, readonly string[]> {
  const probe = sources('probe/**/*.ts')
  const status = sources('status/**/*.ts')
  const serve = sources('serve/**/*.ts')
  const toClients = ['client-frame', 'v2', 'session'].map((file) => sources(`serve/${file}.ts`))
  const without = (words: readonly string[], text: string) =>
    words.filter((word) => !text.includes(`'${word}'`))
  const kinds = found(probe + sources('status/cover.ts'), /(?:kind: |\[\s*)'(\w+)'/g)
  const demanded = found(serve, /demand\(raw, '(\w+)'\)/g)
  const problems = found(serve, /new ProblemError\(\s*'(\w+)'/g)
  const refusals = found(serve, /(?:refused\(\d+, |code: )'(\w+)'/g)
  return {
    frames: typesOf(ServerFrame).filter((type) => !sentFrames(serve).includes(type)),
    'error codes': without(ErrorCode.options, toClients.join('\n')),
    'close codes': Object.entries(CloseCode)
      .filter(([name]) => !serve.includes(`CloseCode.${name}`))
      .map(([, code]) => String(code)),
    'problem codes': ProblemCode.options.filter(
      (code) => !problems.includes(code) && !refusals.includes(code),
    ),
    'failure kinds': FailureKind.options.filter((kind) => !kinds.includes(kind)),
    verdicts: without(Verdict.options, probe),
    attributions: ['target', ...without(Attribution.options, probe)],
    evidence: without(EvidenceLevel.options, probe),
    advice: without(Advice.shape.action.options, status),
    'incident scopes': without(Incident.shape.scope.options, status),
    severities: without(Incident.shape.severity.options, status),
    'key scopes': ['probe', 'write', 'ingest', 'admin'].filter((s) => !demanded.includes(s)),
  }
}

function sentFrames(serve: string): string[] {
  return found(serve, /(?:type: |kind: |"type":")['"]?(\w+)/g)
}

test('what is said not to be sent yet is what the sources never send', () => {
  const said = rows(page, 'Defined, not sent yet').map(([what = '', words = '']) => [
    what,
    spans(words).sort(),
  ])

  const never = Object.entries(unsent())
    .filter(([, words]) => words.length > 0)
    .map(([what, words]) => [what, [...words].sort()])
  assert.deepEqual(said, never)
})

test('each of those says so where it stands, too', () => {
  const tables = ['Errors', 'Close codes', 'Verdicts', 'Attribution', 'Evidence', 'Advice']
  const marked = tables.flatMap((heading) =>
    rows(page, heading).filter((cells) => /not sent/i.test(cells.join(' '))),
  )
  const words = marked.flatMap(([first = '']) => spans(first))
  const { verdicts = [], attributions = [], evidence = [], advice = [] } = unsent()
  const { 'error codes': errors = [], 'close codes': closes = [] } = unsent()

  const all = [...errors, ...closes, ...verdicts, ...attributions, ...evidence, ...advice]
  assert.deepEqual(words.sort(), [...all].sort())
})
