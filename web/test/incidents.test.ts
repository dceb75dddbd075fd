import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { anIncident } from '../../server/test/support/a-store.ts'
import { axeFindings, openBoard } from './support/board-page.ts'
import { closeChromium } from './support/chromium.ts'
import { incident } from './support/records.ts'
import { usualPast } from './support/usual-past.ts'
import { smallWorld } from './support/usual-world.ts'
import { ago, calmWorld, firstPayers, type World } from './support/world.ts'

after(closeChromium)

const path = '#page=incidents'
const MINUTE = 60_000

/** One host of forty endpoints is down: a root with a child for each payer. */
function sharedOutage(): World {
  const world = firstPayers(calmWorld(), 10)
  const endpoints = world.endpoints.slice(0, 40)
  const ids = endpoints.map(({ endpoint }) => endpoint)
  const payers = [...new Set(endpoints.map(({ payer }) => payer))]
  for (const one of endpoints) one.status = 'down'
  const root = 'inc_01JD000000000000000000000R'
  world.incidents.push(
    incident(root, { scope: 'host', payers, endpoints: ids, openedAt: ago(20 * MINUTE) }),
    ...payers.map((id, i) =>
      incident(`inc_01JD00000000000000000000${String(i).padStart(2, '0')}`, {
        parent: root,
        payers: [id],
        endpoints: ids.filter((one) => one.startsWith(`${id}/`)),
        openedAt: ago(19 * MINUTE),
      }),
    ),
  )
  return world
}

test('incidents are listed open and resolved, the newest first, and one opens to all that is known', async (t) => {
  const board = await openBoard(t, smallWorld(), { past: usualPast() })
  if (board === undefined) return
  const { page, faults } = board

  await page.getByRole('link', { name: 'Incidents', exact: true }).click()
  await page.locator('.incident').nth(2).waitFor()
  const titles = await page.locator('.incident .name').allTextContents()
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByText('The payer has been called.').waitFor()
  const hash = await page.evaluate(() => location.hash)
  const open = page.locator('.incident').nth(1)
  const duration = await open.locator('.age').textContent()
  await page.keyboard.press('Escape')
  await page.locator('.more').waitFor({ state: 'detached' })

  assert.deepEqual(titles, ['Aetna · Eligibility', 'Aetna · Eligibility', 'MetLife · Portal'])
  assert.match(hash, /^#incident=inc_0+2$/)
  assert.equal(duration, '48 min 00 s')
  assert.equal(await page.evaluate(() => location.hash), path)
  assert.deepEqual(faults, [])
})

test('a card leads to its incident, the incident to its endpoint', async (t) => {
  const board = await openBoard(t, smallWorld(), { past: usualPast() })
  if (board === undefined) return
  const { page } = board

  await page.getByRole('link', { name: 'Incident of Aetna' }).click()
  await page.locator('.more').getByRole('link', { name: 'Aetna · Eligibility' }).click()
  await page.getByRole('slider').waitFor()

  assert.equal(await page.evaluate(() => location.hash), '#endpoint=aetna/eligibility')
})

test('what happens meanwhile is in the list at once, and how long it lasts ticks', async (t) => {
  const board = await openBoard(t, smallWorld(), { path, past: usualPast() })
  if (board === undefined) return
  const { page, monitor } = board
  await page.locator('.incident').nth(2).waitFor()
  const id = 'inc_01JD0000000000000000000009'
  const about = { payers: ['metlife'], endpoints: ['metlife/login'] }

  monitor.open(incident(id, { ...about, openedAt: ago(2_000) }))
  const age = page.locator('.incident').first().locator('.age')
  await age.getByText(/^\d s$/).waitFor()
  const before = await age.textContent()
  await page.waitForFunction(
    (text) => document.querySelector('.incident .age')?.textContent !== text,
    before,
  )
  monitor.update(id, { status: 'resolved', resolvedAt: new Date().toISOString() })

  await page.getByRole('button', { name: 'resolved MetLife · Portal' }).first().waitFor()
  assert.equal(await page.locator('.incident').count(), 4)
})

test('an outage of forty endpoints on one host is one line with its children folded', async (t) => {
  const board = await openBoard(t, sharedOutage(), { path, past: { length: 86_400_000 } })
  if (board === undefined) return
  const { page } = board

  await page.locator('.incident .name').first().click()
  await page.getByText('40 endpoints', { exact: true }).last().waitFor()
  const links = page.locator('.links').first().getByRole('link')
  const few = await links.count()
  await page.getByRole('button', { name: 'Show all 40' }).click()

  assert.equal(await page.locator('.incident').count(), 1)
  assert.equal(few, 8)
  assert.equal(await links.count(), 40)
  assert.equal(await page.getByText(/^\d+ incidents under this one$/).count(), 1)
  assert.deepEqual(await axeFindings(page), [])
})

test('older ones come page by page, and none is older than 30 days', async (t) => {
  const day = 86_400_000
  const incidents = Array.from({ length: 80 }, (_, i) =>
    anIncident(1_000 - i, {
      payers: ['aetna'],
      endpoints: ['aetna/login'],
      status: 'resolved',
      openedAt: ago((i / 2) * day),
      resolvedAt: ago((i / 2) * day),
    }),
  )
  const world = firstPayers(calmWorld(), 3)
  const board = await openBoard(t, world, { path, past: { length: day, incidents } })
  if (board === undefined) return
  const { page, side } = board
  await page.locator('.incident').first().waitFor()
  const first = await page.locator('.incident').count()

  side!.isDown = true
  await page.getByRole('button', { name: 'Show older ones' }).click()
  await page.getByText('The history cannot be read now.').waitFor()
  const kept = await page.locator('.incident').count()
  side!.isDown = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.incident').nth(55).waitFor()

  assert.deepEqual([first, kept], [50, 50])
  assert.equal(await page.locator('.incident').count(), 60)
  assert.equal(await page.getByRole('button', { name: 'Show older ones' }).count(), 0)
})

test('while history cannot be read the open ones are there all the same', async (t) => {
  const board = await openBoard(t, smallWorld(), { past: usualPast() })
  if (board === undefined) return
  const { page, side } = board
  side!.isDown = true

  await page.getByRole('link', { name: 'Incidents', exact: true }).click()
  await page.getByText('The history cannot be read now.').waitFor()
  const open = await page.locator('.incident').count()
  side!.isDown = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.incident').nth(2).waitFor()

  assert.equal(open, 1)
})

test('without any the page says so', async (t) => {
  const board = await openBoard(t, firstPayers(calmWorld(), 2), { path })
  if (board === undefined) return

  await board.page.getByText('No incident in the last 30 days.').waitFor()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing wrong with the incidents on a phone: ${colorScheme}`, async (t) => {
    const viewport = { width: 360, height: 740 }
    const options = { path: '#incident=inc_00000000000000000000000002', colorScheme, viewport }
    const board = await openBoard(t, smallWorld(), { past: usualPast(), ...options })
    if (board === undefined) return
    const { page } = board
    await page.getByText('The payer has been called.').waitFor()

    assert.deepEqual(await axeFindings(page), [])
    assert.equal(
      await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      ),
      0,
    )
  })
}
