/**
 * Why the server closed a WebSocket, in the private range of RFC 6455 section 7.4.2.
 * The range says what a client does: 40xx change something first, 41xx back off, 42xx come back soon.
 */
export const CloseCode = {
  BadFrame: 4000,
  Unauthenticated: 4001,
  TokenExpired: 4002,
  Forbidden: 4003,
  Overloaded: 4100,
  SlowConsumer: 4101,
  TooManyFrames: 4102,
  TooManyConnections: 4103,
  Draining: 4200,
  MaximumAge: 4201,
} as const
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode]

/** What a client does after a close. */
export type Reconnect = 'never' | 'backoff' | 'soon'

/** Reads a close code as a client must. Codes outside 4000-4299 are treated like 4100. */
export function reconnectAfter(code: number): Reconnect {
  if (code >= 4000 && code < 4100) return 'never'
  return code >= 4200 && code < 4300 ? 'soon' : 'backoff'
}
