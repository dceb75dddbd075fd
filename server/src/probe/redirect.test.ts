import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ProbeError } from './failure.ts'
import type { Hop } from './hop.ts'
import { nextHop } from './redirect.ts'

test('only redirects with a location are followed', () => {
  for (const status of [200, 201, 300, 304, 305, 306, 399, 401, 503])
    assert.equal(nextHop(hop(), { status, location: '/next' }), undefined)

  assert.equal(nextHop(hop(), { status: 302, location: undefined }), undefined)
})

test('a location is read relative to the address that sent it', () => {
  const cases = [
    ['/b?c=1', 'https://a.example/b?c=1'],
    ['b', 'https://a.example/dir/b'],
    ['//c.example/', 'https://c.example/'],
    ['?q', 'https://a.example/dir/page?q'],
  ]

  for (const [location, expected] of cases)
    assert.equal(nextHop(hop(), { status: 302, location })?.url.href, expected)
})

test('https never leads to http', () => {
  assert.throws(() => nextHop(hop(), { status: 302, location: 'http://a.example/' }), {
    code: 'redirect.downgrade',
    message: 'redirected from https to http',
  })
})

test('http may lead to https', () => {
  const next = nextHop(hop({ url: 'http://a.example/' }), {
    status: 301,
    location: 'https://a.example/',
  })

  assert.equal(next?.url.href, 'https://a.example/')
})

test('what is no web address is refused', () => {
  for (const location of [
    'ftp://a.example/',
    'file:///etc/passwd',
    'javascript:1',
    'http://',
    'https://[::1',
    'data:,x',
  ])
    assert.throws(
      () => nextHop(hop(), { status: 302, location }),
      { code: 'redirect.invalid' },
      location,
    )
})

test('a 303 becomes GET without a body', () => {
  const next = nextHop(posting(), { status: 303, location: '/done' })

  assert.equal(next?.method, 'GET')
  assert.equal(next?.body, undefined)
  assert.deepEqual(next?.headers, [['Authorization', 'Bearer x']])
})

test('a POST becomes GET after 301 and 302, other methods stay', () => {
  for (const status of [301, 302]) {
    assert.equal(nextHop(posting(), { status, location: '/done' })?.method, 'GET')
    assert.equal(nextHop(hop({ method: 'HEAD' }), { status, location: '/done' })?.method, 'HEAD')
    assert.equal(nextHop(hop({ method: 'PUT' }), { status, location: '/done' })?.method, 'PUT')
  }
})

test('a HEAD stays a HEAD after 303', () => {
  assert.equal(nextHop(hop({ method: 'HEAD' }), { status: 303, location: '/' })?.method, 'HEAD')
})

test('307 and 308 keep method, body and headers at the same origin', () => {
  for (const status of [307, 308]) {
    const next = nextHop(posting(), { status, location: '/again' })

    assert.deepEqual({ ...next, url: undefined }, { ...posting(), url: undefined })
  }
})

test('a body, or a method that changes something, never leaves its origin', () => {
  const location = 'https://b.example/'

  for (const status of [307, 308])
    assert.throws(() => nextHop(posting(), { status, location }), { code: 'redirect.cross_origin' })
  assert.throws(() => nextHop(hop({ method: 'DELETE' }), { status: 302, location }), {
    code: 'redirect.cross_origin',
  })
  assert.equal(nextHop(posting(), { status: 302, location })?.method, 'GET')
})

test('another scheme, host or port is another origin, where no credential goes', () => {
  const from = hop({
    url: 'http://a.example/',
    headers: [
      ['Authorization', 'Bearer x'],
      ['cookie', 'id=1'],
      ['X-Api-Key', 'k'],
      ['Host', 'inner.example'],
      ['Accept', 'application/json'],
    ],
  })

  for (const location of ['https://a.example/', 'http://a.example:81/', 'http://b.example/'])
    assert.deepEqual(nextHop(from, { status: 302, location })?.headers, [
      ['Accept', 'application/json'],
    ])
})

test('credentials do not come back with a redirect home', () => {
  const away = nextHop(hop({ headers: [['X-Key', 'k']] }), {
    status: 302,
    location: 'https://b.example/',
  })
  const home = away && nextHop(away, { status: 302, location: 'https://a.example/' })

  assert.deepEqual(home?.headers, [])
})

test('any location whatever gives an address of the web, or a failure', () => {
  const location = fc.oneof(
    fc.string({ unit: 'binary-ascii' }),
    fc.webUrl(),
    fc.string().map((s) => `//${s}`),
  )

  fc.assert(
    fc.property(location, fc.constantFrom(301, 302, 303, 307, 308), (to, status) => {
      try {
        const next = nextHop(hop(), { status, location: to })
        assert.equal(next?.url.protocol, 'https:')
      } catch (error) {
        assert.ok(error instanceof ProbeError)
      }
    }),
  )
})

function hop({
  url = 'https://a.example/dir/page',
  ...rest
}: Partial<Omit<Hop, 'url'>> & { url?: string } = {}): Hop {
  return { method: 'GET', headers: [], body: undefined, url: new URL(url), ...rest }
}

function posting(): Hop {
  const headers: Hop['headers'] = [
    ['Authorization', 'Bearer x'],
    ['Content-Type', 'application/json'],
  ]
  return hop({ method: 'POST', headers, body: '{}' })
}
