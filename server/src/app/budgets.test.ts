import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText } from '../../test/corpus/load-text.ts'
import { budgetsOf, sharesOf } from './budgets.ts'

const NONE = { concurrent: Number.POSITIVE_INFINITY, perMinute: Number.POSITIVE_INFINITY }

const probingWith = async (probing: string) =>
  (await loadText(`version: 1\nprobing: ${probing}\n`)).probing

const CASES = [
  {
    says: '{}',
    host: { public: { concurrent: 1, perMinute: 12 }, private: NONE },
    payer: { public: { ...NONE, concurrent: 4 }, private: NONE },
  },
  {
    says: '{ host_concurrency: 3 }',
    host: { public: { concurrent: 3, perMinute: 12 }, private: NONE },
    payer: { public: { ...NONE, concurrent: 4 }, private: NONE },
  },
  {
    says: '{ host_concurrency: 3, budgets: { host: { concurrent: 2 } } }',
    host: { public: { concurrent: 2, perMinute: 12 }, private: { ...NONE, concurrent: 2 } },
    payer: { public: { ...NONE, concurrent: 4 }, private: NONE },
  },
  {
    says: '{ budgets: { host: { per_minute: 60 }, payer: { concurrent: 8, per_minute: 30 } } }',
    host: { public: { concurrent: 1, perMinute: 60 }, private: { ...NONE, perMinute: 60 } },
    payer: {
      public: { concurrent: 8, perMinute: 30 },
      private: { concurrent: 8, perMinute: 30 },
    },
  },
]

for (const { says, host, payer } of CASES)
  test(`probing ${says} gives these budgets`, async () => {
    const budgets = budgetsOf(await probingWith(says))

    assert.deepEqual(budgets, {
      public: { host: host.public, payer: payer.public },
      private: { host: host.private, payer: payer.private },
    })
  })

test('all ports of a host share its budget, and all endpoints of a payer the payer’s', async () => {
  const budgets = budgetsOf(await probingWith('{}'))
  const shares = (host: string) => sharesOf({ host, payer: 'aetna', network: 'public' }, budgets)

  const names = ['a.example:8443', 'a.example', '[::1]:8080'].map((host) =>
    shares(host).map(({ of, name }) => `${of} ${name}`),
  )

  assert.deepEqual(names, [
    ['host a.example', 'payer aetna'],
    ['host a.example', 'payer aetna'],
    ['host [::1]', 'payer aetna'],
  ])
})

test('an endpoint in a private network counts against nothing unless a budget is set', async () => {
  const endpoint = { host: 'a.example', payer: 'aetna', network: 'private' } as const
  const set = budgetsOf(await probingWith('{ budgets: { payer: { concurrent: 2 } } }'))

  assert.deepEqual(sharesOf(endpoint, budgetsOf(await probingWith('{}'))), [])
  assert.deepEqual(
    sharesOf(endpoint, set).map(({ of }) => of),
    ['payer'],
  )
})
