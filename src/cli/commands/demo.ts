import { ROTATE_AT_ONCE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { check, type CheckOrder } from '../../app/check/check.ts';
import type { Announcer, Clock } from '../../app/ports/ports.ts';
import { drive } from '../../app/rotation/drive.ts';
import { start } from '../../app/rotation/start.ts';
import type { Step } from '../../app/rotation/tick.ts';
import { NO_ALERTS } from '../../core/settings/alert-settings.ts';
import { DEFAULT_SECRET_POLICY, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { clip } from '../../core/values/clip.ts';
import { isRecord } from '../../core/values/json.ts';
import { reportOf } from '../../core/health/check-run.ts';
import { elapsedMs, instantOf, isoOf } from '../../core/values/time.ts';
import { alertPipeline } from './alert-pipeline.ts';
import { demoChannels } from './demo-channels.ts';
import { laidOut } from '../show/layout.ts';
import { idOf, showDiagnosis, showTable } from '../show/report.ts';
import { painter, type Terminal } from '../show/terminal.ts';

/** The product in a minute: check, alert, rotate, recover, all through the real code and Google’s real clients. */
export async function demo(terminal: Terminal): Promise<0> {
  const [{ startPretendCloud }, { alertReceivers }, { setUpShowcase, SHOWCASE_PROJECT }, { wireTo }] =
    await Promise.all([
      import('../../emulator/server/server.ts'),
      import('../../emulator/showcase/receivers.ts'),
      import('../../emulator/showcase/showcase.ts'),
      import('../../wire.ts'),
    ]);
  const receivers = alertReceivers();
  const pipeline = alertPipeline();
  const cloud = await startPretendCloud({ services: [receivers, pipeline.service] });
  const showcase = setUpShowcase(cloud);
  const alerts = { ...NO_ALERTS, ...pipeline.setUp(cloud, SHOWCASE_PROJECT, demoChannels) };
  const url = cloud.url;
  await using wired = wireTo({ write: () => undefined })({
    endpoints: { secretManager: url, gemini: url, apiKeys: url, monitoring: url, pubsub: url },
    alerts,
    projects: [SHOWCASE_PROJECT],
    consumerProjects: [],
    consumerScope: undefined,
    reachAccounts: [],
    locations: ['global'],
    concurrency: 1,
  });
  const clock: Clock = {
    now: () => instantOf(cloud.clock.now()),
    sleep: (milliseconds) => cloud.advance(milliseconds),
  };
  if (wired.routeEvent !== undefined) pipeline.open({ ...wired.routeEvent, clock }, alerts.channels);
  const paint = painter(terminal);
  const say = async (text: string): Promise<void> => {
    await terminal.pause?.(READ_MS);
    terminal.out(`${paint('cyan', '»')} ${paint('bold', laidOut(terminal, text, 2))}\n\n`);
    await terminal.pause?.(READ_MS);
  };
  const tell = (line: string) => terminal.out(`  ${paint('dim', isoOf(clock.now()).slice(11, 19))}  ${line}\n`);
  const secretPolicy: SecretPolicy = {
    ...DEFAULT_SECRET_POLICY,
    checks: { ...DEFAULT_SECRET_POLICY.checks, confirmSpacingSeconds: 0, goodRunsMin: 1 },
    mint: { keyServiceAccount: `search-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com` },
  };
  const order: CheckOrder = {
    scopes: [{ project: SHOWCASE_PROJECT, location: 'global' }],
    secretPolicy,
    deep: 'never',
    record: true,
    rotationsMax: 20,
    noticeDays: 0,
    runEveryMinutes: 10,
    concurrency: 8,
    budgetSeconds: 60,
  };
  const quiet = { ...wired.ports, clock, announcer: { announce: () => Promise.resolve() } };
  const room = (terminal.width ?? WIDE) - BEFORE;
  let heard = 0;
  const deliver = async (): Promise<void> => {
    for (let hop = 0; hop < HOPS; hop += 1) await cloud.pubsub.pump();
    for (const { receiver, body } of receivers.received()) {
      tell(`${paint('cyan', receiver.padEnd(13))}  ${inShort(body, room)}`);
      heard += 1;
    }
    receivers.clear();
  };
  const announcer: Announcer = {
    async announce(notice) {
      await wired.ports.announcer.announce(notice);
      await deliver();
    },
  };
  const ports = { ...wired.ports, clock, announcer };
  const ended = (): void => {
    if (heard === 0) tell('(nothing)');
    terminal.out('\n');
    heard = 0;
  };
  const later = () => cloud.advance(order.runEveryMinutes * 60_000);

  await say('Six secrets in a pretend Secret Manager. The scheduled check reads each key and asks Gemini.');
  const report = reportOf(await check(quiet, order));
  showTable(terminal, report);

  await say('For each that fails it says why, and which commands mend it. The one that somebody stored with echo:');
  for (const row of report.secrets.filter(({ secret }) => idOf(secret) === 'echoed-key')) showDiagnosis(terminal, row);

  await say('An attacker finds the key of search-app, and Google blocks it. The next check tells the channels, once:');
  showcase.turn('search-app', 'leaked');
  await later();
  await check(ports, order);
  ended();

  await say(
    'The check after that finds the same and wakes nobody: the episode is on record in the secret’s annotation.',
  );
  await later();
  await check(ports, order);
  ended();

  const secret = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
  await say(`Whoever was called types what the alert says:  ${lineFor(ROTATE_AT_ONCE, 'search-app')}`);
  const watch = (step: Step): void => {
    if (step.did === 'moved' && step.before.phase !== step.after.phase)
      tell(`${paint('green', step.by.padEnd(13))}  ${SAYS[step.after.phase]}`);
  };
  const turn = { secret, me: 'demo', secretPolicy };
  await start(ports, { ...turn, asked: { reason: 'leaked', candidate: 'minted', emergency: true } }, watch);
  for (let halt = await drive(ports, turn, watch); halt.did === 'wait'; halt = await drive(ports, turn, watch)) {
    tell(`${paint('yellow', 'wait'.padEnd(13))}  ${clip(halt.why.replace(/ \(.*$/s, ''), room)}`);
    await terminal.pause?.(READ_MS);
    await clock.sleep(elapsedMs(clock.now(), halt.until));
  }
  ended();

  await say('The next check sees the new key work and closes the episode, and with it PagerDuty’s incident:');
  await later();
  await check(ports, order);
  ended();

  await terminal.pause?.(READ_MS);
  terminal.out(NEXT);
  await cloud.close();
  return 0;
}

const NEXT = `Now you:

  npx key-warden explain "401 API key invalid"    what an error means
  npx key-warden emulator                         this cloud, to play with
  npx key-warden --help

`;

/** From the alert topic to `notify`, from the topic of deliveries to `notify`, and one to be sure. */
const HOPS = 3;
/** Time to read what a line says, where somebody does. */
const READ_MS = 500;
/** Columns of a line into a pipe, and of what stands in front of a message. */
const WIDE = 160;
const BEFORE = 27;

/** A received message in a line of so many columns. */
function inShort(body: Readonly<Record<string, unknown>>, columns: number): string {
  const { text, payload, event_action: action, dedup_key: incident } = body;
  if (typeof text === 'string') return clip(text, columns);
  const summary = isRecord(payload) ? [String(payload['summary'])] : [];
  const about = typeof action === 'string' ? [`${action.padEnd(7)}  incident ${String(incident)}`] : ['change '];
  return clip([...about, ...summary].join(': '), columns);
}

/** What each phase means to those who read the secret. */
const SAYS = {
  opened: 'on record: whoever crashes now, somebody else goes on',
  minted: 'a new key with the old one’s restrictions',
  written: 'proven, then added as version 2; nobody reads it yet',
  verified: 'read back by number and probed with one token',
  promoted: 'the alias current moved: consumers get the new key',
  drained: 'an emergency does not wait for the old key’s users',
  resting: 'version 1 disabled, its key deleted at the issuer',
  reverting: 'going back',
  abandoned: 'given up',
} as const;
