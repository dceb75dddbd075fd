type Numbers = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

/** One number of each row, packed. */
export class Column<Kind extends Numbers = Numbers> {
  readonly #kind: new (
    rows: number,
  ) => Kind
  #numbers: Kind

  constructor(kind: new (rows: number) => Kind, rows: number) {
    this.#kind = kind
    this.#numbers = new kind(rows)
  }

  /** How many rows there is room for. */
  get rows(): number {
    return this.#numbers.length
  }

  get(row: number): number {
    return this.#numbers[row] as number // safe: callers stay below the length
  }

  set(row: number, value: number): void {
    this.#numbers[row] = value
  }

  /** Makes room for more rows. */
  growTo(rows: number): void {
    const more = new this.#kind(rows)
    more.set(this.#numbers)
    this.#numbers = more
  }
}
