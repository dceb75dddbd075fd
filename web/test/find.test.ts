import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openBoard } from './support/board-page.ts'
import { closeChromium } from './support/chromium.ts'
import { usualWorld } from './support/usual-world.ts'
import { hugeWorld } from './support/world.ts'

after(closeChromium)

const rows = (page: Page) => page.locator('tr.row')
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row)

test('a search narrows the rows, stands in the address, and Escape takes it back', async (t) => {
  const board = await openBoard(t, usualWorld())
  if (board === undefined) return
  const { page } = board

  await page.keyboard.press('/')
  await page.keyboard.type('eligibility down')
  await page.waitForFunction(() => document.querySelectorAll('tr.row').length === 1)
  const name = await rows(page).textContent()
  const hash = await page.evaluate(() => location.hash)
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.querySelectorAll('tr.row').length === 33)

  assert.match(name ?? '', /^.*Aetna/)
  assert.equal(hash, '#q=eligibility+down')
  assert.equal(await page.evaluate(() => location.hash), '')
})

test('an address with a query opens the board with it', async (t) => {
  const board = await openBoard(t, usualWorld(), {
    path: '#status=degraded&sort=name&open=delta-dental-of-washington',
  })
  if (board === undefined) return
  const { page } = board

  await page.locator('.endpoints').waitFor()

  assert.equal(await rows(page).count(), 1)
  assert.equal(await page.getByRole('button', { name: '1 degraded', pressed: true }).count(), 1)
  assert.equal(await page.locator('.endpoint').first().getByText('Slower than 20 s').count(), 1)
})

test('status chips add up, and a second click takes one away', async (t) => {
  const board = await openBoard(t, usualWorld())
  if (board === undefined) return
  const { page } = board

  await page.getByRole('button', { name: '5 down' }).click()
  const down = await rows(page).count()
  await page.getByRole('button', { name: '1 degraded' }).click()
  const both = await rows(page).count()
  await page.getByRole('button', { name: '5 down' }).click()
  const degraded = await rows(page).count()

  assert.deepEqual([down, both, degraded], [4, 5, 1])
})

test('a search that matches nobody says so and offers the way back', async (t) => {
  const board = await openBoard(t, usualWorld(), { path: '#q=nobody' })
  if (board === undefined) return
  const { page } = board

  await page.getByText('No payer matches \u201cnobody\u201d').waitFor()
  await page.getByRole('button', { name: 'Show all payers' }).click()

  assert.equal(await rows(page).count(), 33)
})

test('the keyboard moves by rows, opens one and comes back', async (t) => {
  const board = await openBoard(t, usualWorld())
  if (board === undefined) return
  const { page } = board
  const at = (id: string) =>
    page.waitForFunction(
      (payer) => document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row === payer,
      id,
    )

  await page.keyboard.press('j')
  await at('elevance-p360')
  await page.keyboard.press('ArrowDown')
  await at('aetna')
  await page.keyboard.press('k')
  await at('elevance-p360')
  await page.keyboard.press('j')
  await at('aetna')
  await page.keyboard.press('Enter')
  await page.locator('.endpoints').waitFor()
  const hash = await page.evaluate(() => location.hash)
  const certificate = await page.getByText('Certificate until').first().count()
  await page.keyboard.press('Escape')
  await page.locator('.endpoints').waitFor({ state: 'detached' })

  assert.equal(hash, '#open=aetna')
  assert.equal(certificate, 1)
  assert.equal(await focused(page), 'aetna')
})

test('the keyboard walks through a long table', async (t) => {
  const board = await openBoard(t, hugeWorld(150, 2))
  if (board === undefined) return
  const { page } = board
  await rows(page).first().waitFor()

  for (let i = 0; i < 45; i++) {
    await page.keyboard.press('j')
    await page.waitForFunction(
      (id) => document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row === id,
      `payer-${String(i).padStart(4, '0')}`,
    )
  }

  assert.equal(await focused(page), 'payer-0044')
})

test('letters in the search are letters', async (t) => {
  const board = await openBoard(t, usualWorld())
  if (board === undefined) return
  const { page } = board

  await page.keyboard.press('/')
  await page.keyboard.type('jk?')

  assert.equal(await page.getByRole('searchbox').inputValue(), 'jk?')
  assert.equal(await page.locator('dialog[open]').count(), 0)
})

test('help opens with ? and closes with Escape', async (t) => {
  const board = await openBoard(t, usualWorld())
  if (board === undefined) return
  const { page } = board

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('Escape')
  await page
    .getByRole('dialog')
    .waitFor({ state: 'detached' })
    .catch(() => undefined)

  assert.equal(await page.locator('dialog[open]').count(), 0)
})

test('a card leads to its payer, which says what is in maintenance, until when, and what comes next', async (t) => {
  const board = await openBoard(t, usualWorld(), { path: '#q=cigna' })
  if (board === undefined) return
  const { page } = board
  const badges = page.getByText(/^in maintenance until [^()]+ \(UTC.*\)$/)
  const windows = page.getByRole('list', { name: 'Announced maintenance of' }).getByRole('listitem')

  await page.getByRole('button', { name: 'Medicaid Indiana · ' }).click()
  await page.locator('.endpoints').waitFor()
  const hash = await page.evaluate(() => location.hash)
  const [marked, ofPayer] = [await badges.count(), await windows.allTextContents()]
  await page.getByRole('link', { name: 'Eligibility history' }).click()
  await page.getByText('Incidents of the last 30 days').waitFor()

  assert.equal(hash, '#open=medicaid-indiana')
  assert.equal(marked, 2)
  assert.match(
    ofPayer.join('\n'),
    /^Maintenance until .+\)\nMaintenance .+ to .+: login\nMaintenance calendar of Medicaid Indiana$/,
  )
  assert.equal(await badges.count(), 1)
  assert.equal(await windows.count(), 2)
})

test('the order is the reader\u2019s: worst first or by name', async (t) => {
  const board = await openBoard(t, usualWorld())
  if (board === undefined) return
  const { page } = board
  const first = () => rows(page).first().textContent()

  const worst = await first()
  await page.getByRole('button', { name: 'worst first' }).click()
  const byName = await first()

  assert.match(worst ?? '', /Elevance/)
  assert.match(byName ?? '', /Aetna/)
  assert.equal(await page.evaluate(() => location.hash), '#sort=name')
})
