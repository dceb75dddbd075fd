import type { Watch } from './answer.ts'
import type { SimulatedEndpoint, SimulatedPayer } from './model.ts'

/** A configuration file that watches all these payers. JSON texts are YAML too, so every value is quoted by it. */
export function configYaml(payers: readonly SimulatedPayer[], interval: string): string {
  const defaults = { network: 'private', interval, timeout: '3s', degrade_over: '1s' }
  return [
    'version: 1',
    `defaults: ${flow(defaults)}`,
    'payers:',
    ...payers.flatMap(payerLines),
    '',
  ].join('\n')
}

function payerLines({ name, aliases, identifiers, timeZone, endpoints }: SimulatedPayer): string[] {
  return [
    `  - name: ${flow(name)}`,
    `    aliases: ${flow(aliases)}`,
    `    identifiers: ${flow(identifiers)}`,
    `    time_zone: ${flow(timeZone)}`,
    '    endpoints:',
    ...endpoints.map((endpoint) => `      - ${flow(entry(endpoint))}`),
  ]
}

function entry({ type, name, via, url, watch }: SimulatedEndpoint): object {
  const { method, headers, body, expect }: Watch = watch
  return { type, name, via, url, method, headers, body, expect }
}

function flow(value: unknown): string {
  return JSON.stringify(value)
}
