import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { axeFindings, openBoard } from './support/board-page.ts'
import { closeChromium } from './support/chromium.ts'
import { result } from './support/records.ts'
import { smallWorld, usualWorld } from './support/usual-world.ts'
import { calmWorld, firstPayers, newWorld, offlineWorld, type World } from './support/world.ts'

after(closeChromium)

const phone = { viewport: { width: 360, height: 740 } }

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing wrong: ${colorScheme}, with a payer open`, async (t) => {
    const board = await openBoard(t, smallWorld(), { colorScheme, path: '#open=aetna' })
    if (board === undefined) return
    await board.page.locator('.endpoints').waitFor()

    assert.deepEqual(await axeFindings(board.page), [])
  })

  test(`axe finds nothing wrong: ${colorScheme}, on a phone`, async (t) => {
    const board = await openBoard(t, smallWorld(), { colorScheme, ...phone })
    if (board === undefined) return
    await board.page.locator('.list > li').first().waitFor()

    assert.deepEqual(await axeFindings(board.page), [])
  })
}

const empty: World = { payers: [], endpoints: [], incidents: [], maintenance: [] }
const states: Record<string, [World, string]> = {
  'no payers': [empty, 'No payers yet'],
  'the first round': [firstPayers(newWorld(), 12), '41 of 60 endpoints tried.'],
  'a place that is offline': [firstPayers(offlineWorld(), 4), 'Nothing answers from us-east.'],
  'nothing wrong': [firstPayers(calmWorld(), 4), 'Everything works.'],
}

for (const [name, [world, words]] of Object.entries(states)) {
  test(`there are words for ${name}, and axe finds nothing wrong`, async (t) => {
    const board = await openBoard(t, world)
    if (board === undefined) return

    await board.page.getByText(words).waitFor()

    assert.deepEqual(await axeFindings(board.page), [])
    assert.equal(await board.page.locator('.card').count(), 0)
  })
}

test('at 360 px nothing makes the page scroll sideways, closed or open', async (t) => {
  const board = await openBoard(t, usualWorld(), phone)
  if (board === undefined) return
  const { page } = board
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

  const closed = await overflow()
  await page.getByRole('button', { name: /^partial outage Aetna/ }).click()
  await page.locator('.endpoints').waitFor()

  assert.equal(closed, 0)
  assert.equal(await overflow(), 0)
})

test('on a phone a payer has its wrong transactions first', async (t) => {
  const board = await openBoard(t, usualWorld(), phone)
  if (board === undefined) return
  const item = board.page.locator('.list > li', { hasText: 'Elevance' })

  const chips = await item.locator('.chips').textContent()

  assert.match(
    chips ?? '',
    /^Patient access.*HTTP 503.*Directory.*HTTP 503.*4 transactions operational$/,
  )
})

test('a table that is wider than the window scrolls in itself and keeps its first column', async (t) => {
  const board = await openBoard(t, usualWorld(), { viewport: { width: 820, height: 900 } })
  if (board === undefined) return
  const { page } = board

  await page.locator('.panel.wide').evaluate((panel) => panel.scrollTo(400, 0))
  const left = await page
    .locator('th.payer')
    .nth(1)
    .evaluate((cell) => cell.getBoundingClientRect().left)

  assert.ok(left >= 0 && left < 40, String(left))
  assert.equal(
    await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ),
    0,
  )
})

test('the theme is the system\u2019s until the reader chooses, and the choice is kept', async (t) => {
  const board = await openBoard(t, calmWorld(), { colorScheme: 'dark' })
  if (board === undefined) return
  const { page } = board
  const becomes = (color: string) =>
    page.waitForFunction((c) => getComputedStyle(document.body).backgroundColor === c, color)

  await becomes('rgb(16, 19, 23)')
  await page.getByRole('button', { name: 'Light theme' }).click()
  await becomes('rgb(247, 247, 245)')
  await page.reload()
  await page.getByText('Live', { exact: true }).waitFor()

  await becomes('rgb(247, 247, 245)')
})

test('a wall has no search and larger type', async (t) => {
  const board = await openBoard(t, usualWorld(), { path: '?wall' })
  if (board === undefined) return
  const { page } = board

  assert.equal(await page.getByRole('searchbox').isVisible(), false)
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).fontSize), '18px')
})

for (const reducedMotion of ['no-preference', 'reduce'] as const) {
  test(`a change of status ${reducedMotion === 'reduce' ? 'does not flash with reduced motion' : 'flashes once'}`, async (t) => {
    const board = await openBoard(t, calmWorld(), { reducedMotion })
    if (board === undefined) return
    const { page, monitor } = board
    await page.evaluate(() => {
      const original = Element.prototype.animate
      Object.assign(globalThis, { flashes: 0 })
      Element.prototype.animate = function animate(...args) {
        Object.assign(globalThis, { flashes: Reflect.get(globalThis, 'flashes') + 1 })
        return original.apply(this, args)
      }
    })

    monitor.change('humana/login', { status: 'degraded', result: result(21_400) })
    await page
      .getByRole('row', { name: /Humana/ })
      .getByText('21.4 s')
      .waitFor()
    await page.waitForFunction(() => document.querySelector('.cell.degraded') !== null)

    const flashes = await page.evaluate(() => Reflect.get(globalThis, 'flashes'))
    assert.equal(flashes, reducedMotion === 'reduce' ? 0 : 1)
  })
}
