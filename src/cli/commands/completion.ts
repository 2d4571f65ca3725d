import type { Command } from 'commander';
import type { Terminal } from '../show/terminal.ts';

/** Shells that a script can be printed for. */
type Shell = 'bash' | 'zsh' | 'fish';

interface Completed {
  readonly name: string;
  readonly says: string;
  readonly under: readonly string[];
  readonly options: readonly { readonly long: string; readonly says: string }[];
}

/** Prints what makes a shell complete commands and options, made of the very commands that there are. */
export function completion(terminal: Terminal, program: Command, shell: Shell): 0 {
  const commands = completedIn(program);
  terminal.out(shell === 'fish' ? fish(commands) : shell === 'zsh' ? `${ZSH_BEGIN}${bash(commands)}` : bash(commands));
  return 0;
}

function completedIn(program: Command): readonly Completed[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({
      name: command.name(),
      says: command.description(),
      under: command.commands.map((one) => one.name()),
      options: [command, ...command.commands].flatMap((one) =>
        one.options.flatMap(({ long, description }) => (long === undefined ? [] : [{ long, says: description }])),
      ),
    }));
}

/** zsh runs what was written for bash. */
const ZSH_BEGIN = 'autoload -U +X bashcompinit && bashcompinit\n';

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(
    ({ name, under, options }) =>
      `    ${name}) words="${[...under, ...options.map(({ long }) => long), '--help'].join(' ')}" ;;\n`,
  );
  return `# key-warden: eval "$(key-warden completion bash)"
_key_warden() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" words="${commands.map(({ name }) => name).join(' ')}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${cases.join('')}    *) words="" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _key_warden key-warden
`;
}

function fish(commands: readonly Completed[]): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const lines = commands.flatMap(({ name, says, under, options }) => [
    `complete -c key-warden -f -n __fish_use_subcommand -a ${name} -d ${quoted(says)}`,
    ...under.map((one) => `complete -c key-warden -n '__fish_seen_subcommand_from ${name}' -a ${one}`),
    ...options.map(
      ({ long, says: words }) =>
        `complete -c key-warden -n '__fish_seen_subcommand_from ${name}' -l ${long.replace(/^--/, '')} -d ${quoted(words)}`,
    ),
  ]);
  return `# key-warden: key-warden completion fish | source\n${lines.join('\n')}\n`;
}
