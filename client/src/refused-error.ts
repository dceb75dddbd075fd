import type { ErrorCode } from '@payer-status/protocol'

/** The server will not have this client as it is: something must change before it tries again. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  /** The close code, or the code of the error frame. */
  readonly code: number | ErrorCode
  /** Each fault the server named. */
  readonly issues: readonly string[]

  constructor(code: number | ErrorCode, reason: string, issues: readonly string[] = []) {
    super(`refused by the server (${code}): ${reason.slice(0, 500) || 'no reason given'}`)
    this.code = code
    this.issues = issues
  }
}
