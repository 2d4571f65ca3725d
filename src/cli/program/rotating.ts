import { EXAMPLES } from '../show/examples.ts';
import { hushed, rotation, targeted, writes } from './kinds.ts';
import type { Stage } from './stage.ts';

/** A rotation, and what a person may do about one. */
export function addRotating({ command, terminal, wire, ended }: Stage): void {
  writes(
    rotation(command('rotate', 'replace the key: mint, prove, write, verify, promote, drain, retire', EXAMPLES.rotate)),
    { verbose: 'tell also what the worker would log; with --dry-run every call that it would make' },
  )
    .option('--emergency', 'no drain: for a key that leaked', false)
    .option('--at-the-latest <minutes>', 'with --emergency: delete the leaked key then although other secrets serve it')
    .option('--all-holders', 'rotate every other managed secret that serves the same key, too', false)
    .option('--wait', 'stay until the end, showing progress', false)
    .option('--dry-run', 'say what would happen to consumers, and when, and write nothing', false)
    .option('--from-stdin', 'take the new key from standard input instead of minting one', false)
    .option('--service-account <email>', 'account a new auth key is bound to; the old key’s own when left out')
    .option('--standard', 'mint a standard key instead of an auth key', false)
    .option('--drop-targets', 'replace a key that other APIs accept too by one that is good for Gemini alone', false)
    .option('--key-project <id>', 'project that makes the keys; the secret’s own when left out')
    .option(
      '--key-field <field>',
      'field of the stored value that holds the key, such as /gemini/apiKey or GEMINI_API_KEY',
    )
    .option('--clean', 'take white space and quotes off that stand around the key', false)
    .option('--form <bare>', 'write the key alone, whatever stood around the old one')
    .option('--replace <version>', 'with --form: the version that is replaced, if it holds no key that could be told')
    .option('--reason <text>', 'why, in your own words; goes into the journal and the announcements')
    .option('--request-id <id>', 'the same id gives the same rotation, however often it is sent')
    .action(async (options) => {
      const { rotate } = await import('../commands/rotate.ts');
      ended(await rotate(terminal, await wire(), options));
    });

  writes(
    rotation(
      command(
        'rollback',
        'go back to the key before: in flight, or after the end until it is purged',
        EXAMPLES.rollback,
      ),
    ),
  )
    .option('--wait', 'stay until the end, showing progress', false)
    .action(async (options) => {
      const { rollback } = await import('../commands/rollback.ts');
      ended(await rollback(terminal, await wire(), options));
    });

  writes(
    rotation(
      command('freeze', 'let no planned rotation begin until a moment, or show what is frozen', EXAMPLES.freeze),
    ),
  )
    .option('--everything', 'all secrets of the settings', false)
    .option(
      '--until <when>',
      'its end, 90 days from now at most: 4h, 2d, 2027-01-06T07:00:00Z, or what the clock on a wall shows, "2027-01-06T08:00[Europe/Berlin]"',
    )
    .option('--reason <text>', 'why')
    .option('--owner <who>', 'who wants it; $USER when left out')
    .option('--dry-run', 'say what would be frozen and change nothing', false)
    .addHelpText(
      'after',
      '\nWithout --until, --reason and --owner it shows what is frozen. Emergencies, dead\nkeys and going back do not wait. Two freezes both count, each with its own end.\nThey stand on a secret of the worker’s own (KEY_WARDEN_SILENCES).',
    )
    .action(async (options) => {
      const { freeze } = await import('../commands/freeze.ts');
      ended(await freeze(terminal, await wire(), options));
    });

  writes(rotation(command('unfreeze', 'lift a freeze before its time', EXAMPLES.unfreeze)))
    .option('--everything', 'the one of all secrets', false)
    .option('--id <id>', 'the one with this id, where several are about the same')
    .option('--dry-run', 'say what would be lifted and change nothing', false)
    .action(async (options) => {
      const { unfreeze } = await import('../commands/freeze.ts');
      ended(await unfreeze(terminal, await wire(), options));
    });

  writes(rotation(command('resume', 'let a held rotation go on', EXAMPLES.resume)))
    .option(
      '--cut-off-users',
      'end a drain although the old key is still used: whoever uses it fails from then on',
      false,
    )
    .action(async (options) => {
      const { wish } = await import('../commands/wish.ts');
      ended(await wish(terminal, await wire(), options.cutOffUsers ? 'cut-off-users' : 'resume', options));
    });

  writes(rotation(command('abort', 'give up a rotation before its new key is current', EXAMPLES.abort))).action(
    async (options) => {
      const { wish } = await import('../commands/wish.ts');
      ended(await wish(terminal, await wire(), 'abort', options));
    },
  );

  hushed(
    rotation(
      command(
        'approve',
        'let a planned rotation begin that somebody else asked for; through the worker alone',
        EXAMPLES.approve,
      ),
    ),
  )
    .option('--plan <plan>', 'what it does, as it stands in the request for approval')
    .option('--group <group>', 'all that one message asks for, in place of a secret and a plan')
    .option('--dry-run', 'say whether it could be approved and change nothing', false)
    .action(async (options) => {
      const { approve } = await import('../commands/approve.ts');
      ended(await approve(terminal, await wire(), options));
    });

  writes(targeted(command('reach', 'bring new keys to the consumers that wait for one', EXAMPLES.reach)))
    .option('--dry-run', 'say how each consumer stands and change nothing', false)
    .option('--again', 'try those once more that did not come up with the new key', false)
    .action(async (options) => {
      const { reach } = await import('../commands/reach.ts');
      ended(await reach(terminal, await wire(), options));
    });
}
