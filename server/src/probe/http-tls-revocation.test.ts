import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TlsOptions } from 'node:tls'
import { loadText, tempDirectory, withEndpoints } from '../../test/corpus/load-text.ts'
import { type FarSide, httpsSide } from '../../test/support/far-side.ts'
import { type Certificate, createAuthority } from '../../test/support/far-side-certificates.ts'
import { endpointAt, startProber, tlsOf } from '../../test/support/far-side-endpoint.ts'
import type { Tls } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { Secret } from '../lib/secret.ts'

const DAY = 86_400_000
const authority = createAuthority()
const between = authority.below('Between')
const ca = new Secret(authority.cert)

test('a certificate that its authority revoked is down, whatever else is good about it', async () => {
  const [revoked, good] = [authority.issue(), authority.issue()]
  const crl = authority.revoke([revoked])

  const bad = await asked(revoked, { crl })
  const fine = await asked(good, { crl })

  assert.deepEqual([bad.codes, bad.verdict, bad.attribution], [['tls.revoked'], 'down', 'payer'])
  assert.equal(bad.tls?.verified, false)
  assert.equal(fine.verdict, 'up')
})

test('a revocation list that is too old, or of nobody in the chain, is ours to mend', async () => {
  const old = { from: Date.now() - 2 * DAY, until: Date.now() - DAY }
  for (const crl of [authority.revoke([], old), createAuthority('Another').revoke([])]) {
    const result = await asked(authority.issue(), { crl })

    assert.deepEqual([result.codes, result.verdict], [['tls.crl'], 'probe_misconfigured'])
    assert.equal(result.attribution, 'probe')
  }
})

test('of a chain every authority’s list counts, in whatever order they stand in the file', async () => {
  const chain = chained(between.issue())
  const [root, middle] = [authority.revoke([]), between.revoke([])]

  for (const lists of [root + middle, `a note\n${middle}\nand one more\n${root}`])
    assert.equal((await asked(chain, { crl: lists })).verdict, 'up')
})

test('a certificate at the end of a chain that is revoked is down', async () => {
  const leaf = between.issue()

  const result = await asked(chained(leaf), { crl: authority.revoke([]) + between.revoke([leaf]) })

  assert.deepEqual([result.codes, result.verdict], [['tls.revoked'], 'down'])
})

test('a chain is down when an authority in its midst is revoked', async () => {
  const crl = between.revoke([]) + authority.revoke([between])

  const result = await asked(chained(between.issue()), { crl })

  assert.deepEqual([result.codes, result.verdict], [['tls.revoked'], 'down'])
  assert.equal(result.failure?.message, 'the certificate is revoked')
})

test('without the list of an authority in a chain nothing is known of it, and that is ours to mend', async () => {
  for (const crl of [authority.revoke([]), between.revoke([])]) {
    const result = await asked(chained(between.issue()), { crl })

    assert.deepEqual([result.codes, result.attribution], [['tls.crl'], 'probe'])
  }
})

test('a certificate that need not be verified is taken even when it is revoked', async () => {
  const leaf = authority.issue()

  const result = await asked(leaf, { crl: authority.revoke([leaf]), skipVerify: true })

  assert.deepEqual([result.verdict, result.tls?.verified], ['up', false])
})

test('a list that is renewed counts at once, also where a connection is open', async () => {
  await using directory = await tempDirectory()
  const leaf = authority.issue()
  await using side = await hello(leaf)
  await using prober = startProber()
  await directory.write('ca.pem', authority.cert)
  await directory.write('crl.pem', authority.revoke([]))
  const endpoint = `{ type: a, url: "${side.origin}/", tls: { ca: ca.pem, crl: crl.pem } }`
  await directory.write('payers.yaml', withEndpoints(endpoint))
  const load = async () => (await loadConfig(sourceIn(directory.path))).endpoints[0]
  const before = await load()

  const first = await prober.ask(endpointAt(side.origin, tlsIn(before)))
  const again = await prober.ask(endpointAt(side.origin, tlsIn(before)))
  await writeFile(join(directory.path, 'crl.pem'), authority.revoke([leaf]))
  const renewed = await prober.ask(endpointAt(side.origin, tlsIn(await load())))

  assert.deepEqual([first.verdict, again.verdict, again.connectionReused], ['up', 'up', true])
  assert.deepEqual(renewed.codes, ['tls.revoked'])
})

test('a file is refused where one list of several is none', async () => {
  const good = authority.revoke([])
  const broken = [good.replace('-----\nM', '-----\nA'), good.slice(0, -30)]
  const file = withEndpoints('{ type: a, url: "https://a.example/", tls: { crl: crl.pem } }')

  for (const crl of broken)
    for (const text of [good + crl, crl + good])
      await assert.rejects(
        loadText(file, { files: { 'crl.pem': text } }),
        /tls\.crl: expected a file of PEM revocation lists, got "crl\.pem"/,
      )
})

type Said = Partial<Omit<Tls, 'crl'>> & { crl: string }

/** What comes of asking a server that has this certificate. */
async function asked(options: TlsOptions, { crl, ...said }: Said) {
  await using side = await hello(options)
  await using prober = startProber()
  const tls = tlsOf({ ca, ...said, crl: new Secret(crl) })
  return await prober.ask(endpointAt(side.origin, { tls }))
}

/** The certificate with that of the authority between behind it, as a server sends them. */
function chained({ cert, key }: Certificate): Certificate {
  return { cert: cert + between.cert, key }
}

function hello(options: TlsOptions): Promise<FarSide> {
  return httpsSide(options, (_, response) => response.end('hello'))
}

function tlsIn(endpoint: { tls?: Tls } | undefined): { tls?: Tls } {
  return endpoint?.tls === undefined ? {} : { tls: endpoint.tls }
}

function sourceIn(cwd: string) {
  return { path: undefined, cwd, env: {}, flags: {}, shipped: '/absent' }
}
