/** The store by itself, for programs that fill or read one without a monitor. */

export { silentLog } from '../lib/log.ts'
export type { HistoryRow, TimelineRow } from '../model.ts'
export { StoreEngine } from './engine.ts'
export { openDriver } from './open-driver.ts'
