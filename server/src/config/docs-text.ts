/** What docs/configuration.md says besides its tables. */

/** Before the tables. */
export const HEAD = `<!-- Generated from server/src/config: change the schema, then run \`npm run generate\`. -->

# Configuration

One YAML file. The monitor takes the first of these that is given: \`--config FILE\`, the variable
\`PAYER_STATUS_CONFIG\`, the variable \`CONFIG_PATH\`, \`payers.yaml\` in the directory it is started in, the shipped
catalogue. A setting is taken from a flag before a variable, from a variable before the file, from the file before its
default.

\`\`\`yaml
# yaml-language-server: $schema=./payer-status.schema.json
version: 1
server: { host: 127.0.0.1, port: 8080 }
defaults: { interval: 5m, timeout: 20s }
payers:
  - name: Aetna
    aliases: [aetna-better-health]
    identifiers: [{ scheme: x12_payer_id, value: "60054" }]
    endpoints:
      - { type: login, url: "https://www.aetna.com/login", interval: 15m, expect: { body: "Sign in" } }
      - type: eligibility
        name: realtime
        url: "\${ELIG_URL:?set the eligibility address}"
        headers: { Authorization: "Bearer \${file:/run/secrets/elig_token}" }
        expect: { status: 200, json: { "$.status": active } }
include: [ "payers.d/*.yaml" ]
\`\`\`

Everything is checked before anything starts. What is wrong is told all at once, each with file, line and path:
\`payers.yaml:41 payers[2].endpoints[3].interval: expected a duration such as "30s" or "5m", got "soon"\`. The exit code
is 2. A running monitor reads the file again when it changes; a file with mistakes changes nothing.

## How values are written

- A duration is a number and a unit, or several: \`250ms\`, \`30s\`, \`5m\`, \`1h30m\`, \`7d\`.
- A size is a number and a unit: \`512 B\`, \`64 KiB\`, \`1 MiB\`.
- Where a list is meant, one value may stand alone. A key without a value is as good as absent.
- Texts that look like numbers want quotes: \`value: "00621"\`.

## Variables and secret files

Any text may refer to what is not in the file:

| written | means |
|---|---|
| \`\${VAR}\` | the environment variable; an error when it is not set |
| \`\${VAR:-default}\` | the same, or the default when it is not set or empty |
| \`\${VAR:?message}\` | the same; the error, when it is not set or empty, says the message |
| \`\${file:/run/secrets/x}\` | what the file holds, without its last line break, at most 64 KiB; a relative path starts at the configuration file |
| \`$\${\` | a plain \`\${\` |

What was filled in is never looked at again. Addresses, header values and bodies are secrets: no log, error, answer or
metric shows them, but for the scheme, host and path of an address.

## Environment

Every single setting below has a variable: \`PAYER_STATUS_\` and its path in capitals, joined by \`_\`. An unknown name
that begins so is an error; an empty variable counts as unset. The names of the original service, \`WS_PORT\`,
\`METRICS_PORT\` and \`LOG_LEVEL\`, are taken too, after ours. Where Kubernetes adds variables for a service named
\`payer-status\`, set \`enableServiceLinks: false\`.
`

/** After the tables. */
export const TAIL = `## How endpoints are named

An endpoint's id is \`payer/name\`: the payer's name and the endpoint's \`name\` in lower case, words joined by hyphens.
Without \`name\` its type stands there; where several of a payer would share it, the type and six hex digits of a hash of
its address. Its position in the file never matters.

## When probes run

- With an \`interval\` an endpoint has a grid of its own, so that thousands spread evenly; its first probe comes soon.
- With a \`cron\` it is probed at those times of its zone's clock and at no other, after a start too. A single time of
  day that summer time leaves out is made up for right after, one that comes twice is probed once; expressions of several
  hours are probed whenever the clock shows them. Those that come more often than the network's shortest interval are
  refused.
- A change that is unconfirmed is looked at again after \`confirm_after\`.
- With a \`backoff\` the interval of an endpoint that is down or in maintenance grows with every failure, up to the
  \`cap\`. The first healthy or degraded answer ends that. A \`factor\` of 1 switches off what \`defaults\` say.
- In \`quiet_hours\` none of these is sent. One probe makes up for them at the end, spread as at a start. A list may be
  empty, to switch off what \`defaults\` say; \`days\` are \`mon\` to \`sun\`, \`to\` may be \`24:00\`.
- \`probing.budgets\` hold for all of them, and for what a person asks for. A probe that finds no place or token waits
  for it. What is not set is limited in public networks only; what is set holds in private ones too.

## Files of the original service

A file without \`version\` is read as the original service's, unchanged: \`payers: [{ name, endpoints: [{ type, url, path,
url_contains, method, schedule, description, timeout, headers, body }] }]\`.

- \`schedule\` is the interval, a Go duration; without it 15m. Less than 60s is raised, with a warning.
- \`\${process.env.VAR}\`, \`\${VAR}\` and \`$VAR\` are filled in.
- Every endpoint is of kind \`http\`, whatever its type; 200-399 is success. The fragment of an address is dropped.
- Unknown keys are ignored, with a warning.
- An entry that cannot be probed (no absolute address and no payer \`base_url\`, or a variable that is not set) is listed
  as \`unknown\` with the reason, with a warning. One that is listed twice is probed once.
`
