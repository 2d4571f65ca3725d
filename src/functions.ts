import { cloudEvent, http } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { useWatch } from './app/use/watch-use.ts';
import { keyProjectsFor } from './app/keys/key-projects.ts';
import { readSettings } from './core/settings/read-settings.ts';
import { scopesOf, type Settings } from './core/settings/settings.ts';
import { callerCheck } from './edge/process/callers.ts';
import { viewerCheck } from './edge/process/viewers.ts';
import { structuredLog } from './edge/process/log.ts';
import { reportWithoutEnvironment } from './edge/process/report.ts';
import { systemClock } from './edge/process/system.ts';
import { acknowledgeFunction, webhookEntrance } from './functions/acknowledge.ts';
import { frontDoor, type Entrance } from './functions/front-door.ts';
import { endWell, serveBehind } from './functions/framework-server.ts';
import { guard } from './functions/guard.ts';
import { healthCheck } from './functions/health-check.ts';
import { inventoryFunction } from './functions/inventory.ts';
import { leakEntrance, leakReportsFunction } from './functions/leak-reports.ts';
import { notifyFunction } from './functions/notify.ts';
import { onSecretEvent } from './functions/on-secret-event.ts';
import { purgeFunction } from './functions/purge.ts';
import { reachFunction } from './functions/reach.ts';
import { reconcileFunction } from './functions/reconcile.ts';
import { rotateFunction } from './functions/rotate.ts';
import { pageEntrance } from './functions/page-answer.ts';
import { surveyFunction } from './functions/survey.ts';
import { statusPage } from './functions/status-page.ts';
import { pretendTime, wireTo } from './wire.ts';

/** The deployed entry points. Settings that cannot be used stop the start, so that a bad deployment gets no traffic. */
reportWithoutEnvironment();
const log = structuredLog((line) => process.stdout.write(line));

/** Events are pushed by Pub/Sub: functions of events see no header, so that their callers are verified at the door alone. */
const EVENT_FUNCTIONS = ['notify', 'onSecretEvent'];
const target = process.env['FUNCTION_TARGET'] ?? '';
const isForEvents = EVENT_FUNCTIONS.includes(target);

/** People come to the page through Identity-Aware Proxy, and call nothing else. */
const isPage = target === 'statusPage';

/** PagerDuty and those who report leaks sign what they send, and have no identity that Google knows. */
const isWebhook = target === 'acknowledge' || target === 'leakReports';
const needs = {
  project: true,
  callers: !isPage && !isWebhook,
  viewers: isPage,
  deliveries: target === 'notify',
  acknowledgements: target === 'acknowledge',
  leakReports: target === 'leakReports',
  inventory: target === 'inventory',
};
const reading = readSettings(process.env, needs);
if ('settings' in reading) register(reading.settings);
else {
  log.write('CRITICAL', `the settings cannot be used: ${reading.problems.join('; ')}`, { problems: reading.problems });
  process.exit(4);
}

function register(settings: Settings): void {
  const pretend = settings.pretend ? pretendTime(settings.endpoints.others) : undefined;
  const wired = wireTo(log, pretend)(settings);
  const { routeEvent } = wired;
  const ending = { begun: false };
  const leaving = () => ending.begun;
  const ports = { ...wired.ports, leaving };
  const {
    endpoints,
    secretPolicy,
    concurrency,
    budgetSeconds,
    runEveryMinutes,
    rotationsMax,
    noticeDays,
    approval,
    sharedKeyMinutesMin,
    leakEmergencies,
  } = settings;
  const scopes = scopesOf(settings);
  // Before each call: whoever moves the pretend cloud's clock moves that of its local functions.
  const onTime =
    <Asked extends readonly unknown[]>(work: (...asked: Asked) => Promise<void>) =>
    async (...asked: Asked): Promise<void> => {
      await pretend?.clock.ask();
      await work(...asked);
    };
  const guarded = guard(log, process.env['GOOGLE_CLOUD_PROJECT'] ?? settings.projects[0] ?? '-');
  const me = `${process.env['K_REVISION'] ?? 'local'}-${randomUUID().slice(0, 8)}`;
  const rule = settings.viewers ?? settings.callers;
  const mayCall =
    settings.viewers === undefined
      ? callerCheck(settings.callers, endpoints.oidc, systemClock.now)
      : viewerCheck(settings.viewers, endpoints.oidc, systemClock.now);
  const webhook = target === 'leakReports' ? leakEntrance() : webhookEntrance();
  serveBehind({
    door: isWebhook
      ? frontDoor(log, webhook.entrance, webhook.mayCall, leaving)
      : frontDoor(log, entranceOf(target), mayCall, leaving),
    host: settings.host,
    made: (server) => endWell(server, log, () => (ending.begun = true)),
  });
  if (!rule.verify && !isWebhook)
    log.write(
      'WARNING',
      'callers are not verified: whoever reaches this function may call it (KEY_WARDEN_VERIFY_CALLERS=off)',
    );
  if (target === 'leakReports') {
    const looks = { scopes, concurrency, secretPolicy, budgetSeconds };
    const order = { signing: settings.leakSigning, emergencies: leakEmergencies, ...looks };
    const hear = leakReportsFunction({ ...ports, secrets: wired.notify.secrets, functions: wired.functions }, order);
    http('leakReports', guarded.http('leakReports', onTime(hear)));
    return;
  }
  if (isWebhook) {
    const { acknowledgedHours: hours, alerts } = settings;
    const order = { signing: alerts.pagerDutySigning ?? '', scopes, hours };
    const hear = acknowledgeFunction({ ...ports, secrets: wired.notify.secrets }, order);
    http('acknowledge', guarded.http('acknowledge', onTime(hear)));
    return;
  }
  const { inventoryMemory: memory } = settings;
  if (target === 'inventory' && memory !== undefined) {
    const projects = keyProjectsFor(secretPolicy);
    const { keyServiceAccount: serviceAccount } = secretPolicy.mint;
    const order = { scopes, concurrency, budgetSeconds, projects, keyProjects: projects, serviceAccount, memory };
    const inventory = inventoryFunction({ ...ports, reader: wired.reader }, order, mayCall);
    http('inventory', guarded.http('inventory', onTime(inventory)));
    return;
  }
  if (isPage) {
    const logProjects = [...new Set([process.env['GOOGLE_CLOUD_PROJECT'] ?? [], settings.projects].flat())];
    const page = statusPage(
      { ...ports, reader: wired.reader },
      { ...settings, scopes, logProjects, ages: false, silences: settings.alerts.silences, approvals: approval.book },
      mayCall,
    );
    http('statusPage', guarded.http('statusPage', onTime(page)));
    return;
  }
  if (routeEvent !== undefined)
    cloudEvent('notify', guarded.event('notify', onTime(notifyFunction(routeEvent, settings.alerts.channels))));
  cloudEvent(
    'onSecretEvent',
    guarded.event('onSecretEvent', onTime(onSecretEvent(ports, { me, secretPolicy, scopes, rotationsMax }))),
  );
  if (isForEvents) return;
  const scope = { scopes, concurrency, secretPolicy };
  const { silences } = settings.alerts;
  const pace = { budgetSeconds, runEveryMinutes };
  const { keyProject } = secretPolicy.mint;
  const projects = [...new Set([...settings.projects, ...(keyProject === undefined ? [] : [keyProject])])];
  const use = settings.watchUse ? useWatch(ports, { ...scope, projects, runEveryMinutes }) : undefined;
  const functions = {
    healthCheck: healthCheck(
      ports,
      {
        ...scope,
        ...pace,
        parts: wired.parts,
        rotationsMax,
        noticeDays,
        approvalHours: approval.hours,
        silences,
        deep: 'when_due',
        record: true,
      },
      mayCall,
    ),
    rotate: rotateFunction(
      ports,
      { me, ...scope, silences, approval, budgetSeconds, sharedKeyMinutesMin, leakEmergencies },
      mayCall,
    ),
    reconcile: reconcileFunction(ports, { ...scope, ...pace, me, rotationsMax }, { callers: mayCall, use }),
    survey: surveyFunction(ports, { ...scope, silences }, mayCall),
    reach: reachFunction(ports, { ...scope, budgetSeconds }, mayCall),
    purge: purgeFunction(ports, { ...scope, budgetSeconds }, mayCall),
  };
  for (const [name, work] of Object.entries(functions)) http(name, guarded.http(name, onTime(work)));
}

/** A rotation can be shown as well as begun; everything else is told to do its work. */
function entranceOf(name: string): Entrance {
  if (isPage) return pageEntrance();
  return { takes: isForEvents ? 'events' : 'calls', methods: name === 'rotate' ? ['GET', 'POST'] : ['POST'] };
}
