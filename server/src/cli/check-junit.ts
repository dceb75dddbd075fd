import { type Checked, isFine, reasonText } from './check-table.ts'

export const JUNIT_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** Results as JUnit XML: a suite for each payer, a test case for each endpoint; what is unknown counts as an error. */
export function junit(checked: readonly Checked[]): string {
  const suites = [...Map.groupBy(checked, ({ payer }) => payer)].map(([payer, cases]) => {
    const attributes = attributesOf({ name: payer, ...countsOf(cases) })
    return `  <testsuite${attributes}>\n${cases.map(caseOf).join('')}  </testsuite>\n`
  })
  const attributes = attributesOf({ name: 'payer-status', ...countsOf(checked) })
  return `<testsuites${attributes}>\n${suites.join('')}</testsuites>\n`
}

function countsOf(cases: readonly Checked[]) {
  return {
    tests: cases.length,
    failures: cases.filter(({ status }) => status === 'down').length,
    errors: cases.filter(({ status }) => status === 'unknown').length,
    time: secondsOf(cases.reduce((sum, { latencyMs }) => sum + (latencyMs ?? 0), 0)),
  }
}

function caseOf(one: Checked): string {
  const name = one.endpoint.slice(one.endpoint.indexOf('/') + 1)
  const attributes = attributesOf({
    classname: one.endpoint.slice(0, one.endpoint.indexOf('/')),
    name,
    time: secondsOf(one.latencyMs ?? 0),
  })
  if (isFine(one)) return `    <testcase${attributes}/>\n`
  const element = one.status === 'down' ? 'failure' : 'error'
  const why = attributesOf({ type: one.reason?.kind ?? one.verdict, message: reasonText(one) })
  return `    <testcase${attributes}><${element}${why}/></testcase>\n`
}

function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(3)
}

function attributesOf(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
}

/** XML 1.0 has no way to write most control characters. */
function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
