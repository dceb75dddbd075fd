/** What `--help` prints. */
export const HELP = `Measures the monitor beside what it is compared with, and writes bench/results/SCENARIO.json.

Usage
  npm run bench                          measure everything; takes about an hour
  npm run bench -- fanout memory         measure some of it
  npm run bench -- report                write docs/performance.md from bench/results

Flags
  --list             what can be measured
  --rounds N         rounds of each (5)
  --clients N        clients in place of each scenario's own number
  --seconds N        how long one measurement lasts (5)
  --json FILE        write the results there, and not to bench/results
  --checkout FOLDER  measure the monitor of another checkout of this repository
  --smoke            only see whether everything works: few clients, one second, one round, nothing written
  --help

Exit code: 0 all ran, 1 a scenario could not run, 2 the command line cannot be used.
`
