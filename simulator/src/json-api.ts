/** Payers' own JSON services: a status answer that says whether the system behind it works. */
import { type Family, json } from './answer.ts'

/** A JSON API with a status answer. */
export const jsonApi: Family = {
  watch: () => ({
    path: '/status',
    method: 'GET',
    headers: { Accept: 'application/json' },
    expect: { status: 200, json: { '$.status': 'UP' } },
  }),
  healthy(endpoint, ask) {
    if (ask.path !== '/status') return jsonApi.failing(endpoint, 404)
    if (ask.method !== 'GET' && ask.method !== 'HEAD') return jsonApi.failing(endpoint, 405)
    return json(200, { status: 'UP', service: endpoint.type, version: '4.2.0' })
  },
  failing(_, status) {
    const answer = json(status, { error: { code: status, message: 'request failed' } })
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer realm="simulated"' } : {}
    return { ...answer, headers: { ...answer.headers, ...challenge } }
  },
  unavailable: (endpoint) =>
    json(200, { status: 'DOWN', service: endpoint.type, reason: 'backend not available' }),
  rejected: (endpoint) => jsonApi.failing(endpoint, 400),
}
