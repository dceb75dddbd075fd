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

/** Turns every secret in `value` into a form that survives a message to another thread of this process. */
export function packSecrets(value: unknown): unknown {
  if (value instanceof Secret) return { $secret: value.reveal() } satisfies Packed
  return mapDeep(value, packSecrets)
}

/** The reverse of `packSecrets`. */
export function unpackSecrets(value: unknown): unknown {
  if (isPacked(value)) return new Secret(value.$secret)
  return mapDeep(value, unpackSecrets)
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

function mapDeep(value: unknown, each: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(each)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, each(item)]))
}
