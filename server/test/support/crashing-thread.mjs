/** Stands in for the prober's thread: answers once, then falls over when it is told to assign an endpoint named `crash`. */
import { parentPort } from 'node:worker_threads'

parentPort.on('message', (message) => {
  if (message.say === 'ask') parentPort.postMessage({ say: 'answer', id: message.id, value: [] })
  if (message.say === 'stop') parentPort.postMessage({ say: 'stopped' })
  if (message.say !== 'assign') return
  const { endpoints, states } = message.packed
  if (endpoints.some(({ id }) => id === 'crash')) throw new Error('a bug')
  const batch = states.map((state) => ({ state }))
  parentPort.postMessage({ say: 'told', batch, assignment: message.assignment })
})
