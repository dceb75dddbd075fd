import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { migrate } from '../config/migrate.ts'
import { readText } from '../config/read.ts'
import { AppError, ConfigError, errorCode } from '../lib/errors.ts'
import { type Ending, EXIT, type Io, printable } from './io.ts'

/** Largest file, bytes: the same as may be loaded. */
const MAX_FILE = 5 * 1024 ** 2

const EXAMPLES = `
Examples:
  payer-status migrate old.yaml > payers.yaml
  payer-status migrate old.yaml --output payers.yaml

Prints the file in our format, comments kept; what was left out, raised or switched off, and what still keeps it from being
used, goes to the error output. Ends with 0 when the result can be used as it is, 1 when it wants a hand.
`

/** `payer-status migrate FILE`: a file of the original service in our format. */
export function migrateCommand(io: Io, end: Ending): Command {
  return new Command('migrate')
    .description('rewrite a file of the original service in our format')
    .argument('<file>', 'what to rewrite')
    .option('-o, --output <file>', 'where to; without it to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { output }: { output?: string }) => {
      const read = await readText(resolve(io.cwd, file), MAX_FILE)
      if ('mistake' in read) throw new AppError('ERR_USAGE', `${printable(file)} ${read.mistake}`)
      const migrated = migrate(read.text)
      if (Array.isArray(migrated))
        throw new ConfigError(
          migrated.map(({ line, message }) => `${printable(file)}:${line}: ${message}`),
        )
      for (const note of migrated.notes) io.err.write(`${note}\n`)
      if (output === undefined) io.out.write(migrated.text)
      else await written(resolve(io.cwd, output), migrated.text)
      const problems = await problemsOf(migrated.text, io)
      for (const problem of problems) io.err.write(`still to do: ${problem}\n`)
      end(problems.length === 0 ? EXIT.ok : EXIT.notFine)
    })
}

/** A file that is there is not overwritten: it may be the only copy. */
async function written(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error: unknown) => {
    const why =
      errorCode(error) === 'EEXIST' ? 'is there already' : `cannot be written (${errorCode(error)})`
    throw new AppError('ERR_USAGE', `${printable(path)} ${why}`)
  })
}

/** What keeps the result from being used. */
async function problemsOf(text: string, { env }: Io): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-migrate-'))
  try {
    const path = join(folder, 'result.yaml')
    await writeFile(path, text)
    await loadConfig({ path, cwd: folder, env, flags: {}, shipped: '' })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
