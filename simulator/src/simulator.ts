import { planPayers } from './catalog.ts'
import { systemClock } from './clock.ts'
import { isWhole, wholeReason } from './fault.ts'
import type { Simulator, SimulatorOptions } from './model.ts'
import { Simulation } from './simulation.ts'

const MAX_PAYERS = 10_000

/** Starts simulated payers and their control API. @throws {RangeError} when an option is out of its range */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? 1
  const payers = options.payers ?? 36
  check('seed', seed, [0, Number.MAX_SAFE_INTEGER])
  check('payers', payers, [1, MAX_PAYERS])

  await using starting = new AsyncDisposableStack()
  const simulation = starting.use(
    new Simulation({
      seed,
      plans: planPayers(seed, payers),
      clock: options.clock ?? systemClock,
      host: options.host ?? '127.0.0.1',
      scripted: options.scripted ?? true,
      shared: options.ports === 'shared',
    }),
  )
  await simulation.listen()
  starting.move()
  return simulation
}

function check(name: string, value: number, [min, max]: [number, number]): void {
  if (!isWhole(value, min, max)) throw new RangeError(wholeReason(name, min, max))
}
