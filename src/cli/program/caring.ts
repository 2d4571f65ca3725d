import { EXAMPLES } from '../show/examples.ts';
import { NAMED, rotation, targeted, writes } from './kinds.ts';
import type { Stage } from './stage.ts';

/** How the care of a secret begins and ends, and what becomes of old keys. */
export function addCaring({ command, terminal, wire, ended }: Stage): void {
  writes(
    targeted(command('init', 'put secrets under care: label them and set the alias current', EXAMPLES.init), NAMED),
    { quiet: 'list only what needs a look, and on standard error only warnings' },
  )
    .option('--filter <expression>', 'secrets that Secret Manager lists under this filter, such as labels.team=search')
    .option('--from-file <path>', 'secrets named in a file, one a line; - is standard input')
    .option('--dry-run', 'say what would be changed and change nothing', false)
    .option('--key-field <field>', 'field of the stored value that holds the key, where several do')
    .action(async (options) => {
      const { init } = await import('../commands/init.ts');
      ended(await init(terminal, await wire(), options));
    });

  writes(targeted(command('forget', 'end the care of secrets, and say what stays behind', EXAMPLES.forget), NAMED))
    .option('--filter <expression>', 'secrets that Secret Manager lists under this filter, such as labels.team=search')
    .option('--from-file <path>', 'secrets named in a file, one a line; - is standard input')
    .option('--all', 'all that are under care, as before the deployment is taken away', false)
    .option('--remove-aliases', 'take current and previous away as well: whoever reads them fails', false)
    .option('--leave-keys', 'go on although old keys are left that nobody will delete', false)
    .option('--dry-run', 'say what would be changed and change nothing', false)
    .action(async (options) => {
      const { forget } = await import('../commands/forget.ts');
      ended(await forget(terminal, await wire(), options));
    });

  writes(
    targeted(
      command('purge', 'delete old keys at the issuer, prove them dead, destroy their versions', EXAMPLES.purge),
    ),
  )
    .option('--dry-run', 'say what would go and do nothing', false)
    .action(async (options) => {
      const { purge } = await import('../commands/purge.ts');
      ended(await purge(terminal, await wire(), options));
    });

  writes(rotation(command('revoke', 'delete a leaked key at its issuer now, whoever reads it', EXAMPLES.revoke)))
    .option('--confirm <uid>', 'the uid of the key that must die; without it only says which keys there are')
    .action(async (options) => {
      const { revoke } = await import('../commands/revoke.ts');
      ended(await revoke(terminal, await wire(), options));
    });
}
