import { cloudEvent, http } from '@google-cloud/functions-framework';
import process from 'node:process';
import { readSettings } from './core/read-settings.ts';
import { scopesOf, type Settings } from './core/settings.ts';
import { callerCheck } from './edge/callers.ts';
import { structuredLog } from './edge/log.ts';
import { guard } from './functions/guard.ts';
import { healthCheck } from './functions/health-check.ts';
import { notifyFunction } from './functions/notify.ts';
import { wireTo } from './wire.ts';

/** The deployed entry points. Settings that cannot be used stop the start, so that a bad deployment gets no traffic. */
const log = structuredLog((line) => process.stdout.write(line));

/** Events come from Pub/Sub, whose caller Cloud Run's IAM verifies: functions of events see no header. */
const isForEvents = process.env['FUNCTION_TARGET'] === 'notify';
const reading = readSettings(process.env, { project: true, callers: !isForEvents, deliveries: isForEvents });
if ('settings' in reading) register(reading.settings);
else {
  log.write('CRITICAL', `the settings cannot be used: ${reading.problems.join('; ')}`, { problems: reading.problems });
  process.exit(4);
}

function register(settings: Settings): void {
  const { ports, passOn } = wireTo(log)(settings);
  const guarded = guard(log, process.env['GOOGLE_CLOUD_PROJECT'] ?? settings.projects[0] ?? '-');
  if (passOn !== undefined)
    cloudEvent('notify', guarded.event('notify', notifyFunction(passOn, settings.alerts.channels)));
  if (isForEvents) return;
  const { callers, endpoints, care, concurrency, budgetSeconds, runEveryMinutes } = settings;
  if (!callers.verify)
    log.write(
      'WARNING',
      'callers are not verified: whoever reaches this function may call it (KEY_WARDEN_VERIFY_CALLERS=off)',
    );
  const scopes = scopesOf(settings);
  const order = {
    scopes,
    care,
    concurrency,
    budgetSeconds,
    runEveryMinutes,
    deep: 'when_due',
    record: true,
  } as const;
  const mayCall = callerCheck(callers, endpoints.oidc);
  http('healthCheck', guarded.http('healthCheck', healthCheck(ports, order, mayCall)));
}
