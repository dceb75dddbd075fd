/** `npm run bench`: measures the monitor, and writes down what it measured. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readArguments, type Wish } from './arguments.ts'
import { HELP } from './help.ts'
import { describeMachine } from './machine.ts'
import { writeReport } from './render.ts'
import type { Occasion, Result } from './results.ts'
import { openWorkshop, runScenario } from './runner.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import { aligned, resultTable } from './table.ts'

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))
/** What a shell shows of a process that a signal ended. */
const KILLED_BY = { SIGINT: 130, SIGTERM: 143 } as const

process.exitCode = await main(process.argv.slice(2))

/** @returns the exit code: 0 all ran, 1 something could not, 2 the command line cannot be used */
async function main(argv: readonly string[]): Promise<number> {
  const asked = readArguments(
    argv,
    scenarios.map(({ name }) => name),
  )
  switch (asked.do) {
    case 'help':
      process.stdout.write(HELP)
      return 0
    case 'list':
      process.stdout.write(aligned(scenarios.map(({ name, sentence }) => [name, sentence])))
      return 0
    case 'report':
      say(`wrote ${(await writeReport(RESULTS, scenarios)).join(', ')}`)
      return 0
    case 'refuse':
      say(`${asked.problem}\nSee --help.`)
      return 2
    case 'measure':
      return await measure(asked.wish, argv)
  }
}

async function measure(wish: Wish, argv: readonly string[]): Promise<number> {
  const { names } = wish
  if (wish.isSmoke) say('a smoke run: it shows that everything works, and its figures mean nothing')
  await using workshop = await openWorkshop(wish, say)
  endWithSignals(workshop)
  const occasion: Occasion = {
    date: new Date().toISOString(),
    command: ['npm run bench --', ...argv].join(' '),
    machine: await describeMachine(wish.checkout),
    clients: wish.clients,
  }
  let failed = 0
  const results: Result[] = []
  for (const scenario of scenarios.filter(({ name }) => names.includes(name))) {
    const result = await tryOne(scenario, () =>
      runScenario(workshop.bench, scenario, { rounds: wish.rounds, occasion }),
    )
    if (result === 'failed') failed++
    if (typeof result === 'string') continue
    results.push(result)
    process.stdout.write(`${resultTable(result)}\n`)
    if (!wish.json && !wish.isSmoke) await writeJson(join(RESULTS, `${scenario.name}.json`), result)
  }
  if (wish.json) await writeJson(wish.json, results)
  return failed > 0 ? 1 : 0

  async function tryOne(scenario: Scenario, run: () => Promise<Result>) {
    const missing = await scenario.missing?.(workshop.bench)
    if (missing !== undefined) return skipped(scenario, missing)
    try {
      return await run()
    } catch (error) {
      say(`${scenario.name} could not run: ${error instanceof Error ? error.message : error}`)
      return 'failed'
    }
  }
}

function skipped({ name }: Scenario, why: string): 'skipped' {
  say(`${name} is skipped: ${why}`)
  return 'skipped'
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`)
}

/** The processes we started end with us; our files must be taken away. */
function endWithSignals(workshop: AsyncDisposable): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void leave(workshop, KILLED_BY[signal]))
}

async function leave(workshop: AsyncDisposable, code: number): Promise<void> {
  try {
    await workshop[Symbol.asyncDispose]()
  } finally {
    process.exit(code)
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
