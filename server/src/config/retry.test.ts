import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'

const endpoint = (said: string) =>
  withEndpoints(`{ type: login, url: "https://h.example/", ${said} }`)

async function loaded(text: string) {
  const [first] = (await loadText(text)).endpoints
  return first
}

test('without attempts there are no retries, whatever else is said', async () => {
  assert.equal((await loaded(endpoint('retry: { attempts: 1, delay: 10ms }')))?.retry, undefined)
  assert.equal((await loaded(endpoint('retry: { delay: 3s }')))?.retry, undefined)
})

test('an endpoint says what it wants and takes the rest from defaults, then from us', async () => {
  const text = `${endpoint('retry: { attempts: 2, any_method: true }')}defaults: { retry: { attempts: 4, delay: 3s } }\n`

  assert.deepEqual((await loaded(text))?.retry, {
    attempts: 2,
    delay: 3_000,
    maxDelay: 10_000,
    degradeAfterRetry: false,
    anyMethod: true,
  })
})

test('on public networks each attempt takes the time of a probe', async () => {
  const isPublic = await loaded(endpoint('retry: { attempts: 3 }, interval: 3m'))
  const isPrivate = await loaded(
    endpoint('retry: { attempts: 3, delay: 10ms }, interval: 1s, network: private'),
  )

  assert.deepEqual([isPublic?.interval, isPublic?.confirmAfter], [180_000, 180_000])
  assert.deepEqual([isPrivate?.interval, isPrivate?.confirmAfter], [1_000, 1_000])
})

const WRONG: [said: string, problem: string][] = [
  ['retry: 3', 'retry: expected a mapping, got 3'],
  ['retry: { attempts: 0 }', 'retry.attempts: expected a whole number from 1 to 5, got 0'],
  ['retry: { attempts: 6 }', 'retry.attempts: expected a whole number from 1 to 5, got 6'],
  ['retry: { delay: 1 }', 'retry.delay: expected a duration such as "30s" or "5m", got 1'],
  ['retry: { delay: 2m }', 'retry.delay: expected a duration from 10ms to 1m, got "2m"'],
  ['retry: { max_delay: 9ms }', 'retry.max_delay: expected a duration from 10ms to 5m, got "9ms"'],
  ['retry: { degrade_after_retry: 1 }', 'retry.degrade_after_retry: expected true or false, got 1'],
  ['retry: { any_method: POST }', 'retry.any_method: expected true or false, got "POST"'],
  ['retry: { attempt: 2 }', 'retry.attempt: unknown key "attempt", did you mean "attempts"?'],
  [
    'retry: { attempts: 2, delay: 999ms }',
    'retry: expected a delay of at least 1s on a public network',
  ],
  [
    'retry: { attempts: 2, delay: 5s, max_delay: 4s }',
    'retry: expected a max_delay no shorter than delay',
  ],
  [
    'retry: { attempts: 2 }, interval: 119s',
    'interval: expected at least 120s on a public network with 2 attempts, got "119s"',
  ],
  [
    'retry: { attempts: 5 }, confirm_after: 60s',
    'confirm_after: expected at least 300s on a public network with 5 attempts, got "60s"',
  ],
]

for (const [said, problem] of WRONG)
  test(`${said} is told where it is wrong`, async () => {
    const problems = await problemsOf(endpoint(said))

    assert.deepEqual(
      problems.map((one) => one.replace(/^.*endpoints\[0\]\./, '')),
      [problem],
    )
  })
