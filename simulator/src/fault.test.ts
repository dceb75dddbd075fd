import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FAULTS, readFault } from './fault.ts'

test('a fault is read with its parameter, and every kind can be asked for', () => {
  for (const kind of Object.keys(FAULTS)) {
    const fault = readFault(kind === 'status' ? { kind, status: 503 } : { kind })

    assert.ok('kind' in fault && fault.kind === kind)
  }
  assert.deepEqual(readFault({ kind: 'slow', ms: 5 }), { kind: 'slow', ms: 5 })
})

test('a fault that makes no sense is refused with the reason', () => {
  const refused: [object, RegExp][] = [
    [{ kind: 'explode' }, /^fault: expected one of healthy, slow/],
    [{ kind: 'toString' }, /^fault:/],
    [{ kind: undefined }, /^fault:/],
    [{ kind: 'status' }, /^status: expected a whole number from 200 to 599/],
    [{ kind: 'status', status: 100 }, /^status:/],
    [{ kind: 'status', status: '503' }, /^status:/],
    [{ kind: 'slow', ms: -1 }, /^ms:/],
    [{ kind: 'slow', ms: 1.5 }, /^ms:/],
    [{ kind: 'drip', ms: 1e12 }, /^ms:/],
    [{ kind: 'unavailable', code: '99' }, /^code: expected one of 41, 42/],
    [{ kind: 'hang', ms: 5 }, /^ms: not a parameter of the fault hang/],
  ]

  for (const [asked, reason] of refused) {
    const read = readFault({ kind: undefined, ...asked })

    assert.ok('reason' in read)
    assert.match(read.reason, reason)
  }
})
