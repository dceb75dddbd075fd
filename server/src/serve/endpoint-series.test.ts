import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Status } from '@payer-status/protocol'
import fc from 'fast-check'
import { endpointRecord } from '../../test/support/board-with.ts'
import type { EndpointState } from '../model.ts'
import { EndpointSeries, STATUS_VALUES } from './endpoint-series.ts'

function makeSeries(max: number) {
  const shown = new Map<string, number>()
  let dropped = 0
  const series = new EndpointSeries(
    {
      set: (labels, value) => shown.set(JSON.stringify(labels), value),
      remove: (labels) => shown.delete(JSON.stringify(labels)),
      dropped: () => {
        dropped++
      },
    },
    max,
  )
  return { series, shown, dropped: () => dropped }
}

function stateOf(id: string, parts: Partial<EndpointState> = {}): EndpointState {
  return endpointRecord(id, parts).value as EndpointState
}

test('an endpoint whose type changes leaves its old series', () => {
  const { series, shown } = makeSeries(5)
  series.set('a/x', stateOf('a/x', { type: 'login' }))

  series.set('a/x', stateOf('a/x', { type: 'api' }))

  assert.deepEqual([...shown.keys()], ['{"payer":"a","type":"api","endpoint":"a/x"}'])
})

test('a place that becomes free goes to the next endpoint that is seen, and is not counted again', () => {
  const { series, shown, dropped } = makeSeries(1)
  series.set('a/x', stateOf('a/x'))
  series.set('a/y', stateOf('a/y'))
  series.set('a/y', stateOf('a/y'))

  series.set('a/x', null)
  series.set('a/y', stateOf('a/y'))

  assert.deepEqual([...shown.keys()], ['{"payer":"a","type":"y","endpoint":"a/y"}'])
  assert.equal(dropped(), 1)
})

test('whatever happens there are never more series than allowed, nor one for a removed endpoint', () => {
  const id = fc.constantFrom('a/1', 'a/2', 'a/3', 'a/4', 'b/1')
  const step = fc.record({
    id,
    status: fc.option(fc.constantFrom(...Status.options)),
    type: fc.constantFrom('p', 'q'),
  })
  fc.assert(
    fc.property(fc.array(step), fc.nat(4), (steps, max) => {
      const { series, shown } = makeSeries(max)
      const latest = new Map<string, string | null>()

      for (const { id, status, type } of steps) {
        series.set(id, status && stateOf(id, { status, type }))
        latest.set(id, status && `${type} ${STATUS_VALUES[status]}`)
      }

      assert.ok(shown.size <= max)
      for (const [labels, value] of shown) {
        const { endpoint, type } = JSON.parse(labels)
        assert.equal(latest.get(endpoint), `${type} ${value}`)
      }
    }),
  )
})
