import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** The shell without a window draws with the same engine in half the time. */
const PATHS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser']

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Starts the machine's chromium; undefined where there is none. The caller closes it. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = PATHS.find((path) => existsSync(path))
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: ARGS })
}

/** How a page is opened. */
export type PageOptions = BrowserContextOptions & {
  /** Whether the test does to its page what cannot be undone, as to give it another clock; nobody has the page after it. */
  isSpoilt?: boolean
}

let shared: Promise<Browser | undefined> | undefined
/** Pages that tests have left, by how they were opened: to start one costs more than most tests. */
const left = new Map<string, Page[]>()

/** A page for one test, with nothing on it and nothing kept from before; skips the test where there is no chromium. */
export async function openPage(
  t: TestContext,
  { isSpoilt = false, ...options }: PageOptions = {},
): Promise<Page | undefined> {
  shared ??= launchChromium()
  const browser = await shared
  if (browser === undefined) {
    t.skip('not run: needs chromium')
    return undefined
  }
  const how = JSON.stringify(options)
  const page = left.get(how)?.pop() ?? (await newPage(browser, options))
  t.after(async () => {
    if (isSpoilt) return await page.context().close()
    await clear(page)
    left.set(how, [...(left.get(how) ?? []), page])
  })
  return page
}

async function newPage(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await page.addInitScript(() => {
    Math.random = () => 0 // comes back after the shortest wait, however often it was refused
  })
  return page
}

/** Leaves nothing of a test on its page: neither who listens, nor what was stored, nor where the pointer is. */
async function clear(page: Page): Promise<void> {
  for (const event of ['console', 'pageerror', 'request']) page.removeAllListeners(event)
  await page.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
  await page.goto('about:blank')
  await page.mouse.move(0, 0)
}

/** Closes the browser that `openPage` started. */
export async function closeChromium(): Promise<void> {
  await (await shared)?.close()
  shared = undefined
  left.clear()
}
