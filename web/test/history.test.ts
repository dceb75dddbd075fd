import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axeFindings, openBoard } from './support/board-page.ts'
import { closeChromium } from './support/chromium.ts'
import type { Past } from './support/past.ts'
import { result } from './support/records.ts'
import { usualPast } from './support/usual-past.ts'
import { smallWorld } from './support/usual-world.ts'

after(closeChromium)

const path = '#endpoint=aetna/eligibility'
const phone = { viewport: { width: 360, height: 740 } }
const slider = (page: Page) => page.getByRole('slider', { name: 'Time' })
const summary = (page: Page) => page.locator('.about > p').first()
const reading = async (page: Page) => (await slider(page).getAttribute('aria-valuetext')) ?? ''

test('an endpoint has a page with what it is, what it was, and its incidents', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page, faults } = board

  await page.getByText(/^Last 24 hours: 28[78] results, /).waitFor()
  await page.locator('.incident').nth(1).waitFor()

  const heading = await page.getByRole('heading', { level: 2 }).first().textContent()
  const strip = page.locator('.stretch[x]')
  const drawn = await strip.evaluateAll((all) => all.map((one) => one.getAttribute('class')))
  assert.equal(heading, 'Eligibilityaetna/eligibility')
  assert.ok((await page.locator('path.line').first().getAttribute('d'))!.length > 1_000)
  for (const status of ['operational', 'maintenance', 'down', 'degraded'])
    assert.ok(drawn.includes(`stretch ${status}`), status)
  assert.match(
    (await summary(page).textContent()) ?? '',
    /Availability 8\d\.\d\d\u00a0%, 9\d\.\d\d\u00a0% without/,
  )
  assert.match(await page.title(), /aetna\/eligibility/)
  assert.equal(await page.getByText('History begins').count(), 0)
  assert.deepEqual(faults, [])
})

test('the keys read the chart step by step and from one status to the next', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page } = board
  await summary(page).waitFor()
  await slider(page).focus()
  const latest = await reading(page)

  await page.keyboard.press('ArrowLeft')
  const before = await reading(page)
  await page.keyboard.press('Home')
  const first = await reading(page)
  await page.keyboard.press('PageUp')
  const maintenance = await reading(page)
  await page.keyboard.press('PageUp')
  await page.keyboard.press('PageUp')
  const down = await reading(page)
  await page.keyboard.press('End')

  assert.match(latest, /: down, .* to now: /)
  assert.notEqual(before, latest)
  assert.match(first, /: operational, .*: median \d+ ms, p90 \d+ ms, p99 \d+ ms, 1 result$/)
  assert.match(maintenance, /: maintenance, planned, /)
  assert.match(down, /: down, .*: nothing answered, 1 of 1 result failed$/)
  assert.match(await reading(page), /: down, .* to now: /)
})

test('a pointer reads what it is at', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page } = board
  await summary(page).waitFor()
  const down = page.locator('.stretch.down[x]').first()

  await down.hover()

  await page
    .locator('.readout')
    .getByText(/^down, .* to /)
    .waitFor()
  assert.equal(await page.locator('.cursor').count(), 1)
})

test('a longer range is in the address, and the browser goes back to the payer', async (t) => {
  const board = await openBoard(t, smallWorld(), { path: '#open=aetna', past: usualPast() })
  if (board === undefined) return
  const { page } = board

  await page.getByRole('link', { name: 'Eligibility history' }).click()
  await page.getByText('Last 24 hours:').waitFor()
  await page.getByRole('button', { name: '30 d' }).click()
  await page.getByText('Last 30 days: ').waitFor()
  const hash = await page.evaluate(() => location.hash)
  await page.goBack()
  await page.locator('.endpoints').waitFor()

  assert.equal(hash, '#open=aetna&endpoint=aetna/eligibility&range=30d')
  assert.equal(await page.evaluate(() => location.hash), '#open=aetna')
})

test('Escape leads back to the payer in the overview', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page } = board
  await summary(page).waitFor()

  await page.keyboard.press('Escape')

  await page.waitForFunction(() => document.activeElement?.id === 'payer-aetna')
  assert.equal(await page.evaluate(() => location.hash), '')
})

test('the figures are there as tables too', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page } = board

  await page.getByText('Figures as tables').click()
  const rows = page.locator('.plainly').nth(1).getByRole('row')
  const statuses = page.locator('.plainly').first().getByRole('row')

  // A step may end while the test runs.
  assert.ok([288, 289].includes(await rows.count()))
  assert.equal(await statuses.count(), 9)
  assert.deepEqual(await axeFindings(page), [])
})

test('what the feed says ends the strip at once, and nothing moves', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page, monitor } = board
  await summary(page).waitFor()
  const top = () => page.locator('#incidents').evaluate((one) => one.getBoundingClientRect().top)
  const before = await top()
  const asked = monitor.asked.length

  monitor.change('aetna/eligibility', {
    status: 'operational',
    since: new Date(Date.now() - 1_000).toISOString(),
    reason: null,
    result: result(410, { at: new Date().toISOString() }),
  })
  await page.getByText('Answers as expected.').waitFor()

  assert.match(await reading(page), /: operational, .* to now: /)
  assert.equal(await top(), before)
  assert.equal(monitor.asked.length, asked, 'an answer is fresh for a step')
})

test('once a step is over the newest points are asked for, once', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast(), isSpoilt: true })
  if (board === undefined) return
  const { page, monitor } = board
  await page.clock.install()
  await page.reload()
  await summary(page).waitFor()
  const latencies = () => monitor.asked.filter((url) => url.includes('/latency')).length
  const before = latencies()

  const answer = page.waitForResponse(/latency/)
  await page.clock.fastForward(6 * 60_000)
  await answer
  await page.clock.fastForward(60_000)

  assert.equal(latencies(), before + 1)
})

test('before the answer comes there is room for it', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page } = board
  await summary(page).waitFor()
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += Reflect.get(entry, 'value')
        }).observe({ type: 'layout-shift', buffered: true })
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)))
      }),
  )

  assert.ok(shift < 0.1, `${shift} is more than a good page moves`)
})

test('history that cannot be read says so, and is there again when it can', async (t) => {
  const board = await openBoard(t, smallWorld(), { past: usualPast() })
  if (board === undefined) return
  const { page, side } = board
  side!.isDown = true

  await page.getByRole('row', { name: /Aetna/ }).getByRole('button').click()
  await page.getByRole('link', { name: 'Eligibility history' }).click()
  const note = page.locator('.history .trouble')
  await note.getByText('The history cannot be read now.').waitFor()
  const facts = await page.getByText('The payer\u2019s own system could not respond').count()
  side!.isDown = false
  await note.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Last 24 hours:').waitFor()

  assert.ok(facts > 0)
  assert.equal(await note.count(), 0)
})

test('in the first hours the page says when history began', async (t) => {
  const young: Past = { length: 90 * 60_000, close: ['aetna/eligibility'] }
  const board = await openBoard(t, smallWorld(), { path, past: young })
  if (board === undefined) return

  await board.page.getByText(/^History begins .*\d\d:\d\d\.$/).waitFor()
})

test('an endpoint that nobody watches is named as such', async (t) => {
  const board = await openBoard(t, smallWorld(), { path: '#endpoint=aetna/nothing' })
  if (board === undefined) return
  const { page } = board

  await page.getByText('No such endpoint').waitFor()
  await page.getByRole('link', { name: 'All payers' }).click()

  await page.getByText('Payers by transaction').waitFor()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing wrong with the page of an endpoint: ${colorScheme}`, async (t) => {
    const board = await openBoard(t, smallWorld(), { path, past: usualPast(), colorScheme })
    if (board === undefined) return
    await summary(board.page).waitFor()

    assert.deepEqual(await axeFindings(board.page), [])
  })
}

test('on a phone nothing of it makes the page scroll sideways', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast(), ...phone })
  if (board === undefined) return
  const { page } = board
  await summary(page).waitFor()
  await page.getByText('Figures as tables').click()

  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )

  assert.equal(overflow, 0)
  assert.deepEqual(await axeFindings(page), [])
})
