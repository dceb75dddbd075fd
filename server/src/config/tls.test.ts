import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import test from 'node:test'
import { inspect } from 'node:util'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'
import { createAuthority } from '../../test/support/far-side-certificates.ts'
import { pkcs12Of } from '../../test/support/far-side-pkcs12.ts'
import { packSecrets, Secret, unpackSecrets } from '../lib/secret.ts'
import type { Config, Tls } from './config.ts'

const authority = createAuthority()
const [ours, other] = [authority.issue({ name: 'ops' }), authority.issue({ name: 'other' })]
const FILES: Record<string, string | Uint8Array> = {
  'ca.pem': authority.cert,
  'both.pem': `# two\n${authority.cert}\n${createAuthority().cert}`,
  'cert.pem': ours.cert + authority.cert,
  'key.pem': ours.key,
  'locked.pem': locked(ours.key),
  'other.key': other.key,
  'crl.pem': authority.revoke([other]),
  'garbage.pem': '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n',
  'text.pem': 'CANARY7f3a',
  'empty.pem': '',
  'binary.pem': new Uint8Array([0, 1, 2]),
  'large.pem': 'x'.repeat(1024 * 1024 + 1),
}

const GOOD = [
  'ca: ca.pem',
  'ca: both.pem',
  'ca: ca.pem, crl: crl.pem',
  'cert: cert.pem, key: key.pem',
  'cert: cert.pem, key: locked.pem, passphrase: sesame',
  'server_name: a.example, min_version: TLSv1.3, max_version: TLSv1.3',
  'server_name: xn--a_b-c',
  'min_version: TLSv1, skip_verify: true',
  'skip_verify: "false"',
]

for (const tls of GOOD)
  test(`an endpoint takes ${tls}`, async () => {
    assert.ok((await tlsWith(tls)) !== undefined)
  })

const BAD: [string, string, RegExp][] = [
  [
    'ca: absent.pem',
    'ca',
    /expected a file that can be read: it does not exist, got "absent.pem"$/,
  ],
  ['ca: "."', 'ca', /it is a directory, not a file, got "."$/],
  ['ca: large.pem', 'ca', /it is larger than 1 MiB, got/],
  ['ca: ""', 'ca', /expected text that is not empty/],
  ['ca: [ ca.pem ]', 'ca', /expected text, got a list$/],
  ['ca: text.pem', 'ca', /expected a file of PEM certificates, got/],
  ['ca: garbage.pem', 'ca', /expected a file of PEM certificates, got/],
  ['ca: empty.pem', 'ca', /expected a file of PEM certificates, got/],
  ['ca: binary.pem', 'ca', /expected a file of PEM certificates, got/],
  ['ca: key.pem', 'ca', /expected a file of PEM certificates, got/],
  ['crl: absent.pem', 'crl', /it does not exist, got "absent.pem"$/],
  ['crl: text.pem', 'crl', /expected a file of PEM revocation lists, got/],
  ['crl: ca.pem', 'crl', /expected a file of PEM revocation lists, got/],
  ['cert: cert.pem', 'cert', /expected a key beside it, got/],
  ['key: key.pem', 'key', /expected a cert beside it, got/],
  ['cert: text.pem, key: key.pem', 'cert', /expected a file of PEM certificates, got/],
  ['cert: cert.pem, key: text.pem', 'key', /expected a private key in PEM/],
  ['cert: cert.pem, key: locked.pem', 'key', /the passphrase that opens it/],
  [
    'cert: cert.pem, key: locked.pem, passphrase: CANARY7f3a',
    'key',
    /the passphrase that opens it/,
  ],
  [
    'cert: cert.pem, key: other.key',
    'key',
    /expected the key of the first certificate in cert, got/,
  ],
  ['pkcs12: cert.pem', 'pkcs12', /expected a PKCS#12 file, and the passphrase that opens it, got/],
  [
    'pkcs12: binary.pem, cert: cert.pem, key: key.pem',
    'pkcs12',
    /expected no cert and key beside it, got/,
  ],
  ['passphrase: CANARY7f3a', 'passphrase', /expected a key or pkcs12 that it opens, got text$/],
  ['passphrase: [ CANARY7f3a ]', 'passphrase', /expected text, got a list$/],
  ['min_version: TLSv1.4', 'min_version', /got "TLSv1.4"$/],
  ['min_version: SSLv3', 'min_version', /got "SSLv3"$/],
  ['min_version: TLSv1.3, max_version: TLSv1.2', 'max_version', /expected at least min_version/],
  [
    'max_version: TLSv1.1',
    'max_version',
    /expected at least min_version \(TLSv1.2\), got "TLSv1.1"$/,
  ],
  ['server_name: "a b"', 'server_name', /expected a host name/],
  ['server_name: "10.0.0.1"', 'server_name', /expected a host name/],
  ['server_name: "a\\r\\nb"', 'server_name', /expected a host name/],
  ['skip_verify: yes', 'skip_verify', /expected true or false/],
]

for (const [tls, key, message] of BAD)
  test(`an endpoint refuses ${tls}`, async () => {
    const text = withEndpoints(`{ type: a, url: "https://a.example/", tls: { ${tls} } }`)

    const problems = await problemsOf(text, { files: FILES })

    assert.equal(problems.length, 1, problems.join())
    const at = `payers.yaml:5 payers[0].endpoints[0].tls.${key}`
    assert.ok(problems[0]?.startsWith(at), problems[0])
    assert.match(problems[0] ?? '', message)
    assert.doesNotMatch(problems[0] ?? '', /CANARY7f3a/)
  })

test('a PKCS#12 file is opened by its passphrase', async (t) => {
  const bytes = pkcs12Of(ours, 'sesame')
  if (bytes === undefined) return t.skip('no openssl here')
  const files = { 'ours.p12': bytes }
  const text = (passphrase: string) =>
    withEndpoints(
      `{ type: a, url: "https://a.example/", tls: { pkcs12: ours.p12, passphrase: ${passphrase} } }`,
    )

  const { endpoints } = await loadText(text('sesame'), { files })
  const [problem] = await problemsOf(text('wrong'), { files })

  const sent = Buffer.from(endpoints[0]?.tls?.pkcs12?.reveal() ?? '', 'base64')
  assert.ok(sent.equals(bytes))
  assert.match(problem ?? '', /tls\.pkcs12: expected a PKCS#12 file, and the passphrase/)
})

test('what is named is watched, and whom it belongs to tells it apart', async () => {
  const before = await load('{ type: a, url: "https://a.example/", tls: { ca: ca.pem } }')
  const after = await load('{ type: a, url: "https://a.example/", tls: { ca: ca.pem } }', {
    'ca.pem': createAuthority().cert,
  })

  assert.ok(before.files.some(({ path }) => path.endsWith('/ca.pem')))
  assert.notEqual(before.endpoints[0]?.tls?.id, after.endpoints[0]?.tls?.id)
})

test('a file that many name is there once, also in another thread', async () => {
  const { endpoints } = await load(
    '{ type: a, url: "https://a.example/a", tls: { ca: ca.pem } }',
    '{ type: b, url: "https://a.example/b", tls: { ca: ./ca.pem } }',
  )

  const sent = unpackSecrets(structuredClone(packSecrets(endpoints))) as typeof endpoints

  assert.equal(endpoints[0]?.tls, endpoints[1]?.tls)
  assert.ok(sent[0]?.tls?.ca instanceof Secret)
  assert.equal(sent[0].tls.ca, sent[1]?.tls?.ca)
})

test('what defaults say counts where the endpoint says nothing, from the directory of its file', async () => {
  const text = `version: 1
defaults: { tls: { ca: ca.pem, min_version: TLSv1.3 } }
include: [ "more/*.yaml" ]
`
  const more = `payers:
  - name: Aetna
    endpoints:
      - { type: a, url: "https://a.example/a" }
      - { type: b, url: "https://a.example/b", tls: { ca: own.pem, skip_verify: true } }
`
  const files = { ...FILES, 'more/a.yaml': more, 'more/own.pem': createAuthority().cert }

  const { endpoints, warnings } = await loadText(text, { files })

  const [a, b] = endpoints.map(({ tls }) => tls)
  assert.deepEqual([a?.ca?.reveal(), b?.ca?.reveal()], [FILES['ca.pem'], files['more/own.pem']])
  assert.deepEqual([a?.minVersion, b?.minVersion], ['TLSv1.3', 'TLSv1.3'])
  assert.deepEqual([a?.skipVerify, b?.skipVerify], [false, true])
  assert.equal(warnings.length, 1)
  assert.match(warnings[0] ?? '', /Aetna, b.*is asked whatever its certificate/)
})

test('a mistake in a file of defaults is told there, and defaults never skip verification', async () => {
  const text = withEndpoints('{ type: a, url: "https://a.example/" }')

  const file = await problemsOf(`${text}defaults: { tls: { ca: text.pem } }\n`, { files: FILES })
  const skip = await problemsOf(`${text}defaults: { tls: { skip_verify: true } }\n`)

  assert.deepEqual(file, [
    'payers.yaml:6 defaults.tls.ca: expected a file of PEM certificates, got "text.pem"',
  ])
  assert.match(skip.join(), /defaults\.tls\.skip_verify.*unknown key|unknown key "skip_verify"/)
})

test('what is weak or of no use is said', async () => {
  const { warnings } = await load(
    '{ type: a, url: "https://a.example/a", tls: { min_version: TLSv1.1 } }',
    '{ type: b, url: "http://10.0.0.1/", network: private, tls: { server_name: a } }',
  )

  assert.equal(warnings.length, 2)
  assert.match(warnings.join('\n'), /may be asked by TLSv1\.1, which is broken/)
  assert.match(warnings.join('\n'), /has tls settings, but an http address/)
})

test('a token server has transport security of its own', async () => {
  const oauth2 = 'token_url: "https://t.example/", client_id: c, client_secret: s'
  const { endpoints } = await load(
    `{ type: a, url: "https://a.example/", auth: { oauth2: { ${oauth2}, tls: { cert: cert.pem, key: key.pem } } } }`,
  )

  assert.equal(endpoints[0]?.tls, undefined)
  assert.equal(endpoints[0]?.oauth2?.tls?.key?.reveal(), ours.key)
})

test('no key and no passphrase is printed', async () => {
  const tls = await tlsWith('cert: cert.pem, key: locked.pem, passphrase: sesame')

  const printed = inspect(tls, { depth: 10 }) + JSON.stringify(tls)

  assert.doesNotMatch(printed, /sesame|BEGIN/)
})

function locked(key: string): string {
  const how = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' } as const
  return createPrivateKey(key).export(how).toString()
}

async function tlsWith(tls: string): Promise<Tls | undefined> {
  const { endpoints } = await load(`{ type: a, url: "https://a.example/", tls: { ${tls} } }`)
  return endpoints[0]?.tls
}

function load(...said: (string | Record<string, string>)[]): Promise<Config> {
  const endpoints = said.filter((one) => typeof one === 'string')
  const files = Object.assign({ ...FILES }, ...said.filter((one) => typeof one !== 'string'))
  return loadText(withEndpoints(...endpoints), { files })
}
