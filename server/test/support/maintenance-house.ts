import type { TestContext } from 'node:test'
import type { LogRecord, WindowRecord } from '../../src/model.ts'
import { endpointRecord, payerRecord } from './board-with.ts'
import { ask } from './http-client.ts'
import { apiKey, settings, startHttp } from './http-monitor.ts'
import { aHouse } from './people-house.ts'

/** A window of `aetna`; `order` makes its id. */
export function windowRecord(order: number, parts: Partial<WindowRecord> = {}): LogRecord {
  const id = `mw_${String(order).padStart(26, '0')}`
  const value: WindowRecord = {
    id,
    plan: `mp_${'0'.repeat(26)}`,
    payer: 'aetna',
    types: [],
    via: null,
    kind: 'routine',
    startsAt: '2026-01-04T05:00:00.000Z',
    endsAt: '2026-01-04T11:00:00.000Z',
    rrule: null,
    timeZone: 'UTC',
    announcedAt: null,
    noticeOk: null,
    state: 'scheduled',
    sourceUrl: null,
    ...parts,
  }
  return { kind: 'window', id, value }
}

const keys = [apiKey('night-shift', ['write']), apiKey('prober', ['probe'])]

/** A listener on a log on which people announce maintenance, asked as through a proxy. */
export async function announcing(t: TestContext, records: readonly LogRecord[] = []) {
  const house = aHouse(t, [
    payerRecord('aetna', {
      name: 'Aetna',
      identifiers: [{ scheme: 'x12_payer_id', value: '60054' }],
    }),
    payerRecord('cigna', { name: 'Cigna' }),
    endpointRecord('aetna/eligibility', { capability: 'eligibility' }),
    endpointRecord('aetna/login', { capability: 'provider_portal', via: 'availity' }),
    endpointRecord('cigna/login', { capability: 'provider_portal' }),
    ...records,
  ])
  const { port, url } = await startHttp(t, { ...house, settings: settings({ keys }) })
  const asked = async (
    method: string,
    path: string,
    { body, key }: { body?: unknown; key?: string },
  ) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const headers = {
      host: 'localhost',
      'x-forwarded-for': '192.0.2.1',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(text !== '' && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    }
    const answer = await ask(port, { method, path, headers, body: text })
    const json: unknown = answer.text === '' ? null : JSON.parse(answer.text)
    return { ...answer, json }
  }
  return {
    ...house,
    url,
    announce: (body?: unknown, key = 'night-shift') =>
      asked('POST', '/api/v1/maintenance', { body, key }),
    withdraw: (id: string, key = 'night-shift') =>
      asked('DELETE', `/api/v1/maintenance/${encodeURIComponent(id)}`, { key }),
    get: (path: string) => asked('GET', path, {}),
  }
}
