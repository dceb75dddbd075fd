import type { IncomingMessage } from 'node:http'

/**
 * The body as text; undefined when it is larger than `maxBytes`, or never came whole. What is too large is still read
 * to its end, since a client that is cut off while it sends does not hear the answer.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
    })
    request.on('end', () =>
      resolve(size <= maxBytes ? Buffer.concat(chunks).toString('utf8') : undefined),
    )
    request.on('close', () => resolve(undefined))
  })
}
