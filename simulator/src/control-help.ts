import { FAULTS } from './fault.ts'
import type { Simulator } from './model.ts'

/** What somebody reads who opens the control API in a browser or with curl. */
export function helpPage({ control, payers, seed }: Simulator): string {
  const endpoints = payers.flatMap((payer) => payer.endpoints)
  const example = endpoints[0]?.id ?? 'payer/login'
  const faults = Object.entries(FAULTS).map(([kind, text]) => `  ${kind.padEnd(16)} ${text}`)
  const post = `curl ${control}/faults -H 'content-type: application/json'`
  return `Simulated payers: ${payers.length}, endpoints: ${endpoints.length}, seed: ${seed}. None of them is real.

What is wrong with whom now:
  curl ${control}/endpoints

Force a fault; "forMs" says for how long, without it until it is cleared:
  ${post} -d '{"endpoint":"${example}","fault":"status","status":503,"forMs":30000}'

Go back to the script, for one endpoint or for all:
  curl -X DELETE ${control}/faults/${example}
  curl -X DELETE ${control}/faults

Faults:
${faults.join('\n')}
`
}
