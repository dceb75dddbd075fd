/** The store's thread: `store-worker.ts` behind a message port. */
import { parentPort, workerData } from 'node:worker_threads'
import { reply } from './app/questions.ts'
import { openEngine } from './app/store.ts'
import type { FromStore, StoreStart, ToStore } from './app/store-messages.ts'
import { StoreWorker } from './app/store-worker.ts'
import { systemClock } from './lib/clock.ts'
import { createLog } from './lib/log.ts'

if (parentPort === null)
  throw new Error('this file is the store thread; it is started by the monitor')
const port = parentPort
const { settings, log } = workerData as StoreStart // safe: only ThreadedStore starts this file

const outside = { clock: systemClock, log: createLog(log).child({ room: 'store' }) }
const worker = new StoreWorker(() => openEngine(settings, outside))

port.on('message', (message: ToStore) => {
  switch (message.say) {
    case 'ask':
      reply(message.id, worker.answer(message.question), send)
      break
    case 'stop':
      worker[Symbol.asyncDispose]().then(() => {
        send({ say: 'stopped' })
        port.close()
      }, crash)
      break
  }
})

function send(message: FromStore): void {
  port.postMessage(message)
}

/** Ends the thread with the error; the main thread starts another. */
function crash(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
