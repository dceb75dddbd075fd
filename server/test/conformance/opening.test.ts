import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { aMonitor, type Monitor, privately } from '../support/a-monitor.ts'
import { closedPort } from '../support/far-side.ts'
import { handshakeText } from '../support/serve-house.ts'
import { singly, Wire } from './wire.ts'

// Of the real public listener: Node's parser and the guard of Host and Origin have their say in a handshake.

let shared: Promise<Monitor> | undefined
after(async () => (await shared)?.[Symbol.asyncDispose]())

async function portOfMonitor(): Promise<number> {
  const url = `http://127.0.0.1:${await closedPort()}/`
  shared ??= aMonitor(privately([{ payer: 'Aetna', type: 'login', url }]), { thread: undefined })
  return Number(new URL((await shared).app.url).port)
}

type Answered = { status: number; headers: Map<string, string> }

/** The head of the answer to a handshake. */
async function answerTo(request: string | Iterable<Uint8Array>): Promise<Answered> {
  using wire = new Wire(await portOfMonitor())
  if (typeof request === 'string') wire.send(Buffer.from(request))
  else await wire.trickle(request)
  const [first = '', ...lines] = await wire.head()
  const fields = lines.map((line): [string, string] => {
    const at = line.indexOf(':')
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
  })
  assert.match(first, /^HTTP\/1\.1 [1-5]\d\d /)
  assert.equal(new Map(fields).size, fields.length, 'no header comes twice')
  return { status: Number(first.split(' ')[1]), headers: new Map(fields) }
}

/** A handshake with further lines among its headers. */
function withLines(...lines: string[]): string {
  return handshakeText().replace('\r\n\r\n', `\r\n${lines.join('\r\n')}\r\n\r\n`)
}

/** Section 4.2.2: the key and a fixed text, hashed. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

test('section 4.2.2: the example of the RFC is answered as in the RFC, and with nothing more', async () => {
  const { status, headers } = await answerTo(handshakeText())

  assert.equal(status, 101)
  assert.deepEqual(Object.fromEntries(headers), {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    'sec-websocket-protocol': 'payer-status-v2',
  })
})

test('section 4.2.2: any key is answered by its hash', async () => {
  for (let i = 0; i < 20; i++) {
    const key = randomBytes(16).toString('base64')

    const { headers } = await answerTo(handshakeText({ 'Sec-WebSocket-Key': key }))

    assert.equal(headers.get('sec-websocket-accept'), acceptOf(key), key)
  }
})

const lowerCase = handshakeText().replace(/^[A-Z][^:\r\n]*:/gm, (name) => name.toLowerCase())
const upperCase = handshakeText().replace(/^[A-Z][^:\r\n]*:/gm, (name) => name.toUpperCase())
const DEFLATE = 'permessage-deflate; client_max_window_bits; server_no_context_takeover'
const taken: Record<string, string> = {
  '4.2.1: Upgrade: WebSocket': handshakeText({ Upgrade: 'WebSocket' }),
  '4.2.1: Upgrade: WEBSOCKET': handshakeText({ Upgrade: 'WEBSOCKET' }),
  '4.2.1: Connection: upgrade': handshakeText({ Connection: 'upgrade' }),
  '4.2.1: Connection: UPGRADE': handshakeText({ Connection: 'UPGRADE' }),
  '4.2.1: Connection: keep-alive, Upgrade': handshakeText({ Connection: 'keep-alive, Upgrade' }),
  '4.2.1: Connection: Upgrade,keep-alive': handshakeText({ Connection: 'Upgrade,keep-alive' }),
  '4.2.1: two lines of Connection': withLines('Connection: keep-alive'),
  '4.2.1: header names in lower case': lowerCase,
  '4.2.1: header names in upper case': upperCase,
  '4.2.1: headers that it does not know': withLines('X-Anything: at all', 'Cookie: a=b'),
  '4.2.1: spaces around values': handshakeText().replaceAll(': ', ':  \t'),
  '4.2.1: a host with any port': handshakeText({ Host: '127.0.0.1:1' }),
  '4.2.1: a query': handshakeText({}, 'GET /ws?a=b HTTP/1.1'),
  '4.1: an absolute URI': handshakeText({}, 'GET http://127.0.0.1/ws HTTP/1.1'),
  '9.1: an offer of compression': withLines(`Sec-WebSocket-Extensions: ${DEFLATE}`),
  '9.1: offers in two lines': withLines(
    'Sec-WebSocket-Extensions: permessage-deflate',
    'Sec-WebSocket-Extensions: x-webkit-deflate-frame, bbf-usp-protocol; eid="a"',
  ),
}

for (const [title, request] of Object.entries(taken))
  test(`section ${title} is taken, without any extension`, async () => {
    const { status, headers } = await answerTo(request)

    assert.equal(status, 101)
    assert.equal(headers.get('upgrade'), 'websocket')
    assert.equal(headers.has('sec-websocket-extensions'), false)
  })

test('section 4.2.1: a handshake that arrives byte by byte is taken', async () => {
  const { status } = await answerTo(singly(Buffer.from(handshakeText())))

  assert.equal(status, 101)
})

test('section 4.2.1: several protocols in Upgrade are upgraded or refused, and not misunderstood', async () => {
  const { status } = await answerTo(handshakeText({ Upgrade: 'websocket, h2c' }))

  assert.ok([101, 400, 426].includes(status), String(status))
})

const SUBPROTOCOL = 'Sec-WebSocket-Protocol'
const offers: [title: string, request: string, chosen: string | undefined][] = [
  ['one that is known', handshakeText({ [SUBPROTOCOL]: 'payer-status-v1' }), 'payer-status-v1'],
  ['none', handshakeText({ [SUBPROTOCOL]: '' }), undefined],
  [
    'several',
    handshakeText({ [SUBPROTOCOL]: 'graphql-ws,payer-status-v1 , payer-status-v2' }),
    'payer-status-v2',
  ],
  [
    'several lines',
    handshakeText({ [SUBPROTOCOL]: 'payer-status-v1' }).replace(
      '\r\n\r\n',
      `\r\n${SUBPROTOCOL}: payer-status-v2\r\n\r\n`,
    ),
    'payer-status-v2',
  ],
]

for (const [title, request, chosen] of offers)
  test(`section 11.3.4: of ${title} offered the answer names at most one, from the offer`, async () => {
    const { status, headers } = await answerTo(request)

    assert.equal(status, 101)
    assert.equal(headers.get('sec-websocket-protocol'), chosen)
  })

const VERSION = 'Sec-WebSocket-Version'
for (const version of ['', '0', '7', '8', '12', '14', '130', '013', '13.0', '-13', 'x', '13, 8'])
  test(`section 4.4: version "${version}" is answered 426 and the version that we speak`, async () => {
    const { status, headers } = await answerTo(handshakeText({ [VERSION]: version }))

    assert.equal(status, 426)
    assert.equal(headers.get('sec-websocket-version'), '13')
    assert.equal(headers.get('upgrade'), 'websocket')
  })

const key = (value: string) => handshakeText({ 'Sec-WebSocket-Key': value })
const line = (text: string) => handshakeText({}, text)
const refused: [title: string, request: string, status: number][] = [
  ['4.2.1: POST', line('POST /ws HTTP/1.1'), 405],
  ['4.2.1: PUT', line('PUT /ws HTTP/1.1'), 405],
  ['4.2.1: HEAD', line('HEAD /ws HTTP/1.1'), 405],
  ['4.2.1: OPTIONS', line('OPTIONS /ws HTTP/1.1'), 405],
  ['4.2.1: get in lower case', line('get /ws HTTP/1.1'), 400],
  ['4.2.2: the path /', line('GET / HTTP/1.1'), 404],
  ['4.2.2: the path /ws/', line('GET /ws/ HTTP/1.1'), 404],
  ['4.2.2: the path /WS', line('GET /WS HTTP/1.1'), 404],
  ['4.2.2: the path /events', line('GET /events HTTP/1.1'), 404],
  ['4.2.1: no Host', handshakeText({ Host: '' }), 400],
  ['4.2.1: two lines of Host', withLines('Host: 127.0.0.1'), 400],
  ['4.2.1: a foreign Host', handshakeText({ Host: 'evil.example' }), 421],
  ['4.2.1: a body that is announced', withLines('Content-Length: 5'), 400],
  ['4.2.1: a body in chunks', withLines('Transfer-Encoding: chunked'), 400],
  ['4.2.1: no key', key(''), 400],
  ['4.2.1: a key of 15 bytes', key(randomBytes(15).toString('base64')), 400],
  ['4.2.1: a key of 17 bytes', key(randomBytes(17).toString('base64')), 400],
  ['4.2.1: a key that is not base64', key('dGhlIHNhbXBsZSBub25jZ*=='), 400],
  ['4.2.1: a key without its padding', key('dGhlIHNhbXBsZSBub25jZQ'), 400],
  ['11.3.1: two keys', withLines('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='), 400],
  ['11.3.5: two versions', withLines('Sec-WebSocket-Version: 13'), 426],
  ['4.2.1: no Upgrade', handshakeText({ Upgrade: '' }), 426],
  ['4.2.1: another Upgrade', handshakeText({ Upgrade: 'h2c' }), 426],
  ['4.2.1: no Connection', handshakeText({ Connection: '' }), 426],
  ['4.2.1: Connection without Upgrade', handshakeText({ Connection: 'keep-alive' }), 426],
  ['4.2.2: a foreign Origin', withLines('Origin: https://evil.example'), 403],
  ['4.2.2: the Origin null', withLines('Origin: null'), 403],
  ['11.3.4: no subprotocol that is known', handshakeText({ [SUBPROTOCOL]: 'mqtt' }), 400],
  ['11.3.4: a subprotocol in capitals', handshakeText({ [SUBPROTOCOL]: 'PAYER-STATUS-V2' }), 400],
  ['11.3.4: what is no token', handshakeText({ [SUBPROTOCOL]: 'payer-status-v2, a b' }), 400],
  ['11.3.4: one subprotocol twice', withLines(`${SUBPROTOCOL}: payer-status-v2`), 400],
  ['4.1: a frame before the answer', `${handshakeText()}\x81\x80\x00\x00\x00\x00`, 400],
]

for (const [title, request, expected] of refused)
  test(`section ${title} is answered ${expected}, and not upgraded`, async () => {
    const { status, headers } = await answerTo(request)

    assert.equal(status, expected)
    assert.equal(headers.has('sec-websocket-accept'), false)
  })

for (const version of [' HTTP/1.0', ' HTTP/0.9', ''])
  test(`section 4.2.1: a handshake of less than HTTP/1.1, "GET /ws${version}", is refused`, async () => {
    const { status, headers } = await answerTo(line(`GET /ws${version}`))

    assert.ok(status >= 400, String(status))
    assert.equal(headers.has('sec-websocket-accept'), false)
  })

test('section 10.2: a page of the own origin is let in', async () => {
  const host = `127.0.0.1:${await portOfMonitor()}`

  const { status } = await answerTo(handshakeText({ Host: host, Origin: `http://${host}` }))

  assert.equal(status, 101)
})

test('headers of more than 16 KiB are answered 431', async () => {
  const { status } = await answerTo(withLines(`X-Long: ${'x'.repeat(17_000)}`))

  assert.equal(status, 431)
})
