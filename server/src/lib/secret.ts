import { inspect } from 'node:util'

/**
 * Text that may be used but never shown: printing, logging, JSON and string concatenation give `[secret]`.
 * Only `reveal()` tells, and only where a probe is sent.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}

type Packed = { $secret: string }

/**
 * Turns every secret in `value` into a form that survives a message to another thread of this process. One that many
 * share, such as a file of certificates, is sent once.
 */
export function packSecrets(value: unknown): unknown {
  const packed = new Map<Secret, Packed>()
  return mapDeep(value, (item) => (item instanceof Secret ? once(packed, item, pack) : undefined))
}

function pack(secret: Secret): Packed {
  return { $secret: secret.reveal() }
}

/** The reverse of `packSecrets`. */
export function unpackSecrets(value: unknown): unknown {
  const unpacked = new Map<Packed, Secret>()
  return mapDeep(value, (item) => (isPacked(item) ? once(unpacked, item, unpack) : undefined))
}

function unpack({ $secret }: Packed): Secret {
  return new Secret($secret)
}

function once<From, To>(made: Map<From, To>, from: From, make: (from: From) => To): To {
  const to = made.get(from) ?? make(from)
  made.set(from, to)
  return to
}

function isPacked(value: unknown): value is Packed {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    '$secret' in value &&
    typeof value.$secret === 'string'
  )
}

/** A copy of `value` with what `replaced` gives in place of what it gives it for. */
function mapDeep(value: unknown, replaced: (value: unknown) => unknown): unknown {
  const replacement = replaced(value)
  if (replacement !== undefined) return replacement
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, replaced))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapDeep(item, replaced)]),
  )
}
