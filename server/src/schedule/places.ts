/** Something that waits for its turn. */
export type Waiting = {
  host: string
  hostLimit: number
  isQueued: boolean
  /** No longer wanted: it loses its turn. */
  isGone: boolean
}

type HostPlaces<T> = { running: number; queue: Set<T> }

/** Who may run now: so many at once all in all, so many on one host, first come first served. Nobody is sent away. */
export class Places<T extends Waiting> {
  readonly #limit: number
  readonly #ready = new Set<T>()
  readonly #hosts = new Map<string, HostPlaces<T>>()
  #running = 0
  #queuedOnHosts = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** How many wait. */
  get waiting(): number {
    return this.#ready.size + this.#queuedOnHosts
  }

  /** Takes its place in the queue, and says what it has to wait for, if anything. */
  enqueue(item: T): 'host' | 'workers' | undefined {
    item.isQueued = true
    if (this.#isHostFull(item)) {
      this.#waitForHost(item)
      return 'host'
    }
    this.#ready.add(item)
    return this.#running + this.#ready.size > this.#limit ? 'workers' : undefined
  }

  /** The next that may run; it holds its place until it leaves. */
  next(): T | undefined {
    if (this.#running >= this.#limit) return undefined
    for (const item of this.#ready) {
      this.#ready.delete(item)
      if (item.isGone) this.#passOn(item)
      else if (this.#isHostFull(item)) this.#waitForHost(item)
      else return this.#admit(item)
    }
    return undefined
  }

  /** Gives the place back, to the next on the same host first. */
  leave(host: string): void {
    this.#running--
    const places = this.#hosts.get(host)
    if (places === undefined) return
    places.running--
    this.#wakeNext(host)
  }

  /** Moves one that waits to the queue of another host. */
  rehost(item: T, host: string): void {
    if (item.isQueued) {
      this.#ready.delete(item)
      if (this.#hosts.get(item.host)?.queue.delete(item)) this.#queuedOnHosts--
    }
    item.host = host
    if (item.isQueued) this.enqueue(item)
  }

  /** One that is not wanted any more gives its turn to the next on its host. */
  #passOn(item: T): void {
    item.isQueued = false
    this.#wakeNext(item.host)
  }

  #wakeNext(host: string): void {
    const places = this.#hosts.get(host)
    if (places === undefined) return
    for (const item of places.queue) {
      places.queue.delete(item)
      this.#queuedOnHosts--
      this.#ready.add(item)
      break
    }
    if (places.running === 0 && places.queue.size === 0) this.#hosts.delete(host)
  }

  #admit(item: T): T {
    item.isQueued = false
    this.#running++
    this.#placesOf(item.host).running++
    return item
  }

  #waitForHost(item: T): void {
    this.#placesOf(item.host).queue.add(item)
    this.#queuedOnHosts++
  }

  #isHostFull({ host, hostLimit }: T): boolean {
    return (this.#hosts.get(host)?.running ?? 0) >= hostLimit
  }

  #placesOf(host: string): HostPlaces<T> {
    const places = this.#hosts.get(host) ?? { running: 0, queue: new Set<T>() }
    this.#hosts.set(host, places)
    return places
  }
}
