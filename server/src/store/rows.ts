/**
 * Results as bytes. Both forms begin with the shapes that occur, each once; then a result is the number of its shape,
 * its time, and its latencies in tenths of a millisecond, which is what clients see of them.
 *
 *   journal   a batch of results as it was written, of many endpoints; each can be read alone, at its offset
 *   chunk     many results of one endpoint, oldest first; times as changes of their distance, which is nearly constant
 */
import type { HistoryRow } from '../model.ts'
import { ByteReader, ByteWriter, readerOf } from './bytes.ts'
import type { Shape, Shapes } from './shapes.ts'

const JOURNAL_VERSION = 1
const CHUNK_VERSION = 1
const TENTHS = 10

/** A result with its endpoint's number. */
export type Numbered = { endpoint: number; row: HistoryRow }

/** A journal in memory, and where in it the results of which endpoint are. */
export type Page = {
  packed: Uint8Array
  shapes: readonly Shape[]
  base: number
  places: readonly { endpoint: number; offset: number; at: number; intervalMs: number }[]
}

/** A page with the results of a batch. */
export function packJournal(rows: readonly Numbered[], shapes: Shapes): Page {
  const found = rows.map(({ row }) => shapes.of(row))
  const [distinct, indexes] = distinctOf(found)
  const base = rows[0]?.row.at ?? 0
  const writer = new ByteWriter()
  writeHead(writer, JOURNAL_VERSION, distinct)
  writer.varint(base)
  writer.varint(rows.length)
  const places = rows.map(({ endpoint, row }, i) => {
    writer.varint(endpoint)
    const offset = writer.length
    const shape = found[i] as Shape
    writer.varint(indexes.get(shape) as number)
    writer.signed(row.at - base)
    writeTimes(writer, row, shape)
    return { endpoint, offset, at: row.at, intervalMs: row.intervalMs }
  })
  return { packed: writer.finish(), shapes: distinct, base, places }
}

/** The page of a journal that an earlier run wrote. @throws {StoreError} */
export function readJournal(packed: Uint8Array, shapes: Shapes): Page {
  const reader = readerOf(packed, JOURNAL_VERSION)
  const distinct = readHead(reader, shapes)
  const base = reader.varint()
  const places: Page['places'][number][] = []
  for (let left = reader.varint(); left > 0; left--) {
    const endpoint = reader.varint()
    const offset = reader.at
    const shape = distinct[reader.varint()] as Shape
    const at = base + reader.signed()
    for (let times = shape.timed.length + 1; times > 0; times--) reader.varint()
    places.push({ endpoint, offset, at, intervalMs: shape.intervalMs })
  }
  return { packed, shapes: distinct, base, places }
}

/** One result of a page. */
export function rowAt(page: Omit<Page, 'places'>, place: { endpoint: string; offset: number }) {
  const reader = new ByteReader(page.packed, place.offset)
  const shape = page.shapes[reader.varint()] as Shape
  const at = page.base + reader.signed()
  return readTimes(reader, shape, { endpoint: place.endpoint, at })
}

/** Packs results of one endpoint, oldest first. */
export function packChunk(rows: readonly HistoryRow[], shapes: Shapes): Uint8Array {
  const found = rows.map((row) => shapes.of(row))
  const [distinct, indexes] = distinctOf(found)
  const writer = new ByteWriter()
  writeHead(writer, CHUNK_VERSION, distinct)
  let [at, distance] = [0, 0]
  for (const [i, row] of rows.entries()) {
    const shape = found[i] as Shape
    writer.varint(indexes.get(shape) as number)
    writer.signed(row.at - at - distance)
    distance = i === 0 ? 0 : row.at - at
    at = row.at
    writeTimes(writer, row, shape)
  }
  return writer.finish()
}

/** The results of a chunk, oldest first. @throws {StoreError} */
export function readChunk(packed: Uint8Array, endpoint: string, shapes: Shapes): HistoryRow[] {
  const reader = readerOf(packed, CHUNK_VERSION)
  const distinct = readHead(reader, shapes)
  const rows: HistoryRow[] = []
  let [at, distance] = [0, 0]
  while (!reader.done) {
    const shape = distinct[reader.varint()] as Shape
    const moved = reader.signed() + distance
    distance = rows.length === 0 ? 0 : moved
    at += moved
    rows.push(readTimes(reader, shape, { endpoint, at }))
  }
  return rows
}

function distinctOf(found: readonly Shape[]): [Shape[], Map<Shape, number>] {
  const indexes = new Map<Shape, number>()
  for (const shape of found) if (!indexes.has(shape)) indexes.set(shape, indexes.size)
  return [[...indexes.keys()], indexes]
}

function writeHead(writer: ByteWriter, version: number, shapes: readonly Shape[]): void {
  writer.byte(version)
  writer.varint(shapes.length)
  for (const { text } of shapes) writer.text(text)
}

function readHead(reader: ByteReader, shapes: Shapes): Shape[] {
  return Array.from({ length: reader.varint() }, () => shapes.read(reader.text()))
}

function writeTimes(writer: ByteWriter, row: HistoryRow, { timed }: Shape): void {
  writer.varint(Math.round(row.latencyMs * TENTHS))
  for (const phase of timed) writer.varint(Math.round((row.phases[phase] ?? 0) * TENTHS))
}

function readTimes(
  reader: ByteReader,
  shape: Shape,
  { endpoint, at }: Pick<HistoryRow, 'endpoint' | 'at'>,
): HistoryRow {
  const latencyMs = reader.varint() / TENTHS
  const phases: HistoryRow['phases'] = {
    dnsMs: null,
    connectMs: null,
    tlsMs: null,
    firstByteMs: null,
    transferMs: null,
  }
  for (const phase of shape.timed) phases[phase] = reader.varint() / TENTHS
  const { verdict, attribution, evidence, failure, statusCode, attempts, intervalMs, codes } = shape
  return {
    ...{ endpoint, at, latencyMs, statusCode, attempts, verdict, attribution, evidence },
    ...{ codes, phases, failure, intervalMs },
  }
}
