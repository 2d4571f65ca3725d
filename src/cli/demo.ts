import { logAnnouncer } from '../app/announce.ts';
import { check, type CheckOrder } from '../app/fleet.ts';
import { NO_ALERTS } from '../core/alert-settings.ts';
import { DEFAULT_CARE } from '../core/care.ts';
import { reportOf } from '../core/report.ts';
import { showReport } from './show-report.ts';
import { painter, type Terminal } from './terminal.ts';

/** The product in a minute: real checks through the real Google clients, against a pretend cloud in this process. */
export async function demo(terminal: Terminal): Promise<0> {
  const [{ startPretendCloud }, { setUpShowcase, SHOWCASE_PROJECT }, { wireTo }] = await Promise.all([
    import('../emulator/server.ts'),
    import('../emulator/showcase.ts'),
    import('../wire.ts'),
  ]);
  const paint = painter(terminal);
  const say = (text: string) => terminal.out(`${paint('cyan', '»')} ${paint('bold', text)}\n\n`);
  const cloud = await startPretendCloud();
  const showcase = setUpShowcase(cloud);
  const announcer = logAnnouncer({
    write: (severity, message) =>
      terminal.out(`  ${paint(severity === 'NOTICE' ? 'green' : 'red', severity.padEnd(8))}  ${message}\n`),
  });
  await using wired = wireTo({ write: () => undefined })({
    endpoints: { secretManager: cloud.url, gemini: cloud.url },
    alerts: NO_ALERTS,
    projects: [SHOWCASE_PROJECT],
  });
  const order: CheckOrder = {
    scopes: [{ project: SHOWCASE_PROJECT, location: 'global' }],
    care: { ...DEFAULT_CARE, checks: { ...DEFAULT_CARE.checks, confirmSpacingSeconds: 0, goodRunsMin: 1 } },
    deep: 'never',
    record: true,
    runEveryMinutes: 10,
    concurrency: 8,
    budgetSeconds: 60,
  };
  const announce = { ...wired.ports, announcer };
  const silent = { ...wired.ports, announcer: { announce: () => Promise.resolve() } };

  say('Six secrets in a pretend Secret Manager. The scheduled check reads each key and asks Gemini.');
  showReport(terminal, reportOf(await check(silent, order)));

  say('An attacker finds the key of search-app, and Google blocks it. The next check announces it, once:');
  showcase.turn('search-app', 'leaked');
  await check(announce, order);

  say('The check after that finds the same and wakes nobody: the episode is on record in the secret’s annotation.');
  await check(announce, order);
  terminal.out('  (nothing announced)\n\n');

  say('Somebody replaces the key. The next check closes the episode:');
  showcase.turn('search-app', 'works');
  await check(announce, order);
  terminal.out('\n');

  say('What an error means, without a cloud:  key-warden explain "Unauthenticated: 401 API key invalid"');
  say('The same cloud to play with:           key-warden emulator');
  await cloud.close();
  return 0;
}
