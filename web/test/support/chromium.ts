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

let shared: Promise<Browser | undefined> | undefined

/** A page of its own for one test; skips the test where there is no chromium. */
export async function openPage(
  t: TestContext,
  options: BrowserContextOptions = {},
): Promise<Page | undefined> {
  shared ??= launchChromium()
  const browser = await shared
  if (browser === undefined) {
    t.skip('not run: needs chromium')
    return undefined
  }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  t.after(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return page
}

/** Closes the browser that `openPage` started. */
export async function closeChromium(): Promise<void> {
  await (await shared)?.close()
  shared = undefined
}
