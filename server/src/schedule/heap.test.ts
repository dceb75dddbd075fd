import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Heap } from './heap.ts'

test('a heap gives back what was put in, smallest first', async () => {
  await fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new Heap<number>((n) => n)
      for (const n of numbers) heap.push(n)

      const popped = numbers.map(() => heap.pop())

      assert.deepEqual(
        popped,
        [...numbers].sort((a, b) => a - b),
      )
      assert.equal(heap.pop(), undefined)
    }),
  )
})

test('pushes and pops in any order keep the smallest on top', async () => {
  await fc.assert(
    fc.property(fc.array(fc.option(fc.integer())), (steps) => {
      const heap = new Heap<number>((n) => n)
      const model: number[] = []
      for (const step of steps) {
        if (step === null) assert.equal(heap.pop(), model.shift())
        else {
          heap.push(step)
          model.push(step)
          model.sort((a, b) => a - b)
        }

        assert.equal(heap.peek(), model[0])
        assert.equal(heap.size, model.length)
      }
    }),
  )
})
