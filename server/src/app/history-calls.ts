/** Questions to history, as they cross threads. */
import type { History } from '../ports.ts'

/** One question: which method of history, and what it is asked. */
export type HistoryCall = {
  [Method in keyof History]: { method: Method; asked: Parameters<History[Method]>[0] }
}[keyof History]

/** History on the other side of something that carries questions and answers. */
export function historyOver(ask: (call: HistoryCall) => Promise<unknown>): History {
  return {
    // safe: each answer is what `answerHistory` gave to the same method
    results: (asked) => ask({ method: 'results', asked }) as ReturnType<History['results']>,
    latency: (asked) => ask({ method: 'latency', asked }) as ReturnType<History['latency']>,
    timeline: (asked) => ask({ method: 'timeline', asked }) as ReturnType<History['timeline']>,
    days: (asked) => ask({ method: 'days', asked }) as ReturnType<History['days']>,
    incidents: (asked) => ask({ method: 'incidents', asked }) as ReturnType<History['incidents']>,
    incident: (asked) => ask({ method: 'incident', asked }) as ReturnType<History['incident']>,
  }
}

/** Answers a question that came from another thread. */
export function answerHistory(history: History, call: HistoryCall): Promise<unknown> {
  switch (call.method) {
    case 'results':
      return history.results(call.asked)
    case 'latency':
      return history.latency(call.asked)
    case 'timeline':
      return history.timeline(call.asked)
    case 'days':
      return history.days(call.asked)
    case 'incidents':
      return history.incidents(call.asked)
    case 'incident':
      return history.incident(call.asked)
  }
}
