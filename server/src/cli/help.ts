/** What `--help` prints. */
export const HELP = `Payer Status Monitor: watches payers' endpoints and pushes every change to whoever subscribed.

Usage
  npm start                              watch the shipped catalogue of payers
  npm start -- --config my.yaml          watch your own
  npm run demo                           watch simulated payers, offline

Flags
  --config FILE          configuration; without it payers.yaml here, else the shipped catalogue
  --host ADDRESS         address to listen on (127.0.0.1; 0.0.0.0 for all)
  --port PORT            port of board, REST and WebSocket (8080; 0 for any free one)
  --metrics-port PORT    port of /metrics (9090)
  --log-level LEVEL      debug, info, warn or error (info)
  --network NETWORK      private lets probes reach loopback and private addresses (public)
  --version, --help

Every setting also has a variable, such as PAYER_STATUS_SERVER_PORT; see docs/configuration.md.
A flag goes before a variable, a variable before the file.
`
