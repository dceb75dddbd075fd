import type { Outside } from '../../src/app/outside.ts'
import { aMonitor, type Monitor, privately } from '../support/a-monitor.ts'
import { httpSide } from '../support/far-side.ts'

/** A monitor of four endpoints of two payers, all of which one server on loopback answers for; it probes in this thread. */
export async function aSmallWorld(outside: Partial<Outside> = {}): Promise<Monitor> {
  const far = await httpSide((_request, response) => {
    response.end('ok')
  })
  const endpoints = ['Aetna', 'Cigna'].flatMap((payer) =>
    ['login', 'eligibility'].map((type) => ({ payer, type, url: `${far.origin}/${type}` })),
  )
  // So little may be under way that every update depends on the client's answer to a ping.
  const limits = { unacknowledged: '1 KiB' }
  const monitor = await aMonitor(JSON.stringify({ ...JSON.parse(privately(endpoints)), limits }), {
    thread: undefined,
    ...outside,
  })
  return {
    ...monitor,
    async [Symbol.asyncDispose]() {
      await monitor[Symbol.asyncDispose]()
      await far[Symbol.asyncDispose]()
    },
  }
}
