import { Argument, Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { Fault, isBarred } from '../app/ports/fault.ts';
import { WAYS_OF_SENDING } from '../core/classify/answer.ts';
import { KEY_KINDS } from '../core/key/key-text.ts';
import { redact } from '../core/key/redact.ts';
import type { Wire } from '../wire.ts';
import { ANNOTATION_FORMS } from './show/annotation-form.ts';
import { SORTED_BY } from './show/sorted-by.ts';
import { detailOf } from './show/detail.ts';
import { EXAMPLES } from './show/examples.ts';
import { Stop, type Terminal } from './show/terminal.ts';
import { versionOf } from './version.ts';

/** Made when a command needs the cloud: the help, `explain` and the version load none of Google's libraries. */
export type LazyWire = () => Promise<Wire>;

/** 0 to 5; of a command that runs another one, whatever that ended with. */
type Code = number;

/** Runs one command line and returns its exit code. Nothing but a bug of ours rejects. */
export async function main(words: readonly string[], given: Terminal, wire: LazyWire): Promise<Code> {
  const isJson = isGiven(words, '--json');
  const plain = hushedFor(words, redacting(given), isJson);
  const done: { code: Code } = { code: 0 };
  try {
    const isHelp = isGiven(words, '--help') || isGiven(words, '-h');
    const terminal = UNAIMED.has(words[0]) || isHelp ? plain : (await import('./show/aim.ts')).aimed(plain);
    const program = programOf(terminal, wire, (code) => (done.code = code), isJson);
    await program.parseAsync([...words], { from: 'user' });
    return done.code;
  } catch (trouble) {
    if (trouble instanceof CommanderError && trouble.exitCode === 0) return 0;
    const stop = stopOf(trouble);
    if (isJson) plain.out(`${JSON.stringify((await import('./show/refusal.ts')).refusalJson(stop), null, 2)}\n`);
    else if (!(trouble instanceof CommanderError)) plain.err(`key-warden: ${stop.message}\n`); // commander has said it
    return stop.code;
  } finally {
    given.progress?.(undefined);
  }
}

/** How far the work is, is told to nobody who wants quiet, nor beside JSON. */
function hushedFor(words: readonly string[], { progress, ...terminal }: Terminal, isJson: boolean): Terminal {
  const detail = detailOf(words);
  return { ...terminal, detail, ...(progress === undefined || isJson || detail === 'quiet' ? {} : { progress }) };
}

/** Whether an option stands among the words; told before they are parsed, for what cannot be parsed is answered in its form too. */
function isGiven(words: readonly string[], option: string): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? undefined : end).includes(option);
}

/** What a command came to, however it ended; a bug of ours goes on. */
function stopOf(trouble: unknown): Stop {
  if (trouble instanceof Stop) return trouble;
  if (trouble instanceof CommanderError) return new Stop(2, trouble.message.replace(/^error: /, ''));
  if (trouble instanceof Fault) return new Stop(isBarred(trouble) ? 4 : 3, trouble.message);
  throw trouble;
}

/** What is about no cloud, and what shows the configuration itself, needs none that can be used. */
const UNAIMED: ReadonlySet<string | undefined> = new Set([
  undefined,
  '--help',
  '-h',
  '--version',
  '-V',
  'help',
  'version',
  'explain',
  'runbook',
  'emulator',
  'demo',
  'config',
]);

/** Whatever is printed, also commander's own word about a line that it does not understand, is without a key (I9). */
function redacting(terminal: Terminal): Terminal {
  return { ...terminal, out: (text) => terminal.out(redact(text)), err: (text) => terminal.err(redact(text)) };
}

/** The commands and options, so that the papers can be tested against them; `ended` gets the exit code of what ran. */
export function programOf(terminal: Terminal, wire: LazyWire, ended: (code: Code) => void, isJson: boolean): Command {
  const program = new Command('key-warden')
    .description(
      'Keeps the Gemini API keys in Google Secret Manager alive: checks them, says why one fails, and replaces them.',
    )
    .version(versionOf())
    .configureHelp({ optionDescription: withoutFalse })
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: isJson ? () => undefined : terminal.err })
    .showHelpAfterError('(see key-warden --help)')
    .addHelpText('after', EPILOGUE);
  const command = (name: string, says: string, examples: readonly string[]) =>
    program
      .command(name)
      .description(says)
      .addHelpText('before', exampleText(examples))
      .showHelpAfterError(`(see key-warden ${name} --help)`);

  writes(targeted(command('check', 'probe the current keys and say what is wrong with each', EXAMPLES.check)), {
    quiet: 'list only what is wrong, and on standard error only warnings',
    verbose: 'tell of each secret by itself, with its own commands, and what the worker would log',
  })
    .option('--deep', 'spend one token per key, of up to three models: sees billing, quota and project bans', false)
    .option('--record', 'remember and announce what is found, as the scheduled check does', false)
    .addOption(
      new Option(
        '--annotations <form>',
        'also tell a build server, on standard error; github where GITHUB_ACTIONS says so',
      ).choices(ANNOTATION_FORMS),
    )
    .action(async (options) => {
      const { check } = await import('./commands/check.ts');
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
      const { status } = await import('./commands/status.ts');
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
      const { history } = await import('./commands/history.ts');
      ended(await history(terminal, await wire(), options));
    });

  targeted(
    command('consumers', 'show who reads a secret, and when each of them sees a new version', EXAMPLES.consumers),
    'the secret that they read; of the first project, where it is named by its id alone',
  ).action(async (options) => {
    const { consumers } = await import('./commands/consumers.ts');
    ended(await consumers(terminal, await wire(), options));
  });

  command('explain', 'say what an answer from the Gemini API means and what to do', EXAMPLES.explain)
    .addArgument(new Argument('[text...]', 'the error text or body; read from standard input when left out'))
    .option('--status <code>', 'HTTP status of the answer; looked for in the text when left out', statusCode)
    .addOption(new Option('--key-kind <kind>', 'type of the key').choices(KEY_KINDS).default('unknown'))
    .addOption(new Option('--sent-as <way>', 'how the key was sent').choices(WAYS_OF_SENDING).default('unknown'))
    .option('--secret <name>', 'secret it is about, to be put into the commands')
    .option('--project <id>', 'its project, to be put into the commands')
    .option('--json', 'print one JSON object', false)
    .action(async (words, options) => {
      const { explain } = await import('./commands/explain.ts');
      ended(await explain(terminal, words, options));
    });

  command('runbook', 'print a section of the runbook of this release; needs no network', EXAMPLES.runbook)
    .addArgument(
      new Argument('[section...]', 'a cause, the title of an alarm, or its address; where to start when left out'),
    )
    .option('--json', 'print one JSON object', false)
    .action(async (words, options) => {
      const { runbook } = await import('./commands/runbook.ts');
      ended(runbook(terminal, words, options));
    });

  hushed(
    targeted(
      command('find', 'say which secrets hold a key that you were handed, in any version', EXAMPLES.find),
      'secret to look through; all of the projects, managed or not, when left out',
    ),
  )
    .option('--from-stdin', 'take the keys from standard input, one a line', false)
    .action(async (options) => {
      const { find } = await import('./commands/find.ts');
      ended(await find(terminal, await wire(), options));
    });

  named(
    consumer(command('get', 'print the key of a secret, for a helper that asks a command for one', EXAMPLES.get)),
    '[secret]',
  )
    .option('--show', 'print it on a screen too', false)
    .action(async (options) => {
      const { get } = await import('./commands/get.ts');
      ended(await get(terminal, await wire(), options));
    });

  consumer(command('exec', 'run a command with the key of a secret, and keep the key current', EXAMPLES.exec))
    .usage('[options] -- COMMAND [words...]')
    .addArgument(new Argument('<command...>', 'the command and its words, behind --'))
    .option('--env <name>', 'variable that the command finds the key in', variable, 'GEMINI_API_KEY')
    .option('--file <path>', 'put the key into this file; the variable, with _FILE behind its name, says where it is')
    .option('--signal <name>', 'sent when the file has another key, such as SIGHUP', signal)
    .option('--every <seconds>', 'about how often to look for another key', seconds, 300)
    .option('--grace <seconds>', 'how long a command has for its end before it is started anew', seconds, 30)
    .action(async (words, options) => {
      const { exec } = await import('./commands/exec.ts');
      ended(await exec(terminal, await wire(), words, options));
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
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.ts');
      ended(await doctor(terminal, await wire(), options));
    });

  writes(
    targeted(command('init', 'put secrets under care: label them and set the alias current', EXAMPLES.init), NAMED),
    { quiet: 'list only what needs a look, and on standard error only warnings' },
  )
    .option('--filter <expression>', 'secrets that Secret Manager lists under this filter, such as labels.team=search')
    .option('--from-file <path>', 'secrets named in a file, one a line; - is standard input')
    .option('--dry-run', 'say what would be changed and change nothing', false)
    .option('--key-field <field>', 'field of the stored value that holds the key, where several do')
    .action(async (options) => {
      const { init } = await import('./commands/init.ts');
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
      const { forget } = await import('./commands/forget.ts');
      ended(await forget(terminal, await wire(), options));
    });

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
      const { rotate } = await import('./commands/rotate.ts');
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
      const { rollback } = await import('./commands/rollback.ts');
      ended(await rollback(terminal, await wire(), options));
    });

  writes(rotation(command('resume', 'let a held rotation go on', EXAMPLES.resume)))
    .option(
      '--cut-off-users',
      'end a drain although the old key is still used: whoever uses it fails from then on',
      false,
    )
    .action(async (options) => {
      const { wish } = await import('./commands/wish.ts');
      ended(await wish(terminal, await wire(), options.cutOffUsers ? 'cut-off-users' : 'resume', options));
    });

  writes(rotation(command('abort', 'give up a rotation before its new key is current', EXAMPLES.abort))).action(
    async (options) => {
      const { wish } = await import('./commands/wish.ts');
      ended(await wish(terminal, await wire(), 'abort', options));
    },
  );

  targeted(
    command('reach', 'bring new keys to the consumers that wait for one, with rights of your own', EXAMPLES.reach),
  )
    .option('--dry-run', 'say how each consumer stands and change nothing', false)
    .option('--again', 'try those once more that did not come up with the new key', false)
    .action(async (options) => {
      const { reach } = await import('./commands/reach.ts');
      ended(await reach(terminal, await wire(), options));
    });

  writes(
    targeted(
      command('purge', 'delete old keys at the issuer, prove them dead, destroy their versions', EXAMPLES.purge),
    ),
  )
    .option('--dry-run', 'say what would go and do nothing', false)
    .action(async (options) => {
      const { purge } = await import('./commands/purge.ts');
      ended(await purge(terminal, await wire(), options));
    });

  writes(rotation(command('revoke', 'delete a leaked key at its issuer now, whoever reads it', EXAMPLES.revoke)))
    .option('--confirm <uid>', 'the uid of the key that must die; without it only says which keys there are')
    .action(async (options) => {
      const { revoke } = await import('./commands/revoke.ts');
      ended(await revoke(terminal, await wire(), options));
    });

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
      const { silence } = await import('./commands/silence.ts');
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
      const { alertTest } = await import('./commands/alert-test.ts');
      ended(await alertTest(terminal, await wire(), options));
    });

  const config = program.command('config').description('the settings of this command line, and of the deployment');
  config
    .command('pull')
    .description('read the settings of a deployment from its functions into one file')
    .addHelpText('before', exampleText(EXAMPLES.configPull))
    .showHelpAfterError('(see key-warden config pull --help)')
    .option('--project <id>', 'the worker’s own project', repeated)
    .option('--region <region>', 'where its functions are')
    .option('--deployment <name>', 'the module’s `name`; key-warden when left out')
    .option('--dry-run', 'print the file and write nothing', false)
    .option('--json', 'print one JSON object', false)
    .option('-q, --quiet', QUIET, false)
    .action(async (options) => {
      const { configPull } = await import('./commands/config.ts');
      ended(await configPull(terminal, await wire(), options));
    });
  config
    .command('show')
    .description('say each setting and where it comes from; no call is made')
    .addHelpText('before', exampleText(EXAMPLES.configShow))
    .showHelpAfterError('(see key-warden config show --help)')
    .option('--json', 'print one JSON object', false)
    .action(async (options) => {
      const { configShow } = await import('./commands/config.ts');
      ended(configShow(terminal, options));
    });

  command('emulator', 'serve a pretend Google Cloud on this machine', EXAMPLES.emulator)
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', port, 8085)
    .option('--grpc-port <port>', 'also serve gRPC on this port; 0 takes a free one', port)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--empty', 'start without the demo’s secrets', false)
    .option('--seed <file>', 'start from a file that GET /_emulator/seed gave, or one like it')
    .option('--project <id>', 'project that is there besides demo-project', repeated)
    .option('--json', 'print one JSON object with its address', false)
    .action(async (options) => {
      const { emulator } = await import('./commands/emulator.ts');
      ended(await emulator(terminal, options));
    });

  command('drill', 'play bad days through in the pretend cloud, with your own settings', EXAMPLES.drill)
    .addArgument(new Argument('[name...]', 'leak, crash, issuer-down, rollback or pinned; all of them when left out'))
    .option('--secret <id>', 'what the secret is called, for channels that take some only', 'app-key')
    .option('--label <name=value>', 'label of that secret, for the same reason', repeated)
    .option('--json', 'print one JSON object', false)
    .action(async (names, options) => {
      const { drill } = await import('./commands/drill.ts');
      ended(await drill(terminal, names, options));
    });

  command('demo', 'show the whole thing in the pretend cloud; needs no account', EXAMPLES.demo).action(async () => {
    const { demo } = await import('./commands/demo.ts');
    ended(await demo(terminal));
  });

  command('completion', 'print what makes a shell complete commands and options', EXAMPLES.completion)
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action(async (shell) => {
      const { completion } = await import('./commands/completion.ts');
      ended(completion(terminal, program, shell));
    });

  program.command('version', { hidden: true }).action(() => terminal.out(`${versionOf()}\n`));
  return program;
}

const NAMED = 'secret, as id or as projects/PROJECT/secrets/ID; repeated for more';
const SHELLS = ['bash', 'zsh', 'fish'] as const;

const ALL_MANAGED = `${NAMED}, all managed ones when left out`;

function targeted(command: Command, secrets = ALL_MANAGED): Command {
  return named(command, '[secret...]')
    .option('--secret <name>', secrets, repeated)
    .option(
      '--project <id>',
      'project to look in, repeated for more; KEY_WARDEN_PROJECTS or GOOGLE_CLOUD_PROJECT when left out',
      repeated,
    )
    .option('--location <region>', 'region to look in, for regional secrets, repeated for more', repeated)
    .option('--json', 'print one JSON object', false);
}

/** Secrets may stand without `--secret`: `key-warden check app-key`. A key in their place would end in an address (I9). */
function named(command: Command, names: string): Command {
  return command
    .usage(`${names} [options]`)
    .allowExcessArguments()
    .hook('preAction', (self) => {
      const { secret = [] }: { secret?: readonly string[] } = self.opts();
      const given = [...secret, ...self.args];
      if (given.some((name) => redact(name) !== name))
        throw new Stop(2, 'a key was given where the name of a secret belongs, and it went nowhere; find takes keys');
      if (given.length > 0) self.setOptionValue('secret', given);
    });
}

/** What reads one secret as its consumer does. */
function consumer(command: Command): Command {
  return command
    .option('--secret <name>', 'the secret, as id or as projects/PROJECT/secrets/ID', repeated)
    .option('--project <id>', 'its project; KEY_WARDEN_PROJECTS or GOOGLE_CLOUD_PROJECT when left out', repeated)
    .option('--location <region>', 'its region, for a regional secret', repeated)
    .option('--at <version>', 'an alias, latest, or a number', 'current')
    .option(
      '--field <name>',
      'where the key stands in a document that holds several: a JSON pointer, or a variable; a value that is the key alone is taken as it is',
    );
}

function rotation(command: Command): Command {
  return named(command, '[secret]')
    .option('--secret <name>', 'the secret, as id or as projects/PROJECT/secrets/ID', repeated)
    .option('--project <id>', 'its project; KEY_WARDEN_PROJECTS or GOOGLE_CLOUD_PROJECT when left out', repeated)
    .option('--location <region>', 'its region, for a regional secret', repeated)
    .option('--json', 'print one JSON object', false);
}

/** What it writes, the deployed worker does where one is known. */
function writes(command: Command, says: Partial<Record<'quiet' | 'verbose', string>> = {}): Command {
  const { quiet = QUIET, verbose = 'tell also what the worker would log' } = says;
  return hushed(command, quiet).option('-v, --verbose', verbose, false).option('--local', LOCAL, false);
}

function hushed(command: Command, says = QUIET): Command {
  return command.option('-q, --quiet', says, false);
}

const QUIET = 'on standard error only warnings and what went wrong';

const LOCAL = 'by hand, with your own grants, although a deployment is known (KEY_WARDEN_FUNCTIONS)';

/**
 * Keeps every value of an option that may be given again. None takes the words after its own: they are names of secrets. Where
 * one value is wanted, a second one is refused then and not taken for the first.
 */
function repeated(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** That a switch is off unless it is given goes without saying. */
function withoutFalse(option: Option): string {
  return option.defaultValue === false ? option.description : new Help().optionDescription(option);
}

function exampleText(examples: readonly string[]): string {
  return `Examples:\n${examples.map((example) => `  ${example}\n`).join('')}`;
}

function statusCode(text: string): number {
  const code = Number(text);
  if (/^[1-5]\d\d$/.test(text)) return code;
  throw new InvalidArgumentError('an HTTP status is a number from 100 to 599.');
}

function seconds(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 5) return number;
  throw new InvalidArgumentError('a number of seconds from 5 up.');
}

function pid(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a process is named by its number.');
}

function variable(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
  throw new InvalidArgumentError('a variable is named by letters, digits and _.');
}

function signal(text: string): NodeJS.Signals {
  const name = SIGNALS.find((one) => one === text || one === `SIG${text}`);
  if (name !== undefined) return name;
  throw new InvalidArgumentError(`one of ${SIGNALS.join(', ')}.`);
}

/** Those by which programs are told to look anew. */
const SIGNALS = [
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGTERM',
  'SIGINT',
  'SIGWINCH',
] as const satisfies readonly NodeJS.Signals[];

function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}

const EPILOGUE = `
Exit codes: 0 fine · 1 a key is dead or blocked, or not found
            2 usage · 3 could not tell · 4 permission or configuration
            5 a rotation or leak needs a person
Data goes to standard output, everything else to standard error.
NO_COLOR is respected.`;
