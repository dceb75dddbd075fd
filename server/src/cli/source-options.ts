import type { Command } from 'commander'
import type { LoadOptions } from '../config/load.ts'
import type { Io } from './io.ts'
import { shipped } from './version.ts'

/** Which configuration a command works on. */
export type SourceOptions = { config?: string; network?: string }

/** Adds the options that say so. */
export function withSource(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration; without it payers.yaml here, else the catalogue')
    .option('--network <network>', 'private lets probes reach loopback and private addresses')
}

/** What is to be loaded. `settings` are dotted paths and texts, as other flags set them. */
export function loadOptions(
  { config, network }: SourceOptions,
  io: Io,
  settings: Readonly<Record<string, string>> = {},
): LoadOptions {
  return {
    path: config,
    cwd: io.cwd,
    env: io.env,
    flags: { ...settings, ...(network === undefined ? {} : { 'defaults.network': network }) },
    shipped: shipped('catalog/payers.yaml'),
  }
}
