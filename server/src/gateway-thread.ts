/** A gateway's thread: `gateway-worker.ts` behind a message port. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FromGateway, GatewayStart, ToGateway } from './app/gateway-messages.ts'
import { GatewayWorker } from './app/gateway-worker.ts'
import { historyOver } from './app/history-calls.ts'
import { Questions, reply } from './app/questions.ts'
import { systemClock } from './lib/clock.ts'
import { createLog } from './lib/log.ts'
import type { AnswerTo, Command, CommandName } from './ports.ts'

if (parentPort === null)
  throw new Error('this file is a gateway thread; it is started by the monitor')
const port = parentPort
const start = workerData as GatewayStart // safe: only ThreadedGateway starts this file
const { version, boardDirectory } = start

const questions = new Questions()
const gateway = new GatewayWorker({
  start,
  world: {
    clock: systemClock,
    random: Math.random,
    log: createLog(start.log),
    version,
    boardDirectory,
  },
  bus: {
    async request<Name extends CommandName>(command: Command<Name>) {
      const question = { command: command as Command } // safe: it is one of them
      const asked = questions.ask((id) => send({ say: 'ask', id, question }))
      return (await asked) as AnswerTo<Name> // safe: what the bus of the main thread answers
    },
  },
  history: historyOver((history) =>
    questions.ask((id) => send({ say: 'ask', id, question: { history } })),
  ),
})

port.on('message', (message: ToGateway) => {
  switch (message.say) {
    case 'entries':
    case 'forget':
      gateway.take(message)
      break
    case 'ask':
      reply(message.id, gateway.answer(message.question), send)
      break
    case 'answer':
    case 'refuse':
      questions.settle(message)
      break
    case 'stop':
      gateway[Symbol.asyncDispose]().then(() => {
        send({ say: 'stopped' })
        port.close()
      }, crash)
      break
  }
})

function send(message: FromGateway): void {
  port.postMessage(message)
}

/** Ends the thread with the error; the main thread starts another. */
function crash(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
