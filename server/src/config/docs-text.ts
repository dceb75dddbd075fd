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
profiles:
  json-api: { expect: { status: 200, json: { "$.status": active } }, degrade_over: 2s }
payers:
  - name: Aetna
    aliases: [aetna-better-health]
    identifiers: [{ scheme: x12_payer_id, value: "60054" }]
    endpoints:
      - { type: login, url: "https://www.aetna.com/login", interval: 15m, expect: { body: "Sign in" } }
      - type: eligibility
        name: realtime
        url: "\${ELIG_URL:?set the eligibility address}"
        profile: json-api
        headers: { Authorization: "Bearer \${file:/run/secrets/elig_token}" }
include: [ "payers.d/*.yaml" ]
\`\`\`

Everything is checked before anything starts. What is wrong is told all at once, each with file, line and path:
\`payers.yaml:41 payers[2].endpoints[3].interval: expected a duration such as "30s" or "5m", got "soon"\`. The exit code
is 2. A running monitor reads the file again when it changes; a file with mistakes changes nothing.

## How values are written

- A duration is a number and a unit, or several: \`250ms\`, \`30s\`, \`5m\`, \`1h30m\`, \`7d\`.
- A size is a number and a unit: \`512 B\`, \`64 KiB\`, \`1 MiB\`.
- Where a list is meant, one value may stand alone. A key without a value is as good as absent.
- What several endpoints have in common stands once under \`profiles\`; an endpoint that names one has all of it, and what it
  says itself counts more. Mappings such as \`expect\` are merged, lists are replaced.
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
export const TAIL = `## What an answer must be

\`\`\`yaml
expect:
  status: [200, 204]
  content_type: application/json
  headers: { Cache-Control: no-store, X-Request-Id: { exists: true } }
  body: { contains: active, matches: "(?i)version\\\\W+[45]" }
  json: { "$.status": active, "$.rest[0].count": { gt: 3, lte: 500 }, "$.error": { exists: false } }
  certificate_days: 7
  latency: { first_byte: 5s }
  degrade: { certificate_days: 21, latency: { first_byte: 1s, total: 3s } }
\`\`\`

- Expectations are looked at in this order: status, content type, headers, body, JSON, XML, certificate, latency; after
  them those of \`degrade\` in the same order. The first unmet one is told: what was expected and, of statuses and
  numbers only, what was seen.
- A plain value stands for \`eq\`. All comparisons of one mapping must hold; what is not there meets only
  \`exists: false\`. \`gt\`, \`gte\`, \`lt\`, \`lte\` take numbers, \`matches\` texts.
- \`matches\` is a regular expression of RE2: no lookaround, no backreference, at most 300 characters and 300
  instructions. It fits anywhere unless it says \`^\` and \`$\`; \`(?i)\` ignores case. Of a body it searches the first
  256 KiB.
- XML is found by local names from the root, whatever the prefixes. Of several elements at one path one must fit, and
  none may have the text of \`ne\`. A body with a DTD, with entities that XML itself does not know, deeper than 64
  elements or longer than 1 MiB is taken as no XML.
- Phases that were not taken, as DNS, connect and TLS on an open connection, meet every limit.

## When a probe asks again

With \`retry.attempts\` a probe that failed asks again, on a new connection, for what a moment may cure: no connection,
one that was closed, a step that took too long, a name that could not be resolved, an answer that was cut off, and 429,
502, 503 and 504 where they were not expected and name no \`Retry-After\`. Never for certificates, other statuses,
redirects, expectations of the content, or what is wrong with our own request; and only for GET, HEAD and OPTIONS unless
\`any_method\` is set.

- Before attempt 2 it waits at most \`delay\`, before each further one at most twice as long as before, never more than
  \`max_delay\`; chance takes some of it, on public networks down to one second, else down to nothing.
- All attempts together have \`timeout\`. What would not begin in time is not begun; an attempt that is cut short by it
  leaves the result of the one before.
- Each attempt takes a token of the budgets of its host and payer. It waits for it within \`timeout\`; where none comes
  in time, or others wait for them, it is not begun, and the result tells fewer \`attempts\`.
- The result tells \`attempts\`; all else in it, such as the latency, is of the last attempt. With
  \`degrade_after_retry\` an answer that came only after a retry is degraded, for the reason of the first failure.
- On public networks each attempt counts as a probe: \`interval\` and \`confirm_after\` are at least 60s for each.

## How a probe proves who it is

\`auth\` of an endpoint is one of \`basic\`, \`bearer\`, \`header\` and \`oauth2\`. There is none for all endpoints at once:
a credential belongs to one payer. It is sent to the endpoint's own origin and never follows a redirect to another.

\`\`\`yaml
      - type: eligibility
        url: "https://api.payer.example/fhir/Coverage"
        auth:
          oauth2:
            token_url: "https://login.payer.example/oauth2/token"
            client_id: "\${ELIG_CLIENT}"
            client_secret: "\${file:/run/secrets/elig}"
            scope: "system/Coverage.read"
\`\`\`

\`oauth2\` are the client credentials of RFC 6749, section 4.4. A token is shared by all endpoints of the same network,
token address, client, scope and audience, and asked for once at a time. It is renewed a minute before its end, or at
80 % of a life under five minutes, without a probe waiting; where the server names no life, it is kept for five minutes.
When an endpoint answers 401 to a token older than a minute, the token is dropped and the endpoint asked once more. A
token server that failed is left alone for 10 s, then twice as long each time, up to 5 min. It has its own bounds (15 s in
all), must obey \`network\` as the endpoint does, and redirects nobody. Its failures have codes of their own,
\`token.…\`, and say nothing of the payer; the wait for it is the phase \`tokenMs\` and in no other time.

## Transport security

\`\`\`yaml
      - type: eligibility
        url: "https://gateway.payer.example/x12"
        tls: { ca: payer-ca.pem, cert: ours.pem, key: ours.key, passphrase: "\${KEY_PASS}" }
\`\`\`

A relative path starts at the configuration file that says it. Files are read and checked with the configuration: one that
is unreadable, or a key of another certificate, is a mistake. They are watched too: a renewed certificate is taken over
without a restart, and what is known of the endpoint stays. \`ca\` is trusted instead of the built-in authorities, to which
\`NODE_EXTRA_CA_CERTS\` adds for all. \`tls\` counts at the endpoint's own origin alone: where it redirects to another, and
for the token server, which has \`auth.oauth2.tls\`, it is as if it were not said. What is in \`defaults\` counts for both.
\`skip_verify\` is for one endpoint at a time; each of its answers has \`verified: false\`, and a warning is logged at start.

With \`crl\` a revoked certificate is \`tls.revoked\` and the endpoint down, whether it is the server's own or of an authority
in its chain. The file holds one list of each authority in the chain, the root's too, one after another; without one of
them, or with one that has expired, nothing can be told, which is \`tls.crl\` and ours to mend. A list that is renewed counts
from the next probe on. Lists are read from files alone: none is fetched from where certificates say, and OCSP is not
asked, so let something else keep the file fresh.

\`http2: true\` asks by HTTP/2 and nothing else; a server that does not offer it is told as \`http.no_h2\`. It counts at the
endpoint's own origin; another that it redirects to is asked by HTTP/1.1. Without TLS the far side must be known to speak
it.

## How endpoints are named

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
- \`probing.budgets\` hold for all of them, for further attempts, and for what a person asks for. A probe that finds no
  place or token waits for it; where that is more than a minute, the person is told when to ask again. What is not set is
  limited in public networks only; what is set holds in private ones too.

## Announced maintenance

\`\`\`yaml
payers:
  - name: Aetna
    time_zone: America/New_York
    endpoints:
      - { type: login, url: "https://www.aetna.com/login" }
      - { type: eligibility, url: "https://eligibility.aetna.example/" }
    maintenance:
      - { rrule: "FREQ=WEEKLY;BYDAY=SU", start_local: "00:00", end_local: "06:00", source_url: "https://www.aetna.com/maintenance" }
      - types: [eligibility]
        kind: non_routine
        starts: "2027-02-06T22:00"
        ends: "2027-02-07T04:00"
        announced_at: "2027-01-20T09:00"
\`\`\`

- What is out within a window is \`maintenance\`, not \`down\`, and opens no incident; what is still out 15 minutes after its end
  does. Probing goes on.
- A rule is on the clock on the wall, also across summer time: \`end_local\` is when that clock shows it, \`duration\` is exact. A
  time that is left out is as far after the gap as it would have been, one that comes twice is the first.
- A rule that counts (\`INTERVAL\`, \`COUNT\`) says in \`start_local\` from which date.
- Windows are told 31 days ahead, the next of each. Whether that is early enough for the payer to be believed is \`noticeOk\`
  in [the protocol](protocol.md#window).
- A reload puts in force what has changed, also while a window runs: one that is taken out ends at once, what is out in it is \`down\`.

## Files of the original service

A file without \`version\` is read as the original service's, unchanged: \`payers: [{ name, endpoints: [{ type, url, path,
url_contains, method, schedule, description, timeout, headers, body, expect_status, expect_body, expect_json, auth, retry,
tls_skip_verify }] }]\`. \`payer-status migrate FILE\` rewrites one in our format.

- \`schedule\` is the interval, a Go duration; without it 15m. Less than 60s is raised, with a warning.
- \`\${process.env.VAR}\`, \`\${VAR}\` and \`$VAR\` are filled in.
- Every endpoint is of kind \`http\`, whatever its type; 200-399 is success. The fragment of an address is dropped.
- \`expect_status\`, \`expect_body\` (a pattern) and \`expect_json\` (a part of what must be there) are \`expect\`; \`auth\` is
  \`auth.basic\`; \`retry\` brings its attempts and delays within ours; \`tls_skip_verify\` is \`tls.skip_verify\`.
- Of \`server\`, \`websocket\`, \`metrics\` and \`logging\`, host, port and level are taken; the rest of them, \`tls\` and
  \`rate_limiting\` are named in one warning each.
- Unknown keys, and options that ours cannot take, are ignored, with a warning.
- An entry that cannot be probed (no absolute address and no payer \`base_url\`, or a variable that is not set) is listed
  as \`unknown\` with the reason, with a warning. One that is listed twice is probed once.
`
