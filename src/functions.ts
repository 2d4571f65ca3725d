import { cloudEvent, http } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { readSettings } from './core/read-settings.ts';
import { scopesOf, type Settings } from './core/settings.ts';
import { callerCheck } from './edge/callers.ts';
import { structuredLog } from './edge/log.ts';
import { healthCheck } from './functions/health-check.ts';
import { onSecretEvent } from './functions/on-secret-event.ts';
import { purgeFunction } from './functions/purge.ts';
import { reconcileFunction } from './functions/reconcile.ts';
import { rotateFunction } from './functions/rotate.ts';
import { wireTo } from './wire.ts';

/** The deployed entry points. Settings that cannot be used stop the start, so that a bad deployment gets no traffic. */
const log = structuredLog((line) => process.stdout.write(line));

/** Events come through Pub/Sub, whose push Cloud Run's IAM lets in: a function of events sees no header. */
const EVENT_FUNCTIONS = ['onSecretEvent'];
const callers = !EVENT_FUNCTIONS.includes(process.env['FUNCTION_TARGET'] ?? '');
const reading = readSettings(process.env, { project: true, callers });
if ('settings' in reading) register(reading.settings);
else {
  log.write('CRITICAL', `the settings cannot be used: ${reading.problems.join('; ')}`, { problems: reading.problems });
  process.exit(4);
}

function register(settings: Settings): void {
  const { ports } = wireTo(log)(settings);
  const { endpoints, care, concurrency, budgetSeconds, runEveryMinutes, rotationsMax } = settings;
  if (callers && !settings.callers.verify)
    log.write(
      'WARNING',
      'callers are not verified: whoever reaches this function may call it (KEY_WARDEN_VERIFY_CALLERS=off)',
    );
  const known = callerCheck(settings.callers, endpoints.oidc);
  const scope = { scopes: scopesOf(settings), concurrency, care };
  const pace = { budgetSeconds, runEveryMinutes };
  const me = `${process.env['K_REVISION'] ?? 'local'}-${randomUUID().slice(0, 8)}`;
  http('healthCheck', healthCheck(ports, { ...scope, ...pace, deep: 'when_due', record: true }, known));
  http('rotate', rotateFunction(ports, { me, care }, known));
  http('reconcile', reconcileFunction(ports, { ...scope, ...pace, me, rotationsMax }, known));
  http('purge', purgeFunction(ports, scope, known));
  cloudEvent('onSecretEvent', onSecretEvent(ports, { me, care }));
}
