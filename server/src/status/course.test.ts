import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Status, Verdict } from '@payer-status/protocol'
import { aResult } from '../../test/support/builders.ts'
import { courseOf } from './course.ts'

const CASES: [Status, Verdict, ReturnType<typeof courseOf>][] = [
  ['down', 'down', 'failing'],
  ['down', 'content_mismatch', 'failing'],
  ['maintenance', 'maintenance', 'failing'],
  ['operational', 'down', undefined],
  ['degraded', 'down', undefined],
  ['unknown', 'down', undefined],
  ['down', 'up', 'answering'],
  ['down', 'degraded', 'answering'],
  ['operational', 'up', 'answering'],
  ['down', 'probe_misconfigured', undefined],
  ['down', 'edge_up', undefined],
]

for (const [status, verdict, course] of CASES)
  test(`an endpoint that is ${status} and now ${verdict} is ${course ?? 'neither failing nor answering'}`, () => {
    const result = aResult({ verdict, attribution: 'payer' })

    assert.equal(courseOf({ status }, result), course)
  })
