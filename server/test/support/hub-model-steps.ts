/** What can happen in the model of hub and clients, and how the log is written to. */
import { LogBook } from './records.ts'

export const ENDPOINTS = ['aetna/eligibility', 'aetna/login', 'cigna/eligibility', 'cigna/claims']

/** What nothing happens to, so that every name in a filter stays known. */
const STEADY = ['humana/eligibility', 'humana/login', 'humana/claims']

/** One thing that happens. */
export type Step =
  | Write
  | Act
  | { do: 'tick'; gateway: number }
  | { do: 'restart' }
  | { do: 'turn' }

/** What is written to the log. */
export type Write =
  | { do: 'result' | 'status' | 'type' | 'remove'; endpoint: number }
  | { do: 'opens' | 'closes'; order: number }
  | { do: 'flood' | 'forget' }

/** What a client, or the network between, does. */
export type Act =
  | { do: 'cut' | 'stuff' | 'drain' | 'unsubscribe'; client: number }
  | { do: 'come'; client: number; gateway: number }
  | { do: 'filter'; client: number; filter: number; detail: boolean }

/** Payers and endpoints as they are at first. */
export function aCatalogue(epoch: string): LogBook {
  const book = new LogBook(epoch)
  for (const payer of ['aetna', 'cigna', 'humana']) book.payer(payer)
  for (const id of [...ENDPOINTS, ...STEADY]) book.endpoint(id)
  return book
}

const LONG = 'x'.repeat(3_000)
/** A flood of so many large records takes more than one part. */
const FLOOD = 100

/** Writes a step into the log. */
export function write(book: LogBook, step: Write): void {
  switch (step.do) {
    case 'flood':
      for (let i = 0; i < FLOOD; i++) book.endpoint(`aetna/flood${i}`, { vantage: LONG })
      break
    case 'forget':
      book.forget()
      break
    case 'opens':
    case 'closes':
      writeIncident(book, step)
      break
    default:
      writeEndpoint(book, ENDPOINTS[step.endpoint] ?? '', step.do)
  }
}

function writeEndpoint(book: LogBook, id: string, what: string): void {
  const now = book.board.endpoint(id)?.log.value
  if (what === 'remove') book.remove('endpoint', id)
  else if (!now) book.endpoint(id)
  else if (what === 'result') book.result(id)
  else if (what === 'type') retype(book, id, now.type === 'login' ? 'claims' : 'login')
  else book.endpoint(id, { status: now.status === 'down' ? 'operational' : 'down' })
}

/** An open incident follows its endpoint to its new type, as the keeper makes it. */
function retype(book: LogBook, id: string, type: string): void {
  book.endpoint(id, { type })
  for (const { id: incident, endpoints, status } of book.board.incidents()) {
    if (status === 'resolved' || endpoints[0] !== id) continue
    const order = Number(incident.slice(-1))
    book.incident(order, { endpoints: [id], types: [type], status })
  }
}

function writeIncident(book: LogBook, { do: what, order }: { do: string; order: number }): void {
  const id = ENDPOINTS[order % ENDPOINTS.length] ?? ''
  book.incident(order, {
    endpoints: [id],
    types: [id.split('/')[1] ?? ''],
    status: what === 'closes' ? 'resolved' : 'identified',
  })
}
