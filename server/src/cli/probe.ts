import { Command } from 'commander'
import { startHttpProbe } from '../app/http-probe.ts'
import { ConfigError } from '../lib/errors.ts'
import { runProbe } from '../probe/prober.ts'
import { healthOf } from '../status/health.ts'
import { type AdHoc, adHocEndpoint } from './ad-hoc.ts'
import { type Ending, EXIT, type Io } from './io.ts'
import { type Leg, report } from './probe-report.ts'
import { version } from './version.ts'

const EXAMPLES = `
Examples:
  payer-status probe https://payer.example/login
  payer-status probe https://payer.example/fhir/metadata --status 200 --body CapabilityStatement
  payer-status probe http://127.0.0.1:8080/ --header "Accept: application/json" --json

Probes whatever address you name, private ones too. Ends with 0 when the answer is healthy or in maintenance, 1 when not,
2 when the address cannot be used. Neither the query of an address nor a header is ever printed.
`

type Options = Omit<AdHoc, 'url'> & { json?: true }

/** `payer-status probe URL`: one probe, step by step. */
export function probeCommand(io: Io, end: Ending): Command {
  return new Command('probe')
    .description('probe one address, and show every step')
    .argument('<url>', 'what to ask')
    .option('--method <method>', 'HTTP method', 'GET')
    .option('--header <headers...>', 'request headers, as "Name: value"')
    .option('--status <statuses...>', 'what counts as success: 200, 200-299 (200-399)')
    .option('--body <text>', 'text that the body must contain')
    .option('--timeout <duration>', 'most time for it all', '20s')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, { json, ...options }: Options) => {
      const endpoint = adHocEndpoint({ url, ...options })
      if (endpoint instanceof ConfigError) throw endpoint
      const legs: Leg[] = []
      const { clock, random } = io
      await using http = startHttpProbe({
        clock,
        version: version(),
        onLeg: (leg) => legs.push(leg),
      })
      const deps = { probes: { http: http.probe }, clock, random, probeId: () => 'p1' }
      const signal = new AbortController().signal
      const result = await runProbe(deps, endpoint, { signal, fresh: true })
      const { endpoint: _, probe: __, ...shown } = result
      io.out.write(json ? `${JSON.stringify(shown, undefined, 2)}\n` : report(legs, result, io))
      const health = healthOf(result)
      end(health === 'healthy' || health === 'maintenance' ? EXIT.ok : EXIT.notFine)
    })
}
