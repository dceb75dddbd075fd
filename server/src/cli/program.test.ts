import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyCharacter } from '../../test/support/any-character.ts'
import { aCommandLine } from '../../test/support/fake-io.ts'

const COMMANDS = [
  'serve',
  'check',
  'probe',
  'validate',
  'config',
  'migrate',
  'hash-key',
  'completion',
  'version',
]

test('the help names every command, with examples', async (t) => {
  const run = await aCommandLine(t)

  const { code, out, err } = await run(['--help'])

  assert.deepEqual([code, err], [0, ''])
  for (const command of COMMANDS) assert.match(out, new RegExp(`^ {2}${command}\\b`, 'm'))
  assert.match(out, /^Examples:$/m)
})

for (const command of COMMANDS.filter((one) => one !== 'config' && one !== 'version'))
  test(`${command} has a help of its own, with examples`, async (t) => {
    const run = await aCommandLine(t)

    const { code, out, err } = await run([command, '--help'])

    assert.deepEqual([code, err], [0, ''])
    assert.match(out, new RegExp(`^Usage: payer-status ${command}\\b`))
    assert.match(out, /^Examples:\n {2}\S/m)
  })

const refused: Record<string, [string[], RegExp]> = {
  'a flag that is nearly one': [
    ['--metrics-prot', '1'],
    /^error: unknown option '--metrics-prot'\n\(Did you mean --metrics-port\?\)\nSee --help\.\n$/,
  ],
  'a flag like nothing we know': [['check', '--xyzzy'], /^error: unknown option '--xyzzy'\n/],
  'a command that is none': [['xyz'], /^error: unknown command 'xyz', one of serve, check,/],
  'a command that is nearly one': [
    ['valdate'],
    /^error: unknown command 'valdate', did you mean validate\?\n/,
  ],
  'one word too many': [['serve', 'now'], /^error: unknown command 'now'/],
  'a flag without a value': [
    ['--port'],
    /^error: option '--port <port>' argument missing\nSee --help\.\n$/,
  ],
  'an argument that is missing': [['probe'], /^error: missing required argument 'url'\n/],
  'a shell that is none': [
    ['completion', 'cmd'],
    /^error: .*Allowed choices are bash, zsh, fish\./,
  ],
  'two forms at once': [
    ['check', '--json', '--junit'],
    /^error: option '--json' cannot be used with/,
  ],
  'a scope that is none': [['hash-key', '--scope', 'all'], /^--scope: expected some of probe, /],
}

for (const [what, [args, message]] of Object.entries(refused))
  test(`${what} is refused on the error output, with exit code 2`, async (t) => {
    const run = await aCommandLine(t)

    const { code, out, err } = await run(args)

    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
  })

test('whatever is written, a refusal is short and printable', async (t) => {
  const run = await aCommandLine(t)
  const anyArgument = fc.oneof(
    fc.string({ maxLength: 300, unit: anyCharacter }),
    fc.string({ unit: anyCharacter }).map((text) => `--${text}`),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('validate', 'probe', 'hash-key', 'completion'),
      fc.array(anyArgument, { maxLength: 3 }),
      async (command, args) => {
        const { code, err } = await run([command, '--no-such-flag', ...args])

        assert.equal(code, 2)
        assert.ok(err.length < 600)
        assert.doesNotMatch(err, /[^\P{C}\n]/u)
      },
    ),
    { numRuns: 40 },
  )
})
