/** What a file expects of an answer, as the prober uses it. */
import type { Checks, Expect, LatencyLimit } from './config.ts'
import type { Expect as ExpectInFile } from './expect-schema.ts'
import type { Path } from './yaml.ts'

/** Makes expectations complete; `written` gives the file's words for a text that something was filled into. */
export function expectationsOf(
  said: ExpectInFile,
  written: (path: Path) => string | undefined,
): Expect {
  const { degrade, ...checks } = said
  const shown = shownTexts(said, [], written)
  return {
    ...checksOf(checks),
    ...(degrade === undefined ? {} : { degrade: checksOf(degrade) }),
    ...(shown.length === 0 ? {} : { shown: Object.fromEntries(shown) }),
  }
}

function checksOf(said: Omit<ExpectInFile, 'degrade'>): Checks {
  const { status, content_type: contentType, headers, body, json, xml, latency } = said
  const { certificate_days: certificateDays } = said
  return defined({
    status,
    contentType: contentType?.map((type) => type.toLowerCase()),
    headers: headers && Object.entries(headers).map(([name, is]) => [name.toLowerCase(), is]),
    body,
    json: json && Object.entries(json),
    xml: xml && Object.entries(xml),
    certificateDays,
    latency: latency && limitsOf(latency),
  })
}

function limitsOf(latency: NonNullable<ExpectInFile['latency']>): LatencyLimit[] {
  const { first_byte: firstByte, ...others } = latency
  return Object.entries({ ...others, firstByte }).flatMap(([phase, ms]) =>
    ms === undefined ? [] : [[phase as LatencyLimit[0], ms]],
  )
}

/** Every text below `said` that the file writes otherwise, with the file's words for it. */
function shownTexts(
  said: unknown,
  path: Path,
  written: (path: Path) => string | undefined,
): [string, string][] {
  if (Array.isArray(said))
    return said.flatMap((item, i) => {
      const inList = shownTexts(item, [...path, i], written)
      return inList.length > 0 ? inList : shownTexts(item, path, written) // it may stand alone
    })
  if (typeof said === 'object' && said !== null)
    return Object.entries(said).flatMap(([key, item]) => shownTexts(item, [...path, key], written))
  const words = said === undefined ? undefined : written(path)
  return words === undefined ? [] : [[String(said), words]]
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(checks: T): Defined<T> {
  const said = Object.entries(checks).filter(([, value]) => value !== undefined)
  return Object.fromEntries(said) as Defined<T> // safe: only absent keys are left out
}
