import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { test } from 'node:test'
import { type TempDirectory, tempDirectory, withEndpoints } from '../../test/corpus/load-text.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { createAuthority } from '../../test/support/far-side-certificates.ts'
import { loadConfig } from '../config/load.ts'
import { type App, startApp } from './app.ts'

const INCLUDING = 'version: 1\ndefaults: { network: private }\ninclude: [more.yaml]\n'

test('a file that a refused configuration includes for the first time is watched from then on', async () => {
  await using directory = await tempDirectory()
  await directory.write('payers.yaml', 'version: 1\npayers: []\n')
  await using running = await watching(directory)
  await directory.write('more.yaml', 'payers: nonsense')
  await directory.write('payers.yaml', INCLUDING)
  await running.until(() => running.loads === 2)

  await directory.write('more.yaml', payersNamed('Aetna'))
  await running.until(() => running.app.catalogue.size.payers === 1)

  assert.equal(running.loads, 3)
})

test('a change between reading and watching anew is not lost, at a start nor at a reload', async () => {
  await using directory = await tempDirectory()
  await directory.write('more.yaml', payersNamed('Aetna'))
  await directory.write('payers.yaml', INCLUDING)
  const later = [payersNamed('Aetna', 'Cigna'), payersNamed('Aetna', 'Cigna', 'Humana')]

  await using running = await watching(directory, async () => {
    const text = later.shift()
    if (text !== undefined) await directory.write('more.yaml', text)
  })
  await running.until(() => running.app.catalogue.size.payers === 3)

  assert.equal(running.loads, 3)
})

test('a certificate that is renewed is taken over, and what is known of the endpoint stays', async () => {
  await using directory = await tempDirectory()
  await directory.write('ca.pem', createAuthority().cert)
  const endpoint = '{ type: a, url: "https://127.0.0.1:1/", tls: { ca: ca.pem } }'
  await directory.write(
    'payers.yaml',
    withEndpoints(endpoint).replace('name', 'network: private\n    name'),
  )
  await using running = await watching(directory)
  const { catalogue } = running.app
  const idOf = () => catalogue.endpoint('aetna/a')?.tls?.id
  const before = idOf()

  await directory.write('ca.pem', 'half')
  await running.until(() => running.loads === 2)
  const meanwhile = idOf()
  await directory.write('ca.pem', createAuthority().cert)
  await running.until(() => idOf() !== before)

  assert.ok(before !== undefined)
  assert.equal(meanwhile, before)
})

test('what does not change is not read again', async () => {
  await using directory = await tempDirectory()
  await directory.write('payers.yaml', 'version: 1\npayers: []\n')
  await using running = await watching(directory)

  await running.settle()

  assert.equal(running.loads, 1)
})

test('a reload that ends after the monitor has leaves nothing behind', async () => {
  await using directory = await tempDirectory()
  await directory.write('payers.yaml', 'version: 1\npayers: []\n')
  const gate = Promise.withResolvers<void>()
  const running = await watching(directory, (loads) => (loads > 1 ? gate.promise : undefined))
  const reloading = running.app.reload()
  await running.app[Symbol.asyncDispose]()

  gate.resolve()
  await reloading

  assert.equal(running.clock.waiting, 0)
})

/** A monitor on a configuration in `directory`; `afterReading` comes between a reading and what is done with it. */
async function watching(
  directory: TempDirectory,
  afterReading: (loads: number) => unknown = () => {},
) {
  const clock = new FakeClock()
  const flags = { 'server.port': '0', 'metrics.port': '0', 'store.url': 'memory:' }
  const where = { path: undefined, cwd: directory.path, env: {}, flags, shipped: '/absent' }
  const running = {
    clock,
    loads: 0,
    app: undefined as unknown as App,
    async settle(isDone = () => false, rounds = 30) {
      for (let i = 0; i < rounds && !isDone(); i++) {
        await clock.advance(1_000)
        for (let turn = 0; turn < 20; turn++) await stat(directory.path)
      }
    },
    async until(isDone: () => boolean) {
      await running.settle(isDone, 1_000) // a busy machine reads slowly
      assert.ok(isDone())
    },
    [Symbol.asyncDispose]: () => running.app[Symbol.asyncDispose](),
  }
  const load = async () => {
    const config = await loadConfig(where).finally(() => running.loads++)
    await afterReading(running.loads)
    return config
  }
  const http = async () => {
    throw new Error('nobody is asked here')
  }
  running.app = await startApp(await load(), load, { clock, probes: { http } })
  return running
}

function payersNamed(...names: string[]): string {
  const payers = names.map((name) => ({
    name,
    endpoints: [{ type: 'login', url: `http://127.0.0.1/${name}` }],
  }))
  return JSON.stringify({ payers })
}
