/** Numbers and texts as bytes: varints (seven bits a byte, least first), and texts behind their length. */
import { StoreError } from '../lib/errors.ts'

const FIRST_SIZE = 256

/** Appends to a buffer that grows. Numbers are whole and at most 2^52 from zero. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_SIZE)
  #length = 0

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  /** A number from zero on. */
  varint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) + 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  /** A number of either sign: the small ones are short. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  text(value: string): void {
    const size = Buffer.byteLength(value)
    this.varint(size)
    this.#room(size)
    this.#bytes.write(value, this.#length)
    this.#length += size
  }

  /** What was written, in a buffer of its own. */
  finish(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length)
  }

  #room(size: number): void {
    const needed = this.#length + size
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** Reads what a `ByteWriter` wrote. @throws {StoreError} where the bytes end early */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.#at++]
    if (value === undefined) throw new StoreError('packed bytes end early')
    return value
  }

  varint(): number {
    let value = 0
    let unit = 1
    for (;;) {
      const byte = this.byte()
      if (byte < 0x80) return value + byte * unit
      value += (byte - 0x80) * unit
      unit *= 0x80
    }
  }

  signed(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  text(): string {
    const size = this.varint()
    const end = this.#at + size
    if (end > this.#bytes.length) throw new StoreError('packed bytes end early')
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, size).toString()
    this.#at = end
    return text
  }
}

/** Checks the first byte, which says how the rest is packed. @throws {StoreError} where it is another */
export function readerOf(packed: Uint8Array, version: number): ByteReader {
  const reader = new ByteReader(packed)
  if (reader.byte() !== version) throw new StoreError('bytes were packed by another version')
  return reader
}
