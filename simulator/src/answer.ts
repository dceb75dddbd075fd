/** What moves through a simulated server: a request, and the answer to it. */
import type { EndpointPlan } from './catalog.ts'
import type { AaaCode } from './fault.ts'

/** A request, as far as the families look at it. */
export type Ask = {
  method: string
  /** What follows the endpoint's own path: empty, or beginning with a slash. */
  path: string
  /** What follows the question mark. */
  query: string
  body: string
  /** Epoch ms. */
  at: number
}

/** An answer that has not been sent. */
export type Answer = { status: number; headers: Record<string, string>; body: string | Uint8Array }

/** How a monitor should ask an endpoint, and what it should expect; in the words of the configuration file. */
export type Watch = {
  path: string
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  expect: { status?: number; body?: string; json?: Record<string, string> }
}

/** One kind of server. Its answers are functions of the request alone. */
export type Family = {
  watch(endpoint: EndpointPlan): Watch
  /** The right answer, also to a wrong request. */
  healthy(endpoint: EndpointPlan, ask: Ask): Answer
  /** An error with this status, in the family's own shape. */
  failing(endpoint: EndpointPlan, status: number): Answer
  /** Status 200 from an edge behind which nothing works. */
  unavailable(endpoint: EndpointPlan, ask: Ask, code: AaaCode): Answer
  /** The request is turned away as malformed. */
  rejected(endpoint: EndpointPlan, ask: Ask): Answer
}

/** An HTML answer. */
export function html(status: number, title: string, body: string): Answer {
  const head = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>`
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `${head}<body>\n${body}\n</body></html>\n`,
  }
}

/** A JSON answer. */
export function json(status: number, value: object, contentType = 'application/json'): Answer {
  return { status, headers: { 'content-type': contentType }, body: `${JSON.stringify(value)}\n` }
}
