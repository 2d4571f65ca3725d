import { Option } from 'commander';
import { PLACE_FORMS } from '../../core/consumers/key-place.ts';
import { ANNOTATION_FORMS } from '../show/annotation-form.ts';
import { EXAMPLES } from '../show/examples.ts';
import { SORTED_BY } from '../show/sorted-by.ts';
import { hushed, targeted, writes } from './kinds.ts';
import type { Stage } from './stage.ts';
import { repeated, seconds, pid } from './words.ts';

const FROM = `another place where a key is, to compare: ${Object.values(PLACE_FORMS).join('; ')}; repeated for more`;

/** How GitHub Actions is told. */
function annotations() {
  const says = 'also tell a build server, on standard error; github where GITHUB_ACTIONS says so';
  return new Option('--annotations <form>', says).choices(ANNOTATION_FORMS);
}

const JUNIT = 'also write a report that GitLab and Jenkins show, in JUnit’s XML';

/** What looks and changes nothing: how each key is, who reads it, where it lies. */
export function addLooking({ command, terminal, wire, ended }: Stage): void {
  writes(targeted(command('check', 'probe the current keys and say what is wrong with each', EXAMPLES.check)), {
    quiet: 'list only what is wrong, and on standard error only warnings',
    verbose: 'tell of each secret by itself, with its own commands, and what the worker would log',
  })
    .option('--deep', 'spend one token per key, of up to three models: sees billing, quota and project bans', false)
    .option('--from <place>', FROM, repeated)
    .option('--record', 'remember and announce what is found, as the scheduled check does', false)
    .addOption(annotations())
    .option('--junit <file>', JUNIT)
    .action(async (options) => {
      const { check } = await import('../commands/check.ts');
      ended(await check(terminal, await wire(), options));
    });

  hushed(
    targeted(
      command('status', 'show what is on record about each secret; makes no request to Gemini', EXAMPLES.status),
    ),
  )
    .option('-v, --verbose', 'tell of every rotation that is under way, however many there are', false)
    .option('--failing', 'only what is not well', false)
    .option('--due [within]', 'only keys whose rotation is due within this time, such as 12h; 14d when left out')
    .addOption(new Option('--sort <by>', 'order of the list').choices(SORTED_BY).default('worst'))
    .option('--watch [seconds]', 'look again and again, until Ctrl-C; every 30 s when left out', seconds)
    .option('--csv', 'print a table for spreadsheets', false)
    .option('--html <file>', 'write a page that any browser shows, without scripts; - for standard output')
    .option('--consumers', 'look up who reads each secret on Cloud Run and Cloud Functions', false)
    .option('--holders', 'read what every managed secret serves, and say who shares a key with whom', false)
    .option(
      '--log-project <id>',
      'project in whose log the worker’s checks are; those looked in when left out',
      repeated,
    )
    .action(async (options) => {
      const { status } = await import('../commands/status.ts');
      ended(await status(terminal, await wire(), { ...options, watch: options.watch === true ? 30 : options.watch }));
    });

  hushed(
    targeted(
      command('history', 'show who rotated what, when and why, and what became of the old key', EXAMPLES.history),
    ),
  )
    .option('--since <when>', 'only since then: 30d, 12h, or a moment such as 2026-01-31')
    .option('--csv', 'print a table for spreadsheets', false)
    .action(async (options) => {
      const { history } = await import('../commands/history.ts');
      ended(await history(terminal, await wire(), options));
    });

  hushed(
    targeted(
      command(
        'report',
        'write what auditors ask: each key, its rotations, proofs of death, exceptions',
        EXAMPLES.report,
      ),
    ),
  )
    .option(
      '--from <when>',
      'beginning of the time: a day such as 2026-01-31, a moment, or a stretch back from now',
      '90d',
    )
    .option('--to <when>', 'its end, in the same forms; now when left out')
    .option('--csv', 'print a table for spreadsheets', false)
    .option(
      '--log-project <id>',
      'project in whose log the worker’s lines are; those looked in when left out',
      repeated,
    )
    .option(
      '--log-view <name>',
      'view of a log bucket that keeps them for longer, as the module’s output evidence_log_view',
      repeated,
    )
    .action(async (options) => {
      const { report } = await import('../commands/report.ts');
      ended(await report(terminal, await wire(), options));
    });

  targeted(
    command('consumers', 'show who reads a secret, and when each of them sees a new version', EXAMPLES.consumers),
    'the secret that they read; of the first project, where it is named by its id alone',
  )
    .option(
      '--organization <number>',
      'look through all of its projects that Cloud Asset Inventory knows a consumer in',
    )
    .option('--folder <number>', 'the same of a folder')
    .action(async (options) => {
      const { consumers } = await import('../commands/consumers.ts');
      ended(await consumers(terminal, await wire(), options));
    });

  hushed(
    targeted(
      command('find', 'say which secrets hold a key that you were handed, in any version', EXAMPLES.find),
      'secret to look through; all of the projects, managed or not, when left out',
    ),
  )
    .option('--from-stdin', 'take the keys from standard input, one a line', false)
    .action(async (options) => {
      const { find } = await import('../commands/find.ts');
      ended(await find(terminal, await wire(), options));
    });

  hushed(
    targeted(
      command('doctor', 'find out why a key works here and fails there', EXAMPLES.doctor),
      'secret to compare with what this machine holds; none when left out',
    ),
  )
    .option('--region <region>', 'where the worker is deployed: looks at its Scheduler jobs')
    .option(
      '--deployment [name]',
      'with --project and --region: looks for everything that the Terraform module makes under this name (key-warden)',
    )
    .option('--scheduler-region <region>', 'where its Scheduler jobs are, if not in --region')
    .option('--service-account <email>', 'account that auth keys are bound to: looks whether keys can be made for it')
    .option('--from <place>', FROM, repeated)
    .option('--file <path>', 'file a key is mounted as', repeated)
    // not --env-file: Node itself looks at that one, wherever it stands
    .option('--dotenv <path>', 'the .env file to look into', '.env')
    .option(
      '--pid <number>',
      'the app, if it runs on this machine: what was it started with, and before its files changed?',
      pid,
    )
    .option(
      '--compare-with <word>',
      'with --json: a word of your choice, the same on two hosts, to tell their keys apart',
    )
    .option('--compare <file...>', 'two files with what that printed on two hosts: do they use the same key?')
    .addOption(annotations())
    .option('--junit <file>', JUNIT)
    .action(async (options) => {
      const { doctor } = await import('../commands/doctor.ts');
      ended(await doctor(terminal, await wire(), options));
    });
}
