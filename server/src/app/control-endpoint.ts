import type { Endpoint } from '../config/config.ts'
import { Secret } from '../lib/secret.ts'

/** A control is asked like an endpoint; that it answers at all is enough. It may be anywhere: the operator named it. */
export function controlEndpoint(url: string): Endpoint {
  const { host } = new URL(url)
  return {
    id: `control/${host}`,
    payer: 'control',
    payerName: 'control',
    type: 'control',
    capability: null,
    kind: 'http',
    via: 'direct',
    network: 'private',
    url: new Secret(url),
    shownUrl: '',
    host,
    method: 'GET',
    headers: [],
    interval: 60_000,
    timeouts: { dns: 2_000, connect: 3_000, tls: 5_000, firstByte: 10_000, total: 10_000 },
    maxBody: 1_024,
    expect: {
      status: [
        [100, 299],
        [300, 399], // a redirect is an answer, and is not followed
        [400, 599],
      ],
    },
    confirmAfter: 60_000,
    freshEvery: 1,
    judge: { window: 3, downAfter: 2, recoverAfter: 2 },
    unreviewed: false,
  }
}
