/** Looking into and changing YAML as it is written, comments included. */
import { Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml'

export type { Document, YAMLMap }

/** A file that holds a mapping, to be changed and written again. */
export function asWritten(text: string): { doc: Document; whole: YAMLMap } {
  const doc: Document = parseDocument(text, { stringKeys: true })
  if (!isMap(doc.contents)) throw new TypeError('it holds no mapping')
  return { doc, whole: doc.contents }
}

/** The mappings in a list, with their positions. */
export function mapsIn(list: unknown): [number, YAMLMap][] {
  if (!isSeq(list)) return []
  return list.items.flatMap((item, i): [number, YAMLMap][] => (isMap(item) ? [[i, item]] : []))
}

/** The keys of a mapping, as texts. */
export function keysOf(map: YAMLMap): string[] {
  return map.items.map(({ key }) => (isScalar(key) ? String(key.value) : String(key)))
}

/** The mapping under a key. */
export function mapIn(map: YAMLMap, name: string): YAMLMap | undefined {
  const value: unknown = map.get(name)
  return isMap(value) ? value : undefined
}

/** The pair with a key. */
function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

/** Calls a key something else; its value, its place and what is written around it stay. */
export function rename(map: YAMLMap, before: string, after: string): void {
  const pair = pairOf(map, before)
  if (pair && isScalar(pair.key)) pair.key.value = after
}

/** The text of a single value, as far as it is one. */
export function textOf(map: YAMLMap, name: string): string | undefined {
  const value: unknown = map.get(name)
  return value === undefined || value === null || typeof value === 'object'
    ? undefined
    : String(value)
}

/** Says something at the end of the line of a value. */
export function remarkAt(map: YAMLMap, name: string, remark: string): void {
  const value = pairOf(map, name)?.value
  if (isScalar(value)) value.comment = ` ${remark}${value.comment ? `;${value.comment}` : ''}`
}

/** Puts another text in place of one; how it is quoted stays. */
export function replaceText(map: YAMLMap, name: string, change: (text: string) => string): void {
  const value = pairOf(map, name)?.value
  if (isScalar(value) && typeof value.value === 'string') value.value = change(value.value)
}

/** What a mapping says. */
export function saidIn(map: YAMLMap): Readonly<Record<string, unknown>> {
  return map.toJSON() as Record<string, unknown> // safe: mappings become objects
}

/** Puts a mapping under a key, on one line. */
export function setMapping(map: YAMLMap, name: string, value: object): void {
  map.set(name, new Document().createNode(value, { flow: true }))
}
