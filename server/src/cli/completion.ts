import { Argument, Command } from 'commander'
import type { Io } from './io.ts'

const EXAMPLES = `
Examples:
  source <(payer-status completion bash)
  payer-status completion zsh > "\${fpath[1]}/_payer-status"
  payer-status completion fish > ~/.config/fish/completions/payer-status.fish
`

/** A command as a shell completes it. */
type Known = { name: string; description: string; flags: readonly Flag[] }
type Flag = { long: string; description: string }

const SCRIPTS = { bash, zsh, fish }
type Shell = keyof typeof SCRIPTS

/** `payer-status completion SHELL`: a script that lets the shell complete commands and flags. */
export function completionCommand(io: Io, program: Command): Command {
  const shell = new Argument('<shell>', 'whose script').choices(Object.keys(SCRIPTS))
  return new Command('completion')
    .description('print a script with which a shell completes commands and flags')
    .addArgument(shell)
    .addHelpText('after', EXAMPLES)
    .action((name: Shell) => void io.out.write(SCRIPTS[name](commandsOf(program))))
}

function commandsOf(program: Command): Known[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: [...command.options, ...command.commands.flatMap(({ options }) => options)].map(
      ({ long, description }) => ({ long: long ?? '', description }),
    ),
  }))
}

function bash(commands: readonly Known[]): string {
  const cases = commands.map(({ name, flags }) => `    ${name}) words="${longs(flags)}" ;;`)
  return `_payer_status() {
  local words current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')} --help --version"
  else case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ "\${#COMPREPLY[@]}" -gt 0 ] || compopt -o default
}
complete -F _payer_status payer-status
`
}

function zsh(commands: readonly Known[]): string {
  const list = commands.map(({ name, description }) => `    '${name}:${plain(description)}'`)
  const cases = commands.map(({ name, flags }) => {
    const args = flags.map(({ long, description }) => ` '${long}[${plain(description)}]'`)
    return `    ${name}) _arguments${args.join('')} '*:file:_files' ;;`
  })
  return `#compdef payer-status
_payer_status() {
  local -a commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case $words[2] in
${cases.join('\n')}
  esac
}
compdef _payer_status payer-status
`
}

function fish(commands: readonly Known[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  const none = `not __fish_seen_subcommand_from ${names}`
  return commands
    .flatMap(({ name, description, flags }) => [
      `complete -c payer-status -n '${none}' -a ${name} -d '${plain(description)}'`,
      ...flags.map(
        ({ long, description }) =>
          `complete -c payer-status -n '__fish_seen_subcommand_from ${name}' -l ${long.replace(/^--/, '')} -d '${plain(description)}'`,
      ),
    ])
    .join('\n')
    .concat('\n')
}

function longs(flags: readonly Flag[]): string {
  return [...flags.map(({ long }) => long), '--help'].join(' ')
}

/** What may stand between single quotes and in brackets. */
function plain(text: string): string {
  return text.replaceAll(/['[\]:\\]/g, '')
}
