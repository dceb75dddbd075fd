/** Simulates a week in a thread of its own, where no test runner watches each of its many promises. */
import { parentPort, workerData } from 'node:worker_threads'
import { planOf, simulated } from './a-week.ts'

const plans = Array.from({ length: workerData as number }, (_, i) => planOf(i)) // safe: weekOf says how many
parentPort?.postMessage(await simulated(plans))
