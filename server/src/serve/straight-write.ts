import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** The part of a socket that Node does not document; where it looks different, nothing is written straight. */
type Handled = { readonly _handle?: { readonly fd?: unknown } | null }

/** Below are the standard streams, and on Windows there is no other. */
const FIRST_FD = 3
/** In place of a descriptor, where everything goes through the stream. */
const NO_FD = -1

/** The descriptor of a plain TCP socket, or -1. */
export function descriptorOf(stream: Duplex): number {
  if (!(stream instanceof Socket) || 'encrypted' in stream) return NO_FD
  const fd = (stream as Handled)._handle?.fd // safe: looked at before it is used
  return typeof fd === 'number' && fd >= FIRST_FD ? fd : NO_FD
}

/**
 * Writes to a client's socket. Nearly every write finds an empty stream and a kernel with room: that one goes straight to
 * the descriptor, for half the work of the stream between. The stream takes what is left, and every error.
 */
export function writeStraight(stream: Duplex, fd: number, bytes: Uint8Array): void {
  const sent = fd !== NO_FD && isBare(stream) ? taken(fd, bytes) : 0
  if (sent < bytes.length) stream.write(sent === 0 ? bytes : bytes.subarray(sent))
}

/** True while nothing waits in the stream, and the descriptor is still its own: it lets go of its handle to close it. */
function isBare(stream: Duplex): boolean {
  const { _handle } = stream as Handled // safe: descriptorOf found one
  return _handle != null && stream.writableLength === 0 && stream.writableCorked === 0
}

/** How many bytes the kernel took; none when it has no room or the connection is lost, which the stream finds out. */
function taken(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes)
  } catch {
    return 0
  }
}
