import { readFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type * as Axe from 'axe-core'
import type { Page } from 'playwright-core'
import { buildBoard } from '../../../scripts/build-board.mjs'
import { openPage, type PageOptions } from './chromium.ts'
import { type Answers, FakeMonitor } from './fake-monitor.ts'
import { noPast } from './no-past.ts'
import { type Past, type PastSide, startPast } from './past.ts'
import type { World } from './world.ts'

/** Where the board is built to. */
export const OUT_DIR = fileURLToPath(new URL('../../dist', import.meta.url))

/** A page that shows the board of a fake monitor, and what went wrong on it. */
export type Board = {
  page: Page
  monitor: FakeMonitor
  faults: string[]
  /** What tells its past, where it has one. */
  side: PastSide | undefined
}

type Options = PageOptions & { path?: string; past?: Past; answers?: Answers }

let built: Promise<unknown> | undefined

/** Opens the board of `world` and waits until it is live; undefined where there is no chromium. */
export async function openBoard(
  t: TestContext,
  world: World,
  { path = '', past, answers = noPast, ...options }: Options = {},
): Promise<Board | undefined> {
  const page = await openPage(t, options)
  if (page === undefined) return undefined
  built ??= buildBoard()
  await built
  const monitor = new FakeMonitor(OUT_DIR, world, answers)
  t.after(() => monitor[Symbol.asyncDispose]())
  const side = past === undefined ? undefined : await startPast(t, world, past)
  monitor.api = side?.url
  const url = await monitor.listen()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    const isCut = message.text().includes('WebSocket')
    if (message.type() === 'error' && !isCut) faults.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`asked for ${request.url()}`)
  })
  await page.goto(url + path)
  await page.getByText('Live', { exact: true }).waitFor()
  return { page, monitor, faults, side }
}

/** What axe looks at: WCAG 2.2 AA, and what is good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
let axe: Promise<string> | undefined

/** What axe finds wrong, in short. */
export async function axeFindings(page: Page): Promise<string[]> {
  axe ??= readFile(AXE, 'utf8')
  await page.evaluate(await axe)
  return await page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as { axe: typeof Axe }
    const { violations } = await axe.run({
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
    })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`),
    )
  }, TAGS)
}
