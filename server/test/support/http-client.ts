import http from 'node:http'
import net from 'node:net'

/** An answer with its body read. */
export type Answer = {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

/** What to ask; `headers` are sent as they are, and `host` may be set to anything. */
export type Ask = {
  method?: string
  path: string
  headers?: http.OutgoingHttpHeaders
  body?: string
}

/** One request on a connection of its own, without the checks and habits of `fetch`. */
export function ask(port: number, { method = 'GET', path, headers = {}, body }: Ask) {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = http.request(
    { host: '127.0.0.1', port, method, path, headers, agent: false },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    },
  )
  request.once('error', reject)
  request.end(body)
  return promise
}

/** Sends bytes as they are and returns everything that came back until the server closed. */
export function askRaw(port: number, bytes: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes))
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  socket.once('close', () => resolve(text))
  socket.once('error', reject)
  return promise
}
