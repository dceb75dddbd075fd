import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openBoard } from './support/board-page.ts'
import { closeChromium } from './support/chromium.ts'
import type { Answers } from './support/fake-monitor.ts'
import { noPast } from './support/no-past.ts'
import { usualPast } from './support/usual-past.ts'
import { smallWorld } from './support/usual-world.ts'
import { hugeWorld, type World } from './support/world.ts'

after(closeChromium)

const strip = (page: Page, payer: RegExp) =>
  page.getByRole('row', { name: payer }).getByRole('img', { name: /^Last 30 days: / })

test('each payer has its last 30 days and its availability, asked for once', async (t) => {
  const board = await openBoard(t, smallWorld(), { past: usualPast() })
  if (board === undefined) return
  const { page, monitor, faults } = board
  await strip(page, /Aetna/).waitFor()

  const aetna = (await strip(page, /Aetna/).getAttribute('aria-label')) ?? ''
  const metlife = (await strip(page, /MetLife/).getAttribute('aria-label')) ?? ''
  const sunLife = (await strip(page, /Sun Life/).getAttribute('aria-label')) ?? ''
  const delta = (await strip(page, /Delta/).getAttribute('aria-label')) ?? ''

  assert.match(aetna, /^Last 30 days: 9\d\.\d\d\u00a0%; down on [2-4] days/)
  assert.match(metlife, /^Last 30 days: 100\u00a0%; degraded on [12] days? \(/)
  assert.match(sunLife, /; maintenance on [12] days? \(/)
  assert.equal(delta, 'Last 30 days: 100\u00a0%; nothing wrong')
  assert.deepEqual(monitor.asked, ['/api/v1/uptime?days=30&limit=10000'])
  assert.deepEqual(faults, [])
})

test('what was not observed enough is not guessed', async (t) => {
  const world = smallWorld()
  const board = await openBoard(t, world, { answers: fewDaysOf(world) })
  if (board === undefined) return
  const { page } = board

  await strip(page, /Aetna/).waitFor()

  const shown = page.getByRole('row', { name: /Aetna/ }).locator('.days small')
  assert.equal(await shown.textContent(), 'not enough data')
  assert.match((await strip(page, /Aetna/).getAttribute('aria-label')) ?? '', /not observed on 28$/)
})

test('the strip has its room before it comes', async (t) => {
  const board = await openBoard(t, smallWorld(), { past: usualPast() })
  if (board === undefined) return
  const { page, side } = board
  await strip(page, /Aetna/).waitFor()
  const height = () => page.locator('.panel').evaluate((one) => one.getBoundingClientRect().height)
  const withStrip = await height()
  side!.isDown = true
  await page.reload()
  await page.getByText('The history cannot be read now.').waitFor()
  const without = await height()
  const strips = await page.getByRole('img', { name: /^Last 30 days/ }).count()
  side!.isDown = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await strip(page, /Aetna/).waitFor()

  assert.equal(without, withStrip)
  assert.equal(strips, 0)
  assert.equal(await page.getByText('The history cannot be read now.').count(), 0)
})

test('a thousand payers: one answer for all, and only what is near is drawn', async (t) => {
  const world = hugeWorld()
  const board = await openBoard(t, world, { answers: fewDaysOf(world) })
  if (board === undefined) return
  const { page, monitor, faults } = board
  await strip(page, /Payer 0001/).waitFor()
  const drawn = await page.locator('.days svg').count()

  await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  await strip(page, /Payer 0999/).waitFor()

  assert.ok(drawn > 0 && drawn <= 160, `${drawn} strips are drawn`)
  assert.equal(monitor.asked.length, 1)
  assert.deepEqual(faults, [])
})

/** Everything was watched for two days of thirty, but Aetna for less. */
function fewDaysOf({ endpoints }: World): Answers {
  const items = endpoints.map(({ endpoint, payer }) => {
    const last = payer === 'aetna' ? [900, 300] : [1_440, 600]
    return { endpoint, payer, minutes: { operational: [...new Array(28).fill(0), ...last] } }
  })
  return (pathname) => ({ ...noPast(pathname), items })
}
