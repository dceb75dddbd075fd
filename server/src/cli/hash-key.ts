import { createHash, randomBytes } from 'node:crypto'
import { Command } from 'commander'
import { AppError } from '../lib/errors.ts'
import type { Io } from './io.ts'

/** So that a key that was lost or published is recognised by people and scanners. */
const PREFIX = 'psk_'
const KEY_BYTES = 32

const EXAMPLES = `
Examples:
  payer-status hash-key
  payer-status hash-key --name ops --scope probe,write

Whoever calls the API sends the key; the configuration holds only its hash. The key is shown once.
`

type Options = { name: string; scope: string }

const SCOPES = ['probe', 'write', 'ingest', 'admin']

/** `payer-status hash-key`: a new API key, its hash, and what to write where. */
export function hashKeyCommand(io: Io): Command {
  return new Command('hash-key')
    .description('make an API key and its hash')
    .option('--name <name>', 'whose key it is, for the log', 'ops')
    .option('--scope <scopes>', `what it may do: ${SCOPES.join(', ')}`, 'probe')
    .addHelpText('after', EXAMPLES)
    .action(({ name, scope }: Options) => {
      const scopes = scope.split(',').map((one) => one.trim())
      const stranger = scopes.find((one) => !SCOPES.includes(one))
      if (stranger !== undefined)
        throw new AppError('ERR_USAGE', `--scope: expected some of ${SCOPES.join(', ')}`)
      const key = `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`
      io.out.write(keyText(key, { name, scopes }))
    })
}

function keyText(key: string, { name, scopes }: { name: string; scopes: readonly string[] }) {
  const hash = createHash('sha256').update(key).digest('hex')
  return `Key (shown once; callers send it as "Authorization: Bearer KEY"):
  ${key}
For the configuration:
  auth:
    api_keys:
      - name: ${JSON.stringify(name)}
        hash: "sha256:${hash}"
        scopes: [${scopes.join(', ')}]
`
}
