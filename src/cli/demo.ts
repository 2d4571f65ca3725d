import { check, type CheckOrder } from '../app/fleet.ts';
import { notify } from '../app/notify.ts';
import type { Announcer } from '../app/ports.ts';
import { drive, start, type RotatePorts } from '../app/rotate.ts';
import type { Step } from '../app/tick.ts';
import { NO_ALERTS } from '../core/alert-settings.ts';
import { DEFAULT_CARE, type Care } from '../core/care.ts';
import type { Channel } from '../core/channels/channel.ts';
import { eventOf } from '../core/event.ts';
import { isRecord } from '../core/json.ts';
import { reportOf } from '../core/report.ts';
import type { Receivers } from '../emulator/receivers.ts';
import type { PretendCloud } from '../emulator/server.ts';
import type { Wired } from '../wire.ts';
import { showReport } from './show-report.ts';
import { painter, type Terminal } from './terminal.ts';

/** The product in a minute: check, alert, rotate, recover, all through the real code and Google’s real clients. */
export async function demo(terminal: Terminal): Promise<0> {
  const [{ startPretendCloud }, { alertReceivers }, { setUpShowcase, SHOWCASE_PROJECT }, { wireTo }] =
    await Promise.all([
      import('../emulator/server.ts'),
      import('../emulator/receivers.ts'),
      import('../emulator/showcase.ts'),
      import('../wire.ts'),
    ]);
  const paint = painter(terminal);
  const say = (text: string) => terminal.out(`${paint('cyan', '»')} ${paint('bold', text)}\n\n`);
  const receivers = alertReceivers();
  const cloud = await startPretendCloud({ services: [receivers], propagation: { newKeyMs: 0 } });
  const showcase = setUpShowcase(cloud);
  const channels = setUpChannels(cloud, SHOWCASE_PROJECT);
  const [secretManager, gemini, apiKeys, monitoring] = [cloud.url, cloud.url, cloud.url, cloud.url];
  await using wired = wireTo({ write: () => undefined })({
    endpoints: { secretManager, gemini, apiKeys, monitoring },
    alerts: { ...NO_ALERTS, internalTargets: [cloud.url] },
    projects: [SHOWCASE_PROJECT],
  });
  const care: Care = {
    ...DEFAULT_CARE,
    checks: { ...DEFAULT_CARE.checks, confirmSpacingSeconds: 0, goodRunsMin: 1 },
    mint: { keyServiceAccount: `search-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com` },
  };
  const order: CheckOrder = {
    scopes: [{ project: SHOWCASE_PROJECT, location: 'global' }],
    care,
    deep: 'never',
    record: true,
    runEveryMinutes: 10,
    concurrency: 8,
    budgetSeconds: 60,
  };
  const silent = { ...wired.ports, announcer: { announce: () => Promise.resolve() } };
  const alerting = { ...wired.ports, announcer: delivering(wired, channels) };
  const arrived = (): void => showArrivals(terminal, receivers);

  say('Six secrets in a pretend Secret Manager. The scheduled check reads each key and asks Gemini.');
  showReport(terminal, reportOf(await check(silent, order)));

  say('An attacker finds the key of search-app, and Google blocks it. The next check tells the channels, once:');
  showcase.turn('search-app', 'leaked');
  await check(alerting, order);
  arrived();

  say('The check after that finds the same and wakes nobody: the episode is on record in the secret’s annotation.');
  await check(alerting, order);
  arrived();

  const secret = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
  say('Whoever was called types what the alert says:  key-warden rotate --secret search-app --emergency');
  await rotateNow(terminal, { ...alerting, prober: wired.ports.prober }, secret, care);
  arrived();

  say('The next check sees the new key work and closes the episode, and with it PagerDuty’s incident:');
  await check(alerting, order);
  arrived();

  say('What an error means, without a cloud:  key-warden explain "Unauthenticated: 401 API key invalid"');
  say('What a rotation would do, call by call: key-warden rotate --dry-run --secret SECRET');
  say('The same cloud to play with:           key-warden emulator');
  await cloud.close();
  return 0;
}

/** Two channels whose credentials are secrets themselves, as in a real deployment. */
function setUpChannels(cloud: PretendCloud, project: string): readonly Channel[] {
  const credentials = { 'slack-webhook': `${cloud.url}/_receivers/slack/ops`, 'pagerduty-routing-key': 'R'.repeat(32) };
  for (const [secretId, payload] of Object.entries(credentials))
    cloud.secrets.seed({ project, secretId, payloads: [payload] });
  return [
    { name: 'slack', kind: 'slack', credential: `projects/${project}/secrets/slack-webhook`, severityMin: 'info' },
    {
      name: 'pagerduty',
      kind: 'pagerduty',
      credential: `projects/${project}/secrets/pagerduty-routing-key`,
      url: `${cloud.url}/_receivers/pagerduty`,
      severityMin: 'error',
    },
  ];
}

/** Announces straight to the channels; a deployment puts a topic in between, so that a broken channel is retried. */
function delivering({ notify: ports, origin, ports: { clock } }: Wired, channels: readonly Channel[]): Announcer {
  return {
    async announce(notice) {
      await notify(ports, eventOf(notice, { ...origin, now: clock.now() }), channels);
    },
  };
}

/** What came to the receivers since the last time, in short. */
function showArrivals(terminal: Terminal, receivers: Receivers): void {
  const paint = painter(terminal);
  const all = receivers.received();
  if (all.length === 0) terminal.out('  (nothing)\n');
  for (const { receiver, body } of all) {
    const { text, payload, event_action: action, dedup_key: incident } = body;
    const summary = isRecord(payload) ? payload['summary'] : undefined;
    const says = [text, summary, incident].find((one) => typeof one === 'string') ?? '';
    const kind = typeof action === 'string' ? action : receiver === 'pagerduty' ? 'change' : 'message';
    const line = says.replaceAll(/\s+/g, ' ').slice(0, TEXT_MAX);
    terminal.out(`  ${paint('cyan', receiver.padEnd(9))}  ${kind.padEnd(7)}  ${line}\n`);
  }
  terminal.out('\n');
  receivers.clear();
}

const TEXT_MAX = 160;

async function rotateNow(terminal: Terminal, ports: RotatePorts, secret: string, care: Care): Promise<void> {
  const paint = painter(terminal);
  const watch = (step: Step): void => {
    if (step.did === 'moved') terminal.out(`  ${paint('green', step.by.padEnd(14))}  ${SAYS[step.after.phase]}\n`);
  };
  const order = { secret, me: 'demo', care };
  const asked = { reason: 'leaked', candidate: 'minted', emergency: true } as const;
  await start(ports, { ...order, asked }, watch);
  await drive(ports, order, watch);
  terminal.out('\n');
}

/** What each phase means to those who read the secret. */
const SAYS = {
  opened: 'on record: whoever crashes now, somebody else goes on',
  minted: 'a new key with the old one’s restrictions',
  written: 'proven in memory, then added as version 2; nobody reads it yet',
  verified: 'read back by number and probed with one token',
  promoted: 'the alias current moved: consumers get the new key',
  drained: 'an emergency waits for nobody who still uses the old key',
  resting: 'version 1 disabled, its key deleted at the issuer',
  reverting: 'going back',
  abandoned: 'given up',
} as const;
