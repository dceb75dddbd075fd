/** Stands in for a gateway thread: its second life cannot listen, and when it is told to forget it falls over. */
import { parentPort, workerData } from 'node:worker_threads'

const lives = new Int32Array(workerData.shares.clients)
const life = Atomics.add(lives, 0, 1)

parentPort.on('message', ({ say, id, question }) => {
  if (say === 'forget') throw new Error('a bug')
  if (say === 'stop') parentPort.postMessage({ say: 'stopped' })
  if (say !== 'ask') return
  const error = { code: 'ERR_LISTEN', message: 'no' }
  if (question.begin && life === 1) parentPort.postMessage({ say: 'refuse', id, error })
  else parentPort.postMessage({ say: 'answer', id, value: [] })
})
