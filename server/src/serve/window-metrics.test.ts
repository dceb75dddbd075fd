import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from './prom.ts'
import { registerWindows } from './window-metrics.ts'

test('windows, announcements and overruns are read at every scrape', async () => {
  const registry = new Registry()
  const figures = { windows: { scheduled: 2, overrun: 1 }, plans: { file: 3, api: 0 }, overruns: 1 }
  registerWindows(registry, () => figures)
  await registry.metrics()

  figures.windows.overrun = 0
  figures.overruns = 4
  const lines = (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line))

  assert.deepEqual(lines, [
    'payer_status_maintenance_windows{state="scheduled"} 2',
    'payer_status_maintenance_windows{state="overrun"} 0',
    'payer_status_maintenance_plans{origin="file"} 3',
    'payer_status_maintenance_plans{origin="api"} 0',
    'payer_status_maintenance_overruns_total 4',
  ])
})
