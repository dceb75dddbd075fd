import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from '@payer-status/client'
import type { State } from '@payer-status/protocol'
import { tempDirectory } from '../corpus/load-text.ts'
import { aMonitor, untilSeen } from '../support/a-monitor.ts'
import { httpsSide } from '../support/far-side.ts'
import { createAuthority, selfSigned } from '../support/far-side-certificates.ts'
import { grant, tokenSide } from '../support/token-side.ts'

const CANARY = 'CANARY7f3a'

test('a probe with token and client certificate works in the prober’s thread, and tells nobody of them', async () => {
  const authority = createAuthority()
  const ours = authority.issue({ name: 'ops' })
  await using directory = await tempDirectory()
  const [ca, cert, key] = await Promise.all([
    directory.write('ca.pem', authority.cert),
    directory.write('ours.pem', ours.cert),
    directory.write('ours.key', ours.key),
  ])
  await using server = await tokenSide((response) => grant(response, { access_token: CANARY }))
  const options = { ...authority.issue(), ca: authority.cert, requestCert: true }
  await using gateway = await httpsSide(options, (request, response) => {
    const isProven = request.headers.authorization === `Bearer ${CANARY}`
    response.writeHead(isProven ? 200 : 401).end()
  })
  await using unknown = await httpsSide(selfSigned(), (_, response) => response.end())
  const oauth2 = {
    token_url: `${server.origin}/token?k=${CANARY}`,
    client_id: CANARY,
    client_secret: CANARY,
  }
  const endpoints = [
    { type: 'gateway', url: gateway.origin, auth: { oauth2 }, tls: { ca, cert, key } },
    { type: 'unknown', url: unknown.origin, tls: { skip_verify: true } },
    { type: 'refused', url: gateway.origin, auth: { bearer: CANARY }, tls: { ca } },
  ]
  const payers = [{ name: 'Aetna', network: 'private', endpoints }]

  await using monitor = await aMonitor(JSON.stringify({ version: 1, payers }))
  const probed = await Promise.all([
    untilSeen(monitor, verdictOf('aetna/gateway')),
    untilSeen(monitor, verdictOf('aetna/unknown')),
    untilSeen(monitor, verdictOf('aetna/refused')),
  ])
  const list = await monitor.get<{ items: State[] }>('/api/v1/endpoints')
  const metrics = await monitor.metrics()

  assert.deepEqual(probed, ['up', 'up', 'edge_up'])
  const said = Object.fromEntries(list.items.map(({ type, skipVerify }) => [type, skipVerify]))
  assert.deepEqual(said, { gateway: undefined, refused: undefined, unknown: true })
  assert.doesNotMatch(JSON.stringify(list) + metrics, new RegExp(CANARY))
})

function verdictOf(id: string) {
  return ({ endpoints }: Change) =>
    endpoints.find(({ endpoint }) => endpoint === id)?.verdict ?? undefined
}
