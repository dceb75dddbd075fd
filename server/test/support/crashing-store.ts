/** The real store thread. It falls over when it is asked to make a backup called `crash`. */
import '../../src/store-thread.ts'
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', ({ question }) => {
  if (question?.method === 'backup' && question.asked === 'crash') throw new Error('a bug')
})
