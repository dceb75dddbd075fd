/**
 * The real store thread. It falls over when it is asked to make a backup called `crash`; once, also when it has written a batch
 * called `crash` and has not said so yet.
 */
import '../../src/store-thread.ts'
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

const marker = `${workerData.settings.url.replace('sqlite:', '')}.crashed`

parentPort?.on('message', ({ id, question }) => {
  if (question?.method === 'backup' && question.asked === 'crash') throw new Error('a bug')
  if (question?.method === 'write' && question.asked.id === 'crash') fallOverAt(id)
})

/** Ends the thread when it would answer the question of this number. */
function fallOverAt(id: number): void {
  if (parentPort === null || existsSync(marker)) return
  const post = parentPort.postMessage.bind(parentPort)
  parentPort.postMessage = (message) => {
    if (message.id !== id) return post(message)
    writeFileSync(marker, '')
    process.exit(1)
  }
}
