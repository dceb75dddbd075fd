import { once } from 'node:events'
import type { Server } from 'node:http'
import { createInterface } from 'node:readline'
import type { Offer } from './rival.ts'

/** What one of our helper programs does with an offer: it resolves with how many changes it published. */
export type Publishing = (offer: Offer) => Promise<number>

/** Says on which port a helper program serves, which also says that it is ready. */
export function sayReady(port: number): void {
  say({ port })
}

/** Listens on a free port of 127.0.0.1 and says so. */
export async function listenHere(server: Server): Promise<void> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object' && address !== null) sayReady(address.port)
}

/** Takes offers from standard input, one JSON line each, in turn, and ends with it. */
export async function serveOffers(publish: Publishing): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    say({ published: await publish(readOffer(line)) })
  }
  process.exit(0)
}

function say(what: { port: number } | { published: number }): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}

/** The other side is this project's own `publishTo`, which writes nothing but offers. */
function readOffer(line: string): Offer {
  return JSON.parse(line) as Offer
}
