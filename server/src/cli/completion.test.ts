import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { aCommandLine } from '../../test/support/fake-io.ts'

/** What bash offers for the last of these words. */
function offered(script: string, words: readonly string[]): string[] {
  const state = `COMP_WORDS=(payer-status ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}`
  const text = `${script}\n${state}\n_payer_status 2>/dev/null\nprintf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', text], { encoding: 'utf8' }).trim().split('\n')
}

test('bash completes commands and the flags of a command', async (t) => {
  const run = await aCommandLine(t)
  const { out: script } = await run(['completion', 'bash'])

  assert.deepEqual(offered(script, ['c']), ['check', 'config', 'completion'])
  assert.deepEqual(offered(script, ['check', '--j']), ['--json', '--junit'])
  assert.deepEqual(offered(script, ['config', 'print', '--s']), ['--set'])
})

test('bash completes what follows a command or a flag, and leaves files to itself', async (t) => {
  const run = await aCommandLine(t)
  const { out: script } = await run(['completion', 'bash'])

  assert.deepEqual(offered(script, ['config', '']), ['print'])
  assert.deepEqual(offered(script, ['completion', '']), ['bash', 'zsh', 'fish'])
  assert.deepEqual(offered(script, ['help', 'ba']), ['backup'])
  assert.deepEqual(offered(script, ['check', '--network', '']), ['public', 'private'])
  assert.deepEqual(offered(script, ['serve', '--log-level', 'd']), ['debug'])
  assert.deepEqual(offered(script, ['export', '--format', '']), ['csv', 'ndjson'])
  for (const words of [
    ['check', '--config', ''],
    ['check', '-c', ''],
    ['migrate', ''],
  ])
    assert.deepEqual(offered(script, words), [''], `files after ${words.join(' ')}`)
  assert.deepEqual(offered(script, ['migrate', '-']), ['--output', '--help'])
})

test('zsh and fish get every command and its flags', async (t) => {
  const run = await aCommandLine(t)

  const zsh = (await run(['completion', 'zsh'])).out
  const fish = (await run(['completion', 'fish'])).out

  assert.match(zsh, /^#compdef payer-status$/m)
  assert.match(zsh, /'--network\[[^']*\]:value:\(public private\)'/)
  assert.match(zsh, /^ {4}config\) .* '2:word:\(print\)'/m)
  assert.match(zsh, /^if .*_payer_status "\$@"; else compdef/m, 'also where it is autoloaded')
  assert.match(zsh, /^ {4}check\) _arguments .*'--junit\[/m)
  assert.match(
    fish,
    /^complete -c payer-status -n '__fish_seen_subcommand_from check' -l junit -d '/m,
  )
  assert.match(fish, /^complete .*from config' -f -a 'print'$/m)
  assert.match(fish, /^complete .*from check' -l config -s c -r -d '/m)
})
