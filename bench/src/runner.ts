import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Wish } from './arguments.ts'
import type { Bench, Pins } from './harness/bench.ts'
import { buildPrograms } from './harness/build.ts'
import { busyness } from './machine.ts'
import { type Occasion, type Result, resultOf } from './results.ts'
import { whereIs } from './rivals/installed.ts'
import type { Readings, Scenario } from './scenario.ts'

/** A machine on which more than this wanted a core just before is not a quiet one. */
const BUSY = 1

/** What the runs of scenarios have in common. Disposing it removes its files. */
export type Workshop = AsyncDisposable & { bench: Bench }

/** Compiles what makes load, and decides who runs on which core. */
export async function openWorkshop(wish: Wish, say: (text: string) => void): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-bench-'))
  const { clients, seconds, isSmoke, checkout } = wish
  const pins = isSmoke ? undefined : await choosePins(say)
  const programs = await buildPrograms(say)
  return {
    bench: { clients, seconds, isSmoke, checkout, pins, programs, folder, say },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function choosePins(say: (text: string) => void): Promise<Pins | undefined> {
  if (availableParallelism() >= 2 && (await whereIs('taskset'))) return { server: 0, load: 1 }
  say('nothing is bound to a core: that takes two cores and taskset')
  return undefined
}

/** Measures a scenario round by round. */
export async function runScenario(
  bench: Bench,
  scenario: Scenario,
  { rounds, occasion }: { rounds: number; occasion: Occasion },
): Promise<Result> {
  const readings: Readings[] = []
  const busyBefore: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const busy = await busyness()
    if (round === 1 && busy > BUSY && !bench.isSmoke)
      bench.say(`the machine is busy: ${busy} processes wanted a core in the last minute`)
    busyBefore.push(busy)
    bench.say(`${scenario.name}: round ${round} of ${rounds}`)
    readings.push(await scenario.round(bench))
  }
  const beside = (await scenario.versions?.()) ?? {}
  return resultOf(scenario, { rounds: readings, busyBefore, beside }, occasion)
}
