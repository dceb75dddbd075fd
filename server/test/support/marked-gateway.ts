/** The real gateway thread. It says which one it is in every answer, and falls over when it is asked for `/crash`. */
import '../../src/gateway-thread.ts'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { workerData } from 'node:worker_threads'
import type { GatewayStart } from '../../src/app/gateway-messages.ts'

type Started = { request: IncomingMessage; response: ServerResponse }

const { shares } = workerData as GatewayStart // safe: what the real thread is started with

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as Started // safe: what Node documents of this channel
  response.setHeader('x-thread', shares.thread)
  if (request.url !== '/crash') return
  setImmediate(() => {
    throw new Error('a bug')
  })
})
