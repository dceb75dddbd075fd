import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A bare WebSocket client that remembers every frame it got. */
export type Client = Disposable & {
  socket: WebSocket
  frames: Record<string, unknown>[]
  say(frame: unknown): void
  /** The first frame, also among those that came already, that satisfies `look`. */
  until(look: (frame: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
}

/** Connects and waits until the connection is open. */
export async function aClient(url: string, protocols?: string | string[]): Promise<Client> {
  const socket = new WebSocket(url, protocols ?? [])
  const frames: Record<string, unknown>[] = []
  const lookers = new Set<() => void>()
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)))
    for (const look of lookers) look()
  })
  await once(socket, 'open')
  return {
    socket,
    frames,
    say: (frame) => socket.send(JSON.stringify(frame)),
    until(look) {
      return new Promise((resolve) => {
        const check = () => {
          const found = frames.find(look)
          if (found === undefined) return
          lookers.delete(check)
          resolve(found)
        }
        lookers.add(check)
        check()
      })
    },
    [Symbol.dispose]: () => socket.terminate(),
  }
}
