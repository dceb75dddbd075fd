/** The monitor against simulated payers, offline: `npm run demo`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processIo, runCommand } from '@payer-status/server'
import { type Simulator, startSimulator } from '@payer-status/simulator'

const HELP = `Runs the monitor against simulated payers on this machine.

  npm run demo                       the same payers and the same troubles each time
  npm run demo -- --seed 7           others
  npm run demo -- --port 8081        what else is given goes to the monitor
`

const INTERVAL = '3s'

type Asked = { help: boolean; seed: number; rest: string[] }

/** Takes `--seed` and `--help` out of the arguments; the rest is the monitor's. */
function readArguments(argv: readonly string[]): Asked | { reason: string } {
  const rest: string[] = []
  let seed = '1'
  let help = false
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? ''
    if (argument === '--help' || argument === '-h') help = true
    else if (argument === '--seed') seed = argv[++i] ?? ''
    else if (argument.startsWith('--seed=')) seed = argument.slice('--seed='.length)
    else rest.push(argument)
  }
  if (!/^\d{1,15}$/.test(seed)) return { reason: '--seed: expected a whole number such as 7' }
  return { help, seed: Number(seed), rest }
}

/** Runs the monitor on a configuration that lives as long as it does. */
async function watch(simulator: Simulator, rest: string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-demo-'))
  try {
    const file = join(folder, 'payers.yaml')
    await writeFile(file, simulator.configYaml({ interval: INTERVAL }))
    const store = `sqlite:${join(folder, 'demo.db')}`
    const given = ['--config', file, '--network', 'private', '--store', store]
    return await runCommand([...given, ...rest], processIo())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function main(argv: string[]): Promise<number> {
  const asked = readArguments(argv)
  if ('reason' in asked) {
    console.error(asked.reason)
    return 2
  }
  if (asked.help) {
    console.log(HELP)
    return 0
  }
  await using simulator = await startSimulator({ seed: asked.seed })
  const { payers, control, seed } = simulator
  console.log(`Demo: ${payers.length} simulated payers, control at ${control}, seed ${seed}`)
  return await watch(simulator, asked.rest)
}

process.exitCode = await main(process.argv.slice(2))
