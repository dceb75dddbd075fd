import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import type { SimulatedEndpoint, Simulator } from '../../src/index.ts'

export type Heard = { status: number; headers: IncomingHttpHeaders; body: string }

type How = { method?: string; headers?: OutgoingHttpHeaders | undefined; body?: string | undefined }

/** Asks over a connection of its own; rejects with the socket's error. Redirects are not followed. */
export function ask(url: string, { body, ...how }: How = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent: false, ...how }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('latin1')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

/** Asks as the configuration file says. */
export function askAsConfigured({ url, watch }: SimulatedEndpoint): Promise<Heard> {
  return ask(url, { method: watch.method, headers: watch.headers, body: watch.body })
}

/** Sends a GET over a bare socket and hears everything until the far side closes. */
export function askBare({ url, port }: SimulatedEndpoint): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => (heard += chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(heard))
    socket.write(`GET ${new URL(url).pathname} HTTP/1.1\r\nHost: simulated\r\n\r\n`)
  })
}

/** The first endpoint of a type, of all payers. */
export function endpointOf({ payers }: Simulator, type: string): SimulatedEndpoint {
  const found = payers.flatMap(({ endpoints }) => endpoints).find((it) => it.type === type)
  if (found === undefined) throw new Error(`no payer offers ${type}`)
  return found
}
