import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readArguments } from './arguments.ts'

test('without arguments the monitor is served', () => {
  assert.deepEqual(readArguments([]), { do: 'serve', config: undefined, settings: {} })
})

test('each flag sets its setting, in both ways of writing', () => {
  const asked = readArguments([
    'serve',
    '--config=my.yaml',
    '--host',
    '0.0.0.0',
    '--port=9000',
    '--metrics-port',
    '9091',
    '--log-level=warn',
    '--network',
    'private',
  ])

  assert.deepEqual(asked, {
    do: 'serve',
    config: 'my.yaml',
    settings: {
      'server.host': '0.0.0.0',
      'server.port': '9000',
      'metrics.port': '9091',
      'log.level': 'warn',
      'defaults.network': 'private',
    },
  })
})

const refused: Record<string, [string[], string]> = {
  'a flag that is nearly one': [
    ['--metrics-prot=1'],
    'unknown flag --metrics-prot, did you mean --metrics-port?',
  ],
  'a flag like nothing we know': [['--xyzzy'], 'unknown flag --xyzzy'],
  'a command that is none': [['watch'], 'unknown command "watch", expected "serve"'],
  'one word too many': [['serve', 'now'], 'unexpected argument "now"'],
  'a flag without a value': [
    ['--port'],
    'a flag lacks its value, or has one that it does not take; see --help',
  ],
  'a value for a flag that takes none': [
    ['--help=1'],
    'a flag lacks its value, or has one that it does not take; see --help',
  ],
}

for (const [what, [argv, problem]] of Object.entries(refused)) {
  test(`${what} is refused with a sentence`, () => {
    assert.deepEqual(readArguments(argv), { do: 'refuse', problem })
  })
}

test('whatever is written, it is understood or refused in one short line', async () => {
  const anyArgument = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string().map((text) => `--${text}`),
  )
  await fc.assert(
    fc.property(fc.array(anyArgument), (argv) => {
      const asked = readArguments(argv)

      if (asked.do !== 'refuse') return
      assert.ok(asked.problem.length < 200)
      assert.doesNotMatch(asked.problem, /\p{C}/u)
    }),
  )
})
