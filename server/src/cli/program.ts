/** The command line `payer-status`: its commands, their help, and what is wrong with how they were called. */
import { Command, CommanderError } from 'commander'
import { AppError } from '../lib/errors.ts'
import { backupCommand } from './backup.ts'
import { checkCommand } from './check.ts'
import { completionCommand } from './completion.ts'
import { configCommand } from './config-print.ts'
import { exportCommand } from './export.ts'
import { hashKeyCommand } from './hash-key.ts'
import { type Ending, EXIT, type Io, printable } from './io.ts'
import { migrateCommand } from './migrate.ts'
import { probeCommand } from './probe.ts'
import { serveCommand } from './serve.ts'
import { validateCommand } from './validate.ts'
import { version } from './version.ts'

const LONGEST_ERROR = 400

const EXAMPLES = `
Examples:
  payer-status                                   watch payers.yaml here, else the shipped catalogue
  payer-status check --payer aetna               ask once, and tell
  payer-status probe https://payer.example/login show one probe step by step
  payer-status validate --config my.yaml         is it right?
  payer-status config print                      what is in force, and who said so

Every setting has a variable, such as PAYER_STATUS_SERVER_PORT; see docs/configuration.md.
A flag goes before a variable, a variable before the file.
`

/** Runs what the command line asks for. @returns the exit code */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok
  const end: Ending = (given) => {
    code = given
  }
  try {
    await programOf(io, end).parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    // commander has written what is wrong, or the help that was asked for
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.unusable
    if (!(error instanceof AppError)) throw error
    io.err.write(`${printable(error.message)}\n`)
    return EXIT.unusable
  }
}

/** All commands. */
function programOf(io: Io, end: Ending): Command {
  const program = new Command('payer-status')
    .description('Watches payers’ endpoints and pushes every change to whoever subscribed.')
    .version(version(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXAMPLES)
  const commands = [
    serveCommand(io, end),
    checkCommand(io, end),
    probeCommand(io, end),
    validateCommand(io, end),
    configCommand(io, end),
    migrateCommand(io, end),
    backupCommand(io),
    exportCommand(io),
    hashKeyCommand(io),
    completionCommand(io, program),
    versionCommand(io),
  ]
  for (const command of commands)
    program.addCommand(command, { isDefault: command.name() === 'serve' })
  for (const command of [program, ...commands, ...commands.flatMap(({ commands }) => commands)])
    tame(command, io)
  return program
}

function versionCommand(io: Io): Command {
  return new Command('version')
    .description('print the version')
    .action(() => void io.out.write(`${version()}\n`))
}

/** Refuses in short, printable sentences on the error output, and never ends the process. */
function tame(command: Command, io: Io): void {
  command
    .exitOverride()
    .showHelpAfterError('See --help.')
    .configureOutput({
      writeOut: (text) => void io.out.write(text),
      writeErr: (text) => void io.err.write(text),
      outputError: (text, write) => write(printable(text).slice(0, LONGEST_ERROR)),
      getOutHelpWidth: () => io.out.columns ?? 100,
      getErrHelpWidth: () => io.err.columns ?? 100,
    })
}
