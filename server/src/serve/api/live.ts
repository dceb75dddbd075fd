import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Board } from '../../board/board.ts'

/**
 * Answers a read of the board with its position as `ETag`, or 304 where the client has been there already.
 * `json` is not validated again: the board's records are made of checked types, and each is encoded at most once for all clients.
 */
export function sendLive(reply: FastifyReply, board: Board, json: () => string): FastifyReply {
  if (isKnown(reply, board)) return reply.code(304).send()
  return reply.type(JSON_TYPE).send(json())
}

/** As `sendLive`, where the answer has to be waited for: the position is that of before the wait. */
export async function sendLiveLater(
  reply: FastifyReply,
  board: Board,
  json: () => Promise<string>,
): Promise<FastifyReply> {
  if (isKnown(reply, board)) return reply.code(304).send()
  const text = await json()
  return reply.type(JSON_TYPE).send(text)
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** A text with a hash of it as `ETag`; nothing, and 304, where the client has it already. */
export function taggedText(reply: FastifyReply, text: string): string | null {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  reply.headers({ etag, 'cache-control': 'no-cache' })
  if (!names(reply.request.headers['if-none-match'], etag)) return text
  reply.code(304)
  return null
}

/** Names the position, and says whether the client knows what is there. */
function isKnown(reply: FastifyReply, board: Board): boolean {
  const etag = `"${board.epoch}:${board.rev}"`
  reply.headers({ etag, 'cache-control': 'no-cache' })
  return names(reply.request.headers['if-none-match'], etag)
}

/** RFC 9110 section 13.1.2: a list of tags, compared weakly, or any. */
function names(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*')
}
