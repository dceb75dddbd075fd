/** Looks into the schema, so that keys, variables and tables come from it and from nowhere else. */
import * as z from 'zod'
import { File } from './schema.ts'
import type { Path } from './yaml.ts'

/** One single value of the schema, where it is, and the environment variable that sets it. */
export type Leaf = { path: readonly string[]; variable: string }

/** The schema of what is written in the file: without optional, default and transformation. */
export function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault)
    return bare(schema.def.innerType)
  return schema instanceof z.ZodPipe ? bare(schema.def.in) : schema
}

/** The keys an object schema knows; undefined where it is no object. */
export function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  const plain = bare(schema)
  return plain instanceof z.ZodObject ? plain.shape : undefined
}

/** The keys that are known at `path` of a file of `schema`. */
export function keysAt(schema: unknown, path: Path): string[] {
  let current = schema
  for (const step of path) current = childOf(current, step)
  return Object.keys(shapeOf(current) ?? {})
}

function childOf(schema: unknown, step: string | number): unknown {
  const plain = bare(schema)
  if (plain instanceof z.ZodArray) return plain.element
  return shapeOf(plain)?.[String(step)]
}

/** What a file says of itself; it cannot be said from outside. */
const FILE_ONLY = new Set(['version', 'include', 'profiles'])

/** Every setting that is one value: what flags and environment variables may set. */
export function leaves(): Leaf[] {
  return Object.entries(File.shape)
    .filter(([key]) => !FILE_ONLY.has(key))
    .flatMap(([key, schema]) => leavesBelow(schema, [key]))
}

function leavesBelow(schema: unknown, path: readonly string[]): Leaf[] {
  const shape = shapeOf(schema)
  if (shape !== undefined)
    return Object.entries(shape).flatMap(([key, child]) => leavesBelow(child, [...path, key]))
  return isScalar(schema) ? [{ path, variable: variableOf(path) }] : []
}

function isScalar(schema: unknown): boolean {
  const plain = bare(schema)
  if (plain instanceof z.ZodUnion) return plain.options.some(isScalar)
  return !(
    plain instanceof z.ZodObject ||
    plain instanceof z.ZodArray ||
    plain instanceof z.ZodRecord
  )
}

/** `PAYER_STATUS_SERVER_PORT` for `server.port`. */
export function variableOf(path: readonly string[]): string {
  return ['PAYER_STATUS', ...path].join('_').toUpperCase()
}
