/**
 * Other servers that push to many clients, behind one type:
 *   started in processes of their own → the load client connects → `publish` → the load client counts.
 */

/** What is published: `count` changes in all, `batch` of them at once, every `intervalMs`. */
export type Offer = {
  count: number
  batch: number
  intervalMs: number
  /** Size of the JSON of one change. At least 110. */
  bytes: number
  /** Each change goes to the next of these, in turn. @defaultValue one topic that everyone has. */
  topics?: readonly string[]
}

/** How long after the last change was due one may still be sent, and a delivery still counts. */
export const GRACE_MS = 1_000

/** Where a rival runs. */
export type Where = {
  /** The core its processes are bound to. */
  core?: number | undefined
  /** The core a publisher of its own process is bound to. */
  publisherCore?: number | undefined
  /** An existing folder; what a rival puts there goes when it is disposed. */
  folder: string
  /** How many clients it must hold. */
  clients: number
}

/** A rival that listens on 127.0.0.1. Disposing it ends its processes and removes its files. */
export type RunningRival = AsyncDisposable & {
  /** The processes whose CPU and memory count as the server's: not the publisher's. */
  pids: readonly number[]
  port: number
  /**
   * How load clients connect and subscribe, as arguments of `bench/load/load`: client i to
   * `topics[i % topics.length]`, or without topics to everything. Topics are `topicName(0)` and on.
   */
  loadArguments(topics?: readonly string[]): string[]
  /**
   * Publishes at the pace of the offer, and resolves with how many changes the server took:
   * it ends when the offer and `GRACE_MS` have passed, however far behind the server is.
   */
  publish(offer: Offer): Promise<number>
}

/** A server to compare with. */
export type Rival = {
  name: string
  version(): Promise<string>
  /** Why it cannot run on this machine, as a sentence that says what to install; else undefined. */
  missing(): Promise<string | undefined>
  start(where: Where): Promise<RunningRival>
}
