import { Command, Option } from 'commander'
import { loadConfig } from '../config/load.ts'
import { checkAll } from './check-all.ts'
import { JUNIT_HEAD, junit } from './check-junit.ts'
import { type Checked, isFine, summary, table } from './check-table.ts'
import { leastTime } from './check-time.ts'
import { type Ending, EXIT, type Io } from './io.ts'
import { Progress } from './progress.ts'
import { type Selection, selected } from './selection.ts'
import { loadOptions, type SourceOptions, withSource } from './source-options.ts'

const EXAMPLES = `
Examples:
  payer-status check
  payer-status check --payer aetna --type eligibility
  payer-status check --json | jq '.[] | select(.status == "down").endpoint'
  payer-status check --junit > payers.xml

Asks every selected endpoint once, within the same limits as the monitor, and judges that one answer. Ends with 0 when
none is down or unknown, with 1 when one is, with 2 when the command line or the configuration cannot be used.
`

type Options = SourceOptions & Selection & { json?: true; junit?: true }

/** `payer-status check`: probes everything or a selection once. */
export function checkCommand(io: Io, end: Ending): Command {
  return withSource(new Command('check'))
    .description('probe everything, or a selection, once')
    .option('--payer <payers...>', 'only these: names, aliases or ids')
    .option('--type <types...>', 'only endpoints of these types')
    .option('--endpoint <endpoints...>', 'only these: ids such as aetna/login')
    .addOption(new Option('--json', 'print a list of results as JSON').conflicts('junit'))
    .option('--junit', 'print JUnit XML, for a build server')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const config = await loadConfig(loadOptions(options, io))
      const endpoints = selected(config, options)
      for (const warning of config.warnings) io.err.write(`warning: ${warning}\n`)
      const least = leastTime(config, endpoints)
      if (least !== undefined) io.err.write(`${least}\n`)
      const progress = new Progress(io, endpoints.length)
      const checked = await checkAll(config, endpoints, { ...io, done: () => progress.step() })
      progress.end()
      io.out.write(rendered(checked, options, io))
      end(checked.every(isFine) ? EXIT.ok : EXIT.notFine)
    })
}

function rendered(checked: readonly Checked[], { json, junit: asJunit }: Options, io: Io): string {
  if (json) return `${JSON.stringify(checked, undefined, 2)}\n`
  if (asJunit) return `${JUNIT_HEAD}${junit(checked)}`
  return `${table(checked, io)}${summary(checked)}\n`
}
