import { Command } from 'commander'
import { DEFAULT, type Explained, type Explanation, explain, type Said } from '../config/explain.ts'
import { loadWithOrigins } from '../config/load.ts'
import { type Ending, EXIT, type Io, painter, printable } from './io.ts'
import { selected } from './selection.ts'
import { loadOptions, type SourceOptions, withSource } from './source-options.ts'

const EXAMPLES = `
Examples:
  payer-status config print
  payer-status config print --set                  only what is not the default
  payer-status config print --endpoint aetna/login
  payer-status config print --json | jq '.settings[] | select(.from != "default")'

Each value in force stands beside where it comes from: file and line, variable, flag or default. Secrets are masked.
`

type Options = SourceOptions & { set?: true; endpoint?: string[]; json?: true }

/** `payer-status config print`: what is in force, and who said so. */
export function configCommand(io: Io, end: Ending): Command {
  const print = withSource(new Command('print'))
    .description('print every value in force, and where it comes from')
    .option('--set', 'only what somebody has set')
    .option('--endpoint <endpoints...>', 'only these endpoints: ids such as aetna/login')
    .option('--json', 'print it as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const loaded = await loadWithOrigins(loadOptions(options, io))
      const ids = new Set(selected(loaded.config, options).map(({ id }) => id))
      const explanation = narrowed(explain(loaded), ids, options)
      io.out.write(options.json ? json(explanation) : yaml(explanation, io))
      end(EXIT.ok)
    })
  return new Command('config').description('what the configuration comes to').addCommand(print)
}

function narrowed(
  { settings, payers, endpoints }: Explanation,
  ids: ReadonlySet<string>,
  { set, endpoint }: Options,
): Explanation {
  const wanted = (said: readonly Said[]) =>
    said.filter(({ from }) => set === undefined || from !== DEFAULT)
  const all = (explained: readonly Explained[]) =>
    explained.map((one) => ({ ...one, settings: wanted(one.settings) }))
  const owners = new Set([...ids].map((id) => id.split('/')[0]))
  return {
    settings: endpoint === undefined ? wanted(settings) : [],
    payers: all(payers.filter(({ id }) => owners.has(id))),
    endpoints: all(endpoints.filter(({ id }) => ids.has(id))),
  }
}

function json({ settings, payers, endpoints }: Explanation): string {
  const plain = (said: readonly Said[]) =>
    said.map(({ path, value, from }) => ({ path: path.join('.'), value, from }))
  const all = (explained: readonly Explained[]) =>
    explained.map((one) => ({ ...one, settings: plain(one.settings) }))
  const whole = { settings: plain(settings), payers: all(payers), endpoints: all(endpoints) }
  return `${JSON.stringify(whole, undefined, 2)}\n`
}

type Line = { text: string; from: string }

function yaml({ settings, payers, endpoints }: Explanation, { out, env }: Io): string {
  const paint = painter(out, env)
  const lines = [
    ...linesOf(settings, 0),
    ...sectionOf('payers', payers),
    ...sectionOf('endpoints', endpoints),
  ]
  const width = Math.min(60, Math.max(0, ...lines.map(({ text }) => text.length)))
  return lines
    .map(({ text, from }) =>
      from === '' ? text : `${text.padEnd(width)}  ${paint('gray', `# ${from}`)}`,
    )
    .map((line) => `${line}\n`)
    .join('')
}

function sectionOf(title: string, explained: readonly Explained[]): Line[] {
  if (explained.length === 0) return []
  const lines = explained.flatMap(({ id, from, settings }) => [
    { text: `  ${id}:`, from },
    ...linesOf(settings, 4),
  ])
  return [{ text: `${title}:`, from: '' }, ...lines]
}

/** A line for each value, below a line for each mapping that it is in. */
function linesOf(said: readonly Said[], indent: number): Line[] {
  let around: readonly (string | number)[] = []
  return said.flatMap(({ path, value, from }) => {
    const above = path.slice(0, -1)
    const shared = above.findIndex((step, i) => step !== around[i])
    const first = shared === -1 ? above.length : shared
    around = above
    const pad = (depth: number) => ' '.repeat(indent + 2 * depth)
    return [
      ...above.slice(first).map((step, i) => ({ text: `${pad(first + i)}${step}:`, from: '' })),
      { text: `${pad(above.length)}${path.at(-1)}: ${inline(value)}`, from },
    ]
  })
}

/** What YAML takes for text without quotes, whatever it looks like to people. */
const BARE = /^[A-Za-z/][\w./+-]*(?::[\w./+-]+)*$|^\d+(?:ms|[smhd])$/
const NOT_TEXT = /^(?:true|false|null|yes|no|on|off)$/i

/** A value on one line, as YAML. */
function inline(value: unknown): string {
  if (typeof value === 'string' && BARE.test(value) && !NOT_TEXT.test(value)) return value
  return printable(JSON.stringify(value))
}
