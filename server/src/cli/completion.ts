import { Argument, Command, type Option } from 'commander'
import type { Io } from './io.ts'

const EXAMPLES = `
Examples:
  source <(payer-status completion bash)
  payer-status completion zsh > "\${fpath[1]}/_payer-status"
  payer-status completion fish > ~/.config/fish/completions/payer-status.fish
`

/** A command as a shell completes it: the words that may follow it, whether a file may, and its flags. */
type Known = {
  name: string
  description: string
  words: readonly string[]
  takesFile: boolean
  flags: readonly Flag[]
}
/** `values` are all that may follow; empty where anything may, undefined where nothing does. */
type Flag = {
  long: string
  short: string | undefined
  description: string
  values: readonly string[] | undefined
}

/** What may follow flags that the configuration checks. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--network': ['public', 'private'],
  '--log-level': ['debug', 'info', 'warn', 'error'],
  '--method': ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
}

const SCRIPTS = { bash, zsh, fish }
type Shell = keyof typeof SCRIPTS

/** `payer-status completion SHELL`: a script that lets the shell complete commands, flags and what may follow them. */
export function completionCommand(io: Io, program: Command): Command {
  const shell = new Argument('<shell>', 'whose script').choices(Object.keys(SCRIPTS))
  return new Command('completion')
    .description('print a script with which a shell completes commands and flags')
    .addArgument(shell)
    .addHelpText('after', EXAMPLES)
    .action((name: Shell) => void io.out.write(SCRIPTS[name](commandsOf(program))))
}

function commandsOf(program: Command): Known[] {
  const known = program.commands.map(
    (command): Known => ({
      name: command.name(),
      description: command.description(),
      words: [
        ...command.commands.map((one) => one.name()),
        ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ],
      takesFile: command.registeredArguments.some((argument) => argument.name() === 'file'),
      flags: [
        ...[...command.options, ...command.commands.flatMap(({ options }) => options)].map(flagOf),
        { long: '--help', short: '-h', description: 'display help', values: undefined },
      ],
    }),
  )
  const words = known.map(({ name }) => name)
  const help = { name: 'help', description: 'display help', takesFile: false, flags: [], words }
  return [...known, help]
}

function flagOf({ long, short, description, argChoices, required, optional }: Option): Flag {
  const name = long ?? ''
  const values = required || optional ? (argChoices ?? VALUES[name] ?? []) : undefined
  return { long: name, short, description, values }
}

function bash(commands: readonly Known[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `_payer_status() {
  local words current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names} --help --version"
  else case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(bashAfter).join('\n')}
  *) case "\${COMP_WORDS[1]}" in
${commands.map(bashFlags).join('\n')}
  esac ;;
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ "\${#COMPREPLY[@]}" -gt 0 ] || compopt -o default
}
complete -F _payer_status payer-status
`
}

/** What follows the command itself, and each flag that something follows; no words mean files. */
function bashAfter({ name, words, flags }: Known): string[] {
  return [
    ...(words.length > 0 ? [`    "${name} ${name}") words="${words.join(' ')}" ;;`] : []),
    ...flags.flatMap(({ long, short, values }) => {
      const spelled = [long, ...(short === undefined ? [] : [short])]
      const cases = spelled.map((one) => `"${name} ${one}"`).join('|')
      return values === undefined ? [] : [`    ${cases}) words="${values.join(' ')}" ;;`]
    }),
  ]
}

function bashFlags({ name, takesFile, flags }: Known): string {
  const longs = `words="${flags.map(({ long }) => long).join(' ')}"`
  return takesFile ? `    ${name}) [[ $current != -* ]] || ${longs} ;;` : `    ${name}) ${longs} ;;`
}

function zsh(commands: readonly Known[]): string {
  const list = commands.map(({ name, description }) => `    '${name}:${plain(description)}'`)
  return `#compdef payer-status
_payer_status() {
  local -a commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case $words[2] in
${commands.map(zshCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _payer-status ]; then _payer_status "$@"; else compdef _payer_status payer-status; fi
`
}

function zshCase({ name, words, flags }: Known): string {
  const options = flags.map(({ long, description, values }) => {
    const after = values?.length ? `:value:(${values.join(' ')})` : ':value:_files'
    return ` '${long}[${plain(description)}]${values === undefined ? '' : after}'`
  })
  const second = words.length > 0 ? ` '2:word:(${words.join(' ')})'` : ''
  return `    ${name}) _arguments${options.join('')} '1: :'${second} '*:file:_files' ;;`
}

function fish(commands: readonly Known[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  const none = `not __fish_seen_subcommand_from ${names}`
  return commands
    .flatMap(({ name, description, words, flags }) => {
      const within = `complete -c payer-status -n '__fish_seen_subcommand_from ${name}'`
      return [
        `complete -c payer-status -n '${none}' -a ${name} -d '${plain(description)}'`,
        ...(words.length > 0 ? [`${within} -f -a '${words.join(' ')}'`] : []),
        ...flags.map((flag) => `${within} ${fishFlag(flag)}`),
      ]
    })
    .join('\n')
    .concat('\n')
}

function fishFlag({ long, short, description, values }: Flag): string {
  const spelled = `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`
  const after = values?.length ? ` -x -a '${values.join(' ')}'` : ' -r'
  return `${spelled}${values === undefined ? '' : after} -d '${plain(description)}'`
}

/** What may stand between single quotes and in brackets. */
function plain(text: string): string {
  return text.replaceAll(/['[\]:\\]/g, '')
}
