import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bad, closed, limited, slow, up } from '../../test/support/judged.ts'
import { endpointOf } from '../../test/support/keeper-house.ts'
import { HOUR, MINUTE, onePlan, WindowHouse } from '../../test/support/window-house.ts'
import { isInScope } from '../board/scope.ts'
import type { Plan } from '../config/config.ts'
import type { Occurrence } from '../lib/recurrence.ts'
import type { WindowRecord } from '../model.ts'
import { uncovered } from './cover.ts'
import { GRACE_MS } from './windows.ts'

const START = Date.UTC(2026, 0, 1)
const LOGIN = endpointOf('aetna/login', { type: 'login', capability: 'provider_portal' })
const ENDPOINTS = [endpointOf('aetna/eligibility'), LOGIN]
const SEES = { up, bad, slow, closed, limited }

/** Windows that overlap, follow each other and have a scope. */
const PLANS = [
  [0.2, 0.7, []],
  [0.5, 1, ['eligibility']],
  [1, 1.5, []],
  [1.1, 1.2, ['provider_portal']],
  [2, 3, []],
].map(([from, to, types]) =>
  onePlan(START + Number(from) * HOUR, START + Number(to) * HOUR, { types: types as string[] }),
)

type Step =
  | { do: 'see'; what: keyof typeof SEES; endpoint: number; times: number }
  | { do: 'pass' | 'jump'; minutes: number }
  | { do: 'apply'; plans: number[] }
  | { do: 'announce' | 'withdraw'; plan: number }
  | { do: 'restart' }

const plan = fc.nat(PLANS.length - 1)
const Steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('see' as const),
      what: fc.constantFrom('up', 'bad', 'bad', 'slow', 'closed', 'limited'),
      endpoint: fc.nat(1),
      times: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ do: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ do: fc.constant('jump' as const), minutes: fc.integer({ min: -30, max: 30 }) }),
    fc.record({ do: fc.constant('apply' as const), plans: fc.uniqueArray(plan) }),
    fc.record({ do: fc.constantFrom('announce' as const, 'withdraw' as const), plan }),
    fc.record({ do: fc.constant('restart' as const) }),
  ),
  { minLength: 10, maxLength: 40 },
)

class World {
  readonly house = new WindowHouse(ENDPOINTS)
  #file: readonly Plan[] = PLANS.slice(0, 1)
  readonly #known = new Set<string>()
  /** Incidents that were opened by what is in a window. */
  readonly #wrong: string[] = []

  constructor() {
    this.house.bus.subscribe((entry) => {
      if (entry.kind !== 'incident' || !entry.value || this.#known.has(entry.id)) return
      this.#known.add(entry.id)
      const isIn = (id: string) => this.house.state(id).window !== undefined
      if (entry.value.endpoints.every(isIn)) this.#wrong.push(entry.id)
    })
    this.house.apply(this.#file)
  }

  async take(step: Step): Promise<void> {
    const { clock, bus } = this.house
    switch (step.do) {
      case 'see':
        for (let i = 0; i < step.times; i++) {
          this.house.see(ENDPOINTS[step.endpoint]?.id ?? '', SEES[step.what])
          await clock.advance(10)
        }
        break
      case 'pass':
        await clock.advance(step.minutes * MINUTE)
        break
      case 'jump':
        clock.jump(step.minutes * MINUTE)
        await clock.advance(30_000)
        break
      case 'apply':
        this.#file = PLANS.filter((_, i) => step.plans.includes(i))
        this.house.apply(this.#file)
        break
      case 'announce':
      case 'withdraw': {
        const value = PLANS[step.plan]
        if (value === undefined || this.#file.includes(value)) break
        const said = step.do === 'announce' ? { ...value, origin: 'api' as const } : null
        void bus.publish({ kind: 'plan', id: value.id, value: said })
        break
      }
      case 'restart':
        this.house.restart(this.#file)
    }
    await clock.advance(1)
  }

  /** What must be so after every step. */
  check(): void {
    const { board, clock } = this.house
    const now = clock.now()
    const plans = [...board.values('plan')]
    for (const window of board.values('window')) checkWindow(window, plans, now)
    for (const { id } of ENDPOINTS) this.#checkEndpoint(id, plans, now)
    assert.deepEqual(this.#wrong, [])
  }

  #checkEndpoint(id: string, plans: readonly Plan[], now: number): void {
    const shown = this.house.state(id)
    const judged = this.house.judged(id)
    assert.deepEqual(uncovered(shown), judged)
    const times = plans.filter((one) => isInScope(one, shown)).map((one) => one.times as Occurrence)
    const isIn = times.some(({ startsAt, endsAt }) => now >= startsAt && now < endsAt)
    assert.equal(shown.window !== undefined, isIn)
    const isOut = judged?.status === 'down' || judged?.status === 'maintenance'
    if (!isOut) assert.notEqual(shown.status, 'down')
    else if (isIn) assert.equal(shown.status, 'maintenance')
    else if (shown.status === 'maintenance' && judged.status === 'down')
      assert.ok(times.some(({ endsAt }) => now >= endsAt && now < endsAt + GRACE_MS))
  }
}

function checkWindow(window: WindowRecord, plans: readonly Plan[], now: number): void {
  const isAnnounced = plans.some(({ id }) => id === window.plan)
  const [startsAt, endsAt] = [Date.parse(window.startsAt), Date.parse(window.endsAt)]
  if (window.state !== 'completed') assert.ok(isAnnounced)
  if (window.state === 'scheduled') assert.ok(now < startsAt)
  if (isAnnounced && now >= startsAt && now < endsAt) assert.equal(window.state, 'in_progress')
}

test('whatever happens, what is shown is what the clock and the plans say, over what was judged', async () => {
  await fc.assert(
    fc.asyncProperty(Steps, async (steps) => {
      const world = new World()
      using _house = world.house
      for (const step of steps) {
        await world.take(step)
        world.check()
      }
    }),
    { numRuns: 60 },
  )
})
