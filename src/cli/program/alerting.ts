import { EXAMPLES } from '../show/examples.ts';
import { rotation, writes } from './kinds.ts';
import { exampleText, type Stage } from './stage.ts';
import { repeated } from './words.ts';

/** Who is told, and who is not. */
export function addAlerting({ command, program, terminal, wire, ended }: Stage): void {
  writes(
    rotation(
      command(
        'silence',
        'keep channels quiet about a secret, outages or a cause, or show what is silenced',
        EXAMPLES.silence,
      ),
    ),
  )
    .option('--outages', 'about what many keys show alike; with --project, that project’s', false)
    .option('--cause <cause>', 'about all that has this cause, as docs/causes.md names it')
    .option('--everything', 'about everything in one --project, but for leaks', false)
    .option(
      '--until <when>',
      'its end: 30m, 4h, 2d, or a moment such as 2026-01-31T12:00:00Z; 30 days at most, 7 for more than one secret',
    )
    .option('--reason <text>', 'why')
    .option('--owner <who>', 'who wants it; $USER when left out')
    .option('--end', 'end it now', false)
    .option('--dry-run', 'say what would be changed and change nothing', false)
    .addHelpText(
      'after',
      '\nWithout --until, --reason, --owner and --end it shows what is silenced.\nRecoveries, the first word of a rotation that waits, and the heartbeat are\nnever silenced; leaks secret by secret only. Outages, causes and projects\ntake a place of their own (KEY_WARDEN_SILENCES).',
    )
    .action(async (options) => {
      const { silence } = await import('../commands/silence.ts');
      ended(await silence(terminal, await wire(), options));
    });

  const alert = program.command('alert').description('try the alert pipeline');
  writes(
    alert
      .command('test')
      .description('send a marked test to every channel, and through the topic')
      .addHelpText('before', exampleText(EXAMPLES.alert))
      .showHelpAfterError('(see key-warden alert test --help)'),
  )
    .option('--channel <name>', 'only this channel')
    .option('--project <id>', 'project that the test names; KEY_WARDEN_PROJECTS when left out', repeated)
    .option('--json', 'print one JSON object', false)
    .action(async (options) => {
      const { alertTest } = await import('../commands/alert-test.ts');
      ended(await alertTest(terminal, await wire(), options));
    });
}
