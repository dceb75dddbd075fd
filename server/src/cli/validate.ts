import { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { type Ending, EXIT, type Io } from './io.ts'
import { loadOptions, type SourceOptions, withSource } from './source-options.ts'

const EXAMPLES = `
Examples:
  payer-status validate
  payer-status validate --config my.yaml && echo good

Ends with 0 when the configuration can be used, with 2 and every problem in a line of its own when not.
`

/** `payer-status validate`: reads and checks everything, asks nobody. */
export function validateCommand(io: Io, end: Ending): Command {
  return withSource(new Command('validate'))
    .description('check the configuration, and tell all that is wrong with it')
    .addHelpText('after', EXAMPLES)
    .action(async (options: SourceOptions) => {
      const config = await loadConfig(loadOptions(options, io))
      for (const warning of config.warnings) io.err.write(`warning: ${warning}\n`)
      io.out.write(`${config.source} can be used: ${sizeOf(config)}\n`)
      end(EXIT.ok)
    })
}

/** How much is watched, for people. */
export function sizeOf({
  payers,
  endpoints,
}: {
  payers: Config['payers']
  endpoints: Config['endpoints']
}): string {
  return `${count(payers.length, 'payer')}, ${count(endpoints.length, 'endpoint')}`
}

/** `1 payer`, `2 payers`. */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}
