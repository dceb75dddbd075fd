/** Questions from one thread to another: each has a number, and is answered or refused by a message. */
import { AppError, BusyError, ListenError, StoreError, UnknownNameError } from '../lib/errors.ts'

/** An error as it crosses threads. */
export type Refusal = {
  code: string
  message: string
  retryAfterMs?: number
  isPassing?: boolean
  isUnsure?: boolean
}

export type Ask<Question> = { say: 'ask'; id: number; question: Question }

export type Reply =
  | { say: 'answer'; id: number; value: unknown }
  | { say: 'refuse'; id: number; error: Refusal }

type Waiter = { resolve: (value: unknown) => void; reject: (error: Error) => void }

/** What was asked of another thread and is not answered yet. */
export class Questions {
  readonly #waiters = new Map<number, Waiter>()
  #nextId = 0

  /** Asks by a message with this number; resolves or rejects with the reply. */
  ask(send: (id: number) => void): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject })
      send(id)
    })
  }

  /** Takes a reply. */
  settle(reply: Reply): void {
    const waiter = this.#waiters.get(reply.id)
    this.#waiters.delete(reply.id)
    if (reply.say === 'answer') waiter?.resolve(reply.value)
    else waiter?.reject(errorOf(reply.error))
  }

  /** Refuses all that wait: nobody will answer them. */
  refuseAll(error: Error): void {
    for (const { reject } of this.#waiters.values()) reject(error)
    this.#waiters.clear()
  }
}

/** Replies to the question of that number with what comes of it. */
export function reply(id: number, asked: Promise<unknown>, send: (reply: Reply) => void): void {
  asked
    .then((value) => send({ say: 'answer', id, value }))
    .catch((error: unknown) => send({ say: 'refuse', id, error: refusalOf(error) }))
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof BusyError)
    return { code: error.code, message: error.message, retryAfterMs: error.retryAfterMs }
  if (error instanceof StoreError)
    return {
      code: error.code,
      message: error.message,
      isPassing: error.isPassing,
      isUnsure: error.isUnsure,
    }
  if (error instanceof AppError) return { code: error.code, message: error.message }
  return { code: 'ERR_INTERNAL', message: 'another thread failed' }
}

function errorOf({ code, message, retryAfterMs, ...trouble }: Refusal): Error {
  if (code === 'ERR_BUSY') return new BusyError(message, retryAfterMs ?? 0)
  if (code === 'ERR_UNKNOWN_NAME') return new UnknownNameError(message)
  if (code === 'ERR_LISTEN') return new ListenError(message)
  if (code === 'ERR_STORE') return new StoreError(message, trouble)
  return new AppError(code, message)
}
