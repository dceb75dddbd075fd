import { once } from 'node:events'
import { createConnection } from 'node:net'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'

/** A client for tests that understands the arguments of the load client, and keeps the stamps of the changes it hears. */
export type SmallClient = AsyncDisposable & {
  /** The stamps of the changes it heard that were due after `time`. */
  after(time: bigint): bigint[]
  /** Resolves when it has heard `count` changes that were due after `time`. */
  hears(count: number, time: bigint): Promise<void>
}

const STAMPED = /"ts":"(\d{16})"[^}]*"endpoint":/g

const options = {
  mode: { type: 'string' },
  path: { type: 'string', default: '/' },
  first: { type: 'string', multiple: true },
  when: { type: 'string', default: '' },
  answer: { type: 'string', default: '' },
  sources: { type: 'string', default: '1' },
} as const

type Line = {
  send(bytes: Buffer): void
  close(): void
  onData: (bytes: Buffer) => void
  onClose: () => void
}

type To = { host: string; port: number; localAddress: string }

/** Where to connect, and as which of the load's clients. */
export type As = { port: number; index: number }

/** Connects and subscribes as these arguments of the load client say. */
export async function connectSmall(args: readonly string[], as: As): Promise<SmallClient> {
  const { values } = parseArgs({ args: [...args], options })
  const address = `127.0.0.${2 + (as.index % Number(values.sources))}`
  const to = { host: '127.0.0.1', port: as.port, localAddress: address }
  const line = values.mode === 'tcp' ? await tcpLine(to) : await wsLine(to, values.path)
  const { first: firsts = [] } = values
  const first = firsts[as.index % firsts.length]
  let text = ''
  let isClosed = false
  let wake = () => {}
  const when = unescaped(values.when).toString('latin1')
  line.onData = (bytes) => {
    const piece = bytes.toString('latin1')
    if (when !== '' && piece === when) line.send(unescaped(values.answer))
    text += piece
    wake()
  }
  line.onClose = () => {
    isClosed = true
    wake()
  }
  if (first !== undefined) line.send(unescaped(first))
  const after = (time: bigint) =>
    [...text.matchAll(STAMPED)].map(([, stamp]) => BigInt(stamp ?? 0)).filter((at) => at > time)
  return {
    after,
    async hears(count, time) {
      while (after(time).length < count) {
        if (isClosed) throw new Error(`the connection ended after: ${text}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    [Symbol.asyncDispose]: async () => line.close(),
  }
}

async function tcpLine(to: To): Promise<Line> {
  const socket = createConnection(to)
  await once(socket, 'connect')
  const line: Line = {
    send: (bytes) => socket.write(bytes),
    close() {
      socket.destroy()
    },
    onData: () => {},
    onClose: () => {},
  }
  socket.on('data', (bytes) => line.onData(bytes))
  socket.on('close', () => line.onClose())
  return line
}

async function wsLine(to: To, path: string): Promise<Line> {
  const { host, port, localAddress } = to
  const options = { perMessageDeflate: false, localAddress }
  const socket = new WebSocket(`ws://${host}:${port}${path}`, options)
  const line: Line = {
    send: (bytes) => socket.send(bytes, { binary: false }),
    close() {
      socket.terminate()
    },
    onData: () => {},
    onClose: () => {},
  }
  socket.on('message', (data) => line.onData(Buffer.from(data as Buffer)))
  socket.on('close', () => line.onClose())
  await once(socket, 'open')
  return line
}

/** The load client's escapes: `\r`, `\n`, `\xHH`. */
function unescaped(text: string): Buffer {
  const plain = text.replace(/\\(r|n|x([0-9a-f]{2}))/g, (_, letter: string, hex?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return letter === 'r' ? '\r' : '\n'
  })
  return Buffer.from(plain, 'latin1')
}
