import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Simulator, startSimulator } from '@payer-status/simulator'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../../web/test/support/chromium.ts'
import { aCable, type Cable } from '../support/a-cable.ts'
import { aMonitor, type Monitor, untilAll, untilStatus } from '../support/a-monitor.ts'

const boardDirectory = fileURLToPath(new URL('../../../web/dist', import.meta.url))

let launched: Promise<Browser | undefined> | undefined
after(async () => await (await launched)?.close())

/** A page on the board of a real monitor that watches a simulated world; undefined where there is no chromium. */
async function aBoard(
  t: TestContext,
): Promise<{ page: Page; cable: Cable; monitor: Monitor; simulator: Simulator } | undefined> {
  launched ??= launchChromium()
  const browser = await launched
  if (browser === undefined) {
    t.skip('not run: needs chromium')
    return undefined
  }
  const simulator = await startSimulator({ payers: 4, scripted: false })
  const monitor = await aMonitor(simulator.configYaml({ interval: '1s' }), { boardDirectory })
  const cable = await aCable(monitor.app.url)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  t.after(async () => {
    await context.close()
    await cable[Symbol.asyncDispose]()
    await monitor[Symbol.asyncDispose]()
    await simulator[Symbol.asyncDispose]()
  })
  const ids = simulator.payers.flatMap(({ endpoints }) => endpoints.map(({ id }) => id))
  await untilAll(monitor, ids, 'operational')
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  t.after(() => assert.deepEqual(problems, []))
  await page.goto(cable.url)
  return { page, cable, monitor, simulator }
}

test('the board of a real monitor shows every payer, live', async (t) => {
  const board = await aBoard(t)
  if (board === undefined) return
  const { page, simulator } = board

  await page.getByText('Live').first().waitFor()

  assert.equal(await page.title(), 'Payer Status Monitor')
  for (const { name } of simulator.payers) await page.getByText(name).first().waitFor()
})

test('an outage appears on the board without a reload, with what to do, and goes with the recovery', async (t) => {
  const board = await aBoard(t)
  if (board === undefined) return
  const { page, simulator } = board
  const sick = simulator.payers[0]!.endpoints[0]!
  await page.getByText('Live').first().waitFor()

  await simulator.force(sick.id, { kind: 'status', status: 500 })
  await page.getByText('Hold').first().waitFor()
  const card = await page
    .getByText(/got 500/)
    .first()
    .textContent()
  await simulator.clear(sick.id)
  await page.getByText('Hold').first().waitFor({ state: 'detached' })

  assert.match(card ?? '', /500/)
})

test('the page of an endpoint remembers its outage, also after a reload', async (t) => {
  const board = await aBoard(t)
  if (board === undefined) return
  const { page, cable, simulator } = board
  const sick = simulator.payers[0]!.endpoints[0]!

  await page.goto(`${cable.url}#endpoint=${sick.id}`)
  await page.getByText(/^Last 24 hours: \d+ results?, /).waitFor()
  await page.getByText(/^History begins \d\d:\d\d\.$/).waitFor()
  await simulator.force(sick.id, { kind: 'status', status: 500 })
  await page.locator('.stretch.down[x]').first().waitFor()
  await page.locator('.incident .age time').first().waitFor()
  await simulator.clear(sick.id)
  await page.locator('.incident.over').first().waitFor()
  await page.reload()
  await page.locator('.incident.over').first().waitFor()
  await page.locator('.stretch.down[x]').first().waitFor()

  const summary = await page.getByText(/^Last 24 hours: /).textContent()
  assert.match(summary ?? '', /, \d+ failed\. .*Not operational /)
})

test('when its connection is cut the board says so, comes back by itself and has missed nothing', async (t) => {
  const board = await aBoard(t)
  if (board === undefined) return
  const { page, cable, simulator, monitor } = board
  const sick = simulator.payers[0]!.endpoints[0]!
  await page.getByText('Live').first().waitFor()

  cable.cut()
  await page
    .getByText(/Reconnecting/)
    .first()
    .waitFor()
  await simulator.force(sick.id, { kind: 'status', status: 500 })
  await untilStatus(monitor, sick.id, 'down')
  cable.mend()

  await page.getByText('Live').first().waitFor()
  await page
    .getByText(/got 500/)
    .first()
    .waitFor()
})
