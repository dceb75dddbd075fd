/** An error an operator can act on. `code` is stable and has a chapter in docs/errors.md. */
export class AppError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** The configuration cannot be used. Names every problem at once, one a line. */
export class ConfigError extends AppError {
  readonly problems: readonly string[]
  /** What was read before that was known, and what it was like then. */
  readonly files: readonly { path: string; signature: string }[]

  constructor(problems: readonly string[], files: ConfigError['files'] = []) {
    super('ERR_CONFIG', problems.join('\n'))
    this.problems = problems
    this.files = files
  }
}

/** A name is not known here; `near` lists the closest ones that are. */
export class UnknownNameError extends AppError {
  readonly near: readonly string[]

  constructor(message: string, near: readonly string[] = []) {
    super('ERR_UNKNOWN_NAME', message)
    this.near = near
  }
}

/** Something is asked for faster or more often than its limit allows. */
export class BusyError extends AppError {
  readonly retryAfterMs: number

  constructor(message: string, retryAfterMs: number) {
    super('ERR_BUSY', message)
    this.retryAfterMs = retryAfterMs
  }
}

/** An address the monitor was told to listen on is taken or not ours. */
export class ListenError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_LISTEN', message, options)
  }
}

type StoreTrouble = { isPassing?: boolean; isUnsure?: boolean }

/** The store cannot do what it was asked: the disk is full, the server is gone, the file is of a later version. */
export class StoreError extends AppError {
  /** Whether it may be well again without anybody changing the configuration: the disk is full, the server is away. */
  readonly isPassing: boolean
  /** Whether what was asked may have been done all the same: the answer to it was lost. */
  readonly isUnsure: boolean

  constructor(message: string, options: ErrorOptions & StoreTrouble = {}) {
    super('ERR_STORE', message, options)
    this.isPassing = options.isPassing ?? false
    this.isUnsure = options.isUnsure ?? false
  }
}

/** Whether a write that failed so may have happened all the same. Only a store knows that it did not. */
export function isInDoubt(error: unknown): boolean {
  return !(error instanceof StoreError) || error.isUnsure
}

/** The stable code of any thrown thing, safe to log: never its message, which may quote addresses or input. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'UnknownError'
}

/** What the log says of a trouble. */
export type Trouble = { code: string; problem?: string }

/** A trouble as it is logged: the sentence only where it is ours and holds nothing private, as a store's does. */
export function troubleIn(error: unknown): Trouble {
  const code = errorCode(error)
  return error instanceof StoreError ? { code, problem: error.message } : { code }
}
