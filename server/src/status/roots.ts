import type { IncidentRecord } from '../model.ts'
import { isOpen } from './book.ts'
import { SCOPES, type Scope, type Shared, scopeOf } from './components.ts'
import { conditionOf, isWrong } from './condition.ts'
import type { Desk } from './desk.ts'
import { reopened } from './incident.ts'
import { advancedRoot, openedRoot } from './root.ts'
import { failingTogether } from './together.ts'
import type { Unhurried } from './unhurried.ts'

/** Of one payer, fewer incidents than this are not merged. */
const LEAST_MERGED = 2

type RootsDeps = {
  desk: Desk
  /** Whether half or more of what users need of a payer is down. */
  isHalfOut: (payer: string) => boolean
  hurry: Unhurried
}

/** Keeps the incidents of what several endpoints share, with the endpoints' own as their children. */
export class Roots {
  readonly #deps: RootsDeps

  constructor(deps: RootsDeps) {
    this.#deps = deps
  }

  /** Looks for what endpoints that have just gone down share; the most specific that explains them wins. */
  correlate(failing: readonly string[]): void {
    const { components } = this.#deps.desk
    const touched = new Map<string, string[]>()
    for (const endpoint of failing)
      for (const component of components.of(endpoint)) {
        const endpoints = touched.get(component) ?? []
        endpoints.push(endpoint)
        touched.set(component, endpoints)
      }
    for (const scope of SCOPES)
      for (const [component, endpoints] of touched)
        if (scope !== 'payer' && scopeOf(component) === scope) this.#look(component, endpoints)
  }

  /** Makes one incident of those of a payer where half or more of what users need is down. */
  merge(payer: string): void {
    const { desk, isHalfOut } = this.#deps
    const component = `payer|${payer}`
    const alone = [...desk.components.failing(component).keys()].filter(
      (endpoint) => this.#topOf(endpoint)?.scope === 'endpoint',
    )
    if (alone.length === 0) return
    const incidents = new Set(alone.map((endpoint) => desk.book.ofEndpoint(endpoint)?.id))
    const [root] = desk.book.openWith(component)
    if (root) this.#adopt(root, alone)
    else if (isHalfOut(payer) && incidents.size >= LEAST_MERGED)
      this.#adopt(this.#open(component), alone)
  }

  /** Looks again at what failing endpoints of a payer are part of: how bad it is may have changed. */
  touch(payer: string): void {
    const { components, dirty } = this.#deps.desk
    for (const endpoint of components.failing(`payer|${payer}`).keys()) {
      const top = this.#topOf(endpoint)
      if (top !== undefined && top.scope !== 'endpoint') dirty.add(top.id)
    }
  }

  /** Works out what has changed by its children; of what is large, a second later. */
  refresh(): void {
    const { desk, hurry } = this.#deps
    for (const id of desk.dirty) {
      desk.dirty.delete(id)
      const root = desk.book.get(id)
      if (root === undefined || !isOpen(root)) continue
      if (hurry.isTurnOf(id, desk.book.childCount(id))) this.#advance(root)
    }
    hurry.over()
  }

  #look(component: string, fresh: readonly string[]): void {
    const { book, components } = this.#deps.desk
    const explains = this.#explainer(component)
    const [root] = book.openWith(component)
    const together = root
      ? fresh.filter(explains)
      : failingTogether(components, component, { counts: explains, narrower: this.#narrower })
    if (together) this.#adopt(root ?? this.#open(component), together)
  }

  readonly #narrower = (endpoint: string): string => {
    const top = this.#topOf(endpoint)
    if (top?.scope === 'host' || top?.scope === 'platform') return top.key
    return `host|${this.#deps.desk.components.hostOf(endpoint)}`
  }

  /** Says whether a failure is not explained by something as wide, and is explained wholly by this. */
  #explainer(component: string): (endpoint: string) => boolean {
    const { components } = this.#deps.desk
    const members = components.members(component)
    const failing = components.failing(component)
    const known = new Map<string, boolean>()
    return (endpoint) => {
      const top = this.#topOf(endpoint)
      if (top === undefined || !failing.has(endpoint)) return false
      const before = known.get(top.id)
      if (before !== undefined) return before
      const isWhole = top.endpoints.every((one) => members.has(one) || !components.isFailing(one))
      const explains = isWhole && isNarrower(top.scope, scopeOf(component))
      known.set(top.id, explains)
      return explains
    }
  }

  #open(component: string): IncidentRecord {
    const { desk, hurry } = this.#deps
    const at = desk.deps.now()
    const again = desk.book.reopenable(component, at)
    const root = again ? reopened(again) : openedRoot(component, desk.deps.newIncidentId(), at)
    hurry.now(root.id)
    desk.put(root)
    return root
  }

  #adopt(root: IncidentRecord, endpoints: readonly string[]): void {
    const { desk } = this.#deps
    const above = desk.book.topOf(desk.book.get(root.id) ?? root)
    for (const endpoint of endpoints) {
      const top = this.#topOf(endpoint)
      const isNew = top !== undefined && top.id !== root.id && top.id !== above.id
      if (isNew) desk.put({ ...top, parent: root.id })
    }
  }

  #topOf(endpoint: string): IncidentRecord | undefined {
    const { book } = this.#deps.desk
    const incident = book.ofEndpoint(endpoint)
    return incident && book.topOf(incident)
  }

  #advance(root: IncidentRecord): void {
    const { desk, isHalfOut } = this.#deps
    const children = this.#isOver(root) ? this.#letGo(root) : desk.book.children(root.id)
    desk.put(advancedRoot(root, children, { at: desk.deps.now(), isHalfOut }))
  }

  /**
   * Whether something shared is known to work while its children say nothing of it any more: they are paused or not seen, or
   * what is wrong with them is elsewhere.
   */
  #isOver(root: IncidentRecord): boolean {
    const { desk } = this.#deps
    const members = desk.components.members(root.key)
    const isAbout = (child: IncidentRecord) =>
      desk
        .membersOf(child)
        .some((state) => members.has(state.endpoint) && isWrong(conditionOf(state)))
    if (desk.book.children(root.id).some(isAbout)) return false
    return [...members].some((endpoint) => desk.deps.stateOf(endpoint)?.status === 'operational')
  }

  /** Its children go on by themselves. */
  #letGo(root: IncidentRecord): [] {
    const { desk } = this.#deps
    for (const child of desk.book.children(root.id)) desk.put({ ...child, parent: null })
    return []
  }
}

function isNarrower(scope: Scope, than: Shared): boolean {
  if (scope === 'endpoint' || scope === 'payer') return true
  return SCOPES.indexOf(scope) < SCOPES.indexOf(than)
}
