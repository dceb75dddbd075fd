/** The prober's thread: `prober.ts` behind a message port. */
import { randomUUID } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { startProber } from './app/prober.ts'
import { reply } from './app/questions.ts'
import type {
  FromWorker,
  ProberQuestion,
  Told,
  ToWorker,
  WorkerStart,
} from './app/thread-messages.ts'
import { systemClock } from './lib/clock.ts'
import { createLog } from './lib/log.ts'
import { unpackSecrets } from './lib/secret.ts'
import type { Assignment } from './ports.ts'

if (parentPort === null)
  throw new Error('this file is the prober thread; it is started by the monitor')
const port = parentPort
const { settings, log } = workerData as WorkerStart // safe: only ThreadedProber starts this file

let batch: Told[] = []
let assignment = 0

/** Collects what is told in one turn into one message. */
function tell(told: Told): void {
  if (batch.push(told) > 1) return
  queueMicrotask(() => {
    send({ say: 'told', batch, assignment })
    batch = []
  })
}

function send(message: FromWorker): void {
  port.postMessage(message)
}

const prober = startProber(
  settings,
  { state: (state) => tell({ state }), result: (result) => tell({ result }) },
  {
    clock: systemClock,
    random: Math.random,
    log: createLog(log).child({ room: 'prober' }),
    probeId: () => randomUUID().slice(0, 8),
  },
)

port.on('message', (message: ToWorker) => {
  switch (message.say) {
    case 'assign':
      assignment = message.assignment
      // safe: packed by ThreadedProber from an Assignment
      prober.assign(unpackSecrets(message.packed) as Assignment)
      break
    case 'trace':
      prober.trace(message.traced)
      break
    case 'ask':
      reply(message.id, ask(message.question), send)
      break
    case 'stop':
      prober.stop(message.grace).then(() => {
        send({ say: 'stopped' })
        port.close()
      }, crash)
      break
  }
})

function ask(question: ProberQuestion): Promise<unknown> {
  if (question === 'metrics') return prober.metrics()
  return prober.probeNow(question.probe, question.patience)
}

/** Ends the thread with the error; the gateway's side starts another. */
function crash(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
