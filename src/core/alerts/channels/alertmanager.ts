import { SEVERITIES, type Severity } from '../../causes/causes.ts';
import { DAY_MS, MINUTE_MS } from '../../values/time.ts';
import { clipBytes } from '../../values/utf8.ts';
import type { WardenEvent } from '../event/event.ts';
import { spokenLabels } from '../event/event-labels.ts';
import { actsOf, endedBeside } from './incident.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * Alertmanager ends what it is not told of again, and our reminders are a week apart at most. With an end of its own an alert
 * stands until then (prometheus.io/docs/alerting/latest/alerts_api).
 */
const STANDS_MS = 8 * DAY_MS;
const TEST_STANDS_MS = 10 * MINUTE_MS;
const TEXT_BYTES_MAX = 4_000;

/**
 * Alerts for Prometheus’ Alertmanager, which groups, silences and passes on as its own routes say; news of a change is no alert.
 * Labels are what one alert is told apart by. The severity is one of them, since routes go by it, so whatever is told of an
 * incident ends the same incident at every other severity: nothing stays open under the one that it had before.
 */
export function alertmanagerAlerts(event: WardenEvent): readonly Outgoing[] {
  const { data } = event;
  return actsOf(data)
    .filter((act) => act !== 'change' && !(act === 'resolve' && isTest(event)))
    .map((act) => ({
      path: '/api/v2/alerts',
      query: {},
      body: [data.thread, ...endedBeside(data)].flatMap((thread) =>
        SEVERITIES.map((severity) =>
          alertOf(act === 'trigger' && severity === data.gravity, severity, { ...event, data: { ...data, thread } }),
        ),
      ),
      id: event.id,
    }));
}

/** Alertmanager waits before it tells anybody of an alert, so a test that was ended at once would reach nobody. */
function isTest({ data }: WardenEvent): boolean {
  return data.notice === 'alert.test';
}

function alertOf(isOpen: boolean, severity: Severity, event: WardenEvent) {
  const { source, time, data } = event;
  const {
    summary,
    who,
    why,
    meaning,
    usersFeel,
    since,
    secret,
    project,
    step,
    next,
    quiet,
    runbook,
    thread,
    links = [],
  } = data;
  const pages = Object.fromEntries(links.map(({ name, url }) => [`${name.toLowerCase()}_url`, url]));
  // Labels of the secret may change while the alert stands, and would make it another one.
  const whose = data.labels === undefined ? undefined : spokenLabels(data.labels);
  const labels = { alertname: 'GeminiKeyWarden', severity, thread, source, secret, project };
  const annotations = {
    ...pages,
    summary,
    runbook_url: runbook,
    ...(isOpen ? { who, why, meaning, usersFeel, whose, step, next, quiet } : {}),
  };
  const standsMs = isTest(event) ? TEST_STANDS_MS : STANDS_MS;
  const endsAt = isOpen ? new Date(Date.parse(time) + standsMs).toISOString() : time;
  return { labels: filled(labels), annotations: filled(annotations), ...(isOpen ? { startsAt: since } : {}), endsAt };
}

/** Labels and annotations are texts; what an event lacks is left out. */
function filled(texts: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, clipBytes(text, TEXT_BYTES_MAX)]],
    ),
  );
}
