import assert from 'node:assert/strict'
import test from 'node:test'
import type * as z from 'zod'
import { bytesFrom, durationFrom, listOf, Switch, whole } from './scalars.ts'

type Case = [schema: z.ZodType, name: string, good: [unknown, unknown][], bad: unknown[]]

const HOSTILE = [
  null,
  undefined,
  {},
  [[]],
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  ' ',
  '\0',
  '9'.repeat(100_000),
]

const CASES: Case[] = [
  [
    durationFrom('1s', '7d'),
    'a duration',
    [
      ['1s', 1_000],
      ['1000ms', 1_000],
      ['1.5s', 1_500],
      ['1h30m', 5_400_000],
      ['7d', 604_800_000],
    ],
    [5, '5', '999ms', '8d', '-5s', '5 s', '5S', 's', '1e3s', '٣s', `${'9'.repeat(400)}d`],
  ],
  [
    bytesFrom('1 KiB', '1 MiB'),
    'a size',
    [
      ['1024 B', 1_024],
      ['1KiB', 1_024],
      ['1 MiB', 1_048_576],
    ],
    [1024, '1024', '1023 B', '2 MiB', '1 MB', '1.5 KiB', '-1 KiB', '1  KiB', '999999999 MiB'],
  ],
  [
    whole(0, 65_535),
    'a whole number',
    [
      [0, 0],
      [65_535, 65_535],
      ['8080', 8_080],
      ['007', 7],
    ],
    [-1, 65_536, 1.5, '1.5', '-1', '65536', '0x10', '1e3', ' 1', true, [1]],
  ],
  [
    Switch,
    'a switch',
    [
      [true, true],
      ['false', false],
    ],
    [1, 0, 'yes', 'True', 'on'],
  ],
  [
    listOf(whole(1, 3)),
    'one or many',
    [
      [1, [1]],
      [
        [1, 2],
        [1, 2],
      ],
      [[], []],
    ],
    [4, [4], Array.from({ length: 1_001 }, () => 1)],
  ],
]

for (const [schema, name, good, bad] of CASES) {
  for (const [written, value] of good)
    test(`${JSON.stringify(written)} is ${name}: ${JSON.stringify(value)}`, () => {
      assert.deepEqual(schema.parse(written), value)
    })

  test(`nothing else is ${name}`, () => {
    const started = performance.now()

    for (const value of [...bad, ...HOSTILE.filter((one) => !good.some(([ok]) => ok === one))])
      assert.equal(schema.safeParse(value).success, false, String(value).slice(0, 40))

    assert.ok(performance.now() - started < 1_000)
  })
}
