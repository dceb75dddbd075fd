/** The sections of the original service beside its payers: what we have too is taken, the rest is told once each. */
import type { Mistake } from './issues.ts'
import { isMapping } from './overrides.ts'
import { found, quoted, valueAt } from './problem.ts'
import { File } from './schema.ts'

/** Which of their keys are ours, and under what path. The last that is there counts. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  server: { host: 'server.host', port: 'server.port' },
  websocket: { host: 'server.host', port: 'server.port' },
  metrics: { host: 'metrics.host', port: 'metrics.port' },
  logging: { level: 'log.level' },
  tls: {},
  rate_limiting: {},
}

/** Why a section, or most of it, has no counterpart. */
const INSTEAD: Readonly<Record<string, string>> = {
  tls: 'a proxy in front ends TLS',
  rate_limiting: 'see limits in docs/configuration.md',
}

/** The names of these sections. */
export const SECTION_NAMES: readonly string[] = Object.keys(SECTIONS)

/** Our settings from what the sections say, as a file in our format would say them, and what is not taken. */
export function readSections(value: unknown): { settings: object; remarks: Mistake[] } {
  const remarks: Mistake[] = []
  let settings: object = {}
  for (const [name, keys] of Object.entries(SECTIONS)) {
    const section = valueAt(value, [name])
    if (section === undefined || section === null) continue
    const { taken, left } = sorted(section, keys)
    settings = taken.reduce(withSetting, settings)
    const remark = remarkOn(name, section, left)
    if (remark) remarks.push(remark)
  }
  return { settings, remarks }
}

type Setting = { path: string; value: unknown }

function sorted(section: unknown, keys: Readonly<Record<string, string>>) {
  const taken: Setting[] = []
  const left: string[] = []
  for (const [key, value] of Object.entries(isMapping(section) ? section : {})) {
    const setting = { path: Object.hasOwn(keys, key) ? (keys[key] ?? '') : '', value }
    if (setting.path !== '' && isValid(setting)) taken.push(setting)
    else left.push(key)
  }
  return { taken, left }
}

/** Whether our schema takes it there, as it is: nothing is filled in here. */
function isValid(setting: Setting): boolean {
  if (String(setting.value).includes('${')) return false
  return File.safeParse({ version: 1, ...withSetting({}, setting) }).success
}

function withSetting(settings: object, { path, value }: Setting): object {
  const [section = '', key = ''] = path.split('.')
  return { ...settings, [section]: { ...(valueAt(settings, [section]) as object), [key]: value } }
}

function remarkOn(name: string, section: unknown, left: readonly string[]): Mistake | undefined {
  const path = [name]
  if (!isMapping(section))
    return { path, message: `expected a mapping, got ${found(section, path)}; ignored` }
  if (left.length === 0) return undefined
  const keys = left.slice(0, 5).map((key) => quoted(key).slice(1, -1))
  const more = left.length > keys.length ? ` and ${left.length - keys.length} more` : ''
  const instead = INSTEAD[name] === undefined ? '' : `; ${INSTEAD[name]}`
  return { path, message: `has no counterpart for ${keys.join(', ')}${more}, ignored${instead}` }
}
