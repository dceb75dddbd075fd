/** Reads small files, whatever they turn out to be. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { isAbsolute, relative } from 'node:path'
import { errorCode } from '../lib/errors.ts'

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a directory, not a file',
}

/** Without waiting: opening a named pipe would wait for its writer. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** The text of a regular file of at most `max` bytes; or why there is none. */
export async function readText(
  path: string,
  max: number,
): Promise<{ text: string } | { mistake: string }> {
  const read = await readBytes(path, max)
  return 'bytes' in read ? decoded(read.bytes) : read
}

/** What a regular file of at most `max` bytes holds; or why there is nothing. */
export async function readBytes(
  path: string,
  max: number,
): Promise<{ bytes: Buffer } | { mistake: string }> {
  try {
    await using file = await open(path, OPEN_FLAGS)
    const stat = await file.stat()
    if (stat.isDirectory()) return { mistake: 'is a directory, not a file' }
    if (!stat.isFile()) return { mistake: 'is not a regular file' }
    const bytes = await bytesOf(file, max + 1)
    return bytes.length > max ? { mistake: `is larger than ${sizeText(max)}` } : { bytes }
  } catch (error) {
    const code = errorCode(error)
    return { mistake: WHY[code] ?? `cannot be read (${code})` }
  }
}

const CHUNK = 65_536

/** The first `most` bytes. The size that the system tells is not asked: a file may grow meanwhile. */
async function bytesOf(file: FileHandle, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let left = most
  while (left > 0) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(CHUNK, left)))
    if (bytesRead === 0) break
    chunks.push(buffer.subarray(0, bytesRead))
    left -= bytesRead
  }
  return Buffer.concat(chunks)
}

function sizeText(bytes: number): string {
  return bytes % 1024 ** 2 === 0 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024} KiB`
}

function decoded(bytes: Uint8Array): { text: string } | { mistake: string } {
  if (bytes.includes(0)) return { mistake: 'is not text: it has a zero byte' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { mistake: 'is not UTF-8 text' }
  }
}

/** A file's name for people: relative where it lies below `cwd`. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path)
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below
}
