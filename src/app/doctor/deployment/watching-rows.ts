import { LOOKS } from './looks.ts';
import { evidenceOf, functionsOf, type Place } from './place.ts';
import { APPLY, type Rows } from './row.ts';
import { recordsIn, textIn, textsIn, type Flaw } from './sighted.ts';

/** Log-based metrics, by the end of their names. */
export const METRICS = [
  'heartbeat',
  'heartbeat_expected',
  'heartbeat_seen',
  'heartbeat_unclear',
  'heartbeat_dead',
  'heartbeat_blocked',
  'open_oldest',
  'delivered_seconds',
  'reconciled_held',
  'reconciled_oldest',
  'purged',
  'inventoried',
  'crashes',
  'notices',
  'open',
  'deliveries',
  'took_seconds',
  'calls_failed',
  'untold_unclear',
  'rotations_due',
  'rotations_overdue',
  'delivery_missed',
  'leaks_alive',
  'leaks_late',
  'leak_alive',
  'detected_seconds',
  'open_groups',
  'key_groups',
  'waiting',
] as const;

/** There where the module was asked for inventories. */
const INVENTORY_ALARM = 'the inventory does not run';

/** Titles of the alarms. */
export const ALARMS = [
  'the check is silent',
  'secrets are not seen',
  'a rotation waits for a person',
  'a rotation is stuck',
  'rotations are not driven',
  'the purge does not run',
  INVENTORY_ALARM,
  "Cloud Scheduler's calls fail",
  'alerts or events were not delivered',
  'checks learn nothing',
  'alerts arrive late',
  'many keys fail alike',
  'a key is dead or blocked',
  'somebody else changed a watched secret',
  'the worker crashed',
  'a channel refused an alert',
  'a leaked key is still alive',
  'trouble was told late',
] as const;

/** What is seen of the worker from outside. */
export const WATCHING_ROWS: Rows = {
  'google_logging_metric.run': {
    title: 'metrics from its log',
    shownBy: ['metrics'],
    mend: APPLY,
    find: ({ project, name }, see) =>
      METRICS.map((metric) => {
        const id = `${name.replaceAll('-', '_')}_${metric}`;
        return see(`metric ${id}`, LOOKS.metrics(project), listing('metrics', 'name', id));
      }),
  },
  'google_logging_project_bucket_config.evidence': {
    title: 'log bucket of evidence',
    shownBy: ['logBucket'],
    mend: `${APPLY}; one that was deleted: gcloud logging buckets undelete within a week`,
    find: (place, see) =>
      keepsEvidence(place)
        ? [
            see(
              `log bucket ${evidenceOf(place)}`,
              LOOKS.logBucket(place.project, place.region, evidenceOf(place)),
              kept,
            ),
          ]
        : [],
  },
  'google_logging_project_sink.evidence': {
    title: 'what copies evidence there',
    shownBy: ['sink'],
    mend: APPLY,
    find: (place, see) =>
      keepsEvidence(place)
        ? [see(`sink ${evidenceOf(place)}`, LOOKS.sink(place.project, evidenceOf(place)), copying(place))]
        : [],
  },
  'google_monitoring_alert_policy.worker': {
    title: 'alarms',
    shownBy: ['alarms'],
    mend: `${APPLY}; one that was turned off: turn it on in Monitoring`,
    find: (place, see) => {
      const { project, name } = place;
      const made = ALARMS.filter((title) => title !== INVENTORY_ALARM || functionsOf(place).includes('inventory'));
      return made.map((title) => see(`alarm "${name}: ${title}"`, LOOKS.alarms(project), armed(`${name}: ${title}`)));
    },
  },
  'google_monitoring_notification_channel.email': {
    title: 'who hears the alarms',
    shownBy: ['alarms', 'channels'],
    mend: 'set alerts.emails or alerts.notification_channels, and apply',
    find: ({ project, name }, see) => {
      const heard: string[] = [];
      const first = `${name}: ${ALARMS[0]}`;
      const listeners = see('the alarms', LOOKS.alarms(project), (json) => {
        heard.push(
          ...named(json, 'alertPolicies', 'displayName', first).flatMap((one) => textsIn(one, 'notificationChannels')),
        );
        return heard.length === 0 ? 'reach nobody' : undefined;
      });
      const channels = listeners.then(() =>
        see('their notification channels', LOOKS.channels(project), (json) => {
          const there = recordsIn(json, 'notificationChannels').map((one) => textIn(one, 'name'));
          const missing = heard.filter((channel) => !there.includes(channel));
          return missing.length === 0 ? undefined : `are not all there: ${missing.join(', ')}`;
        }),
      );
      return [listeners, channels];
    },
  },
  'google_monitoring_dashboard.worker': {
    title: 'dashboard',
    shownBy: ['dashboards'],
    mend: APPLY,
    find: ({ project, name }, see) => [
      see(`dashboard ${name}`, LOOKS.dashboards(project), listing('dashboards', 'displayName', name)),
    ],
  },
};

/** Where the module was asked for no evidence there is no sink, and nothing is amiss. */
function keepsEvidence({ evidence }: Place): boolean {
  return evidence !== 'missing';
}

function kept(json: Parameters<Flaw>[0]): string | undefined {
  return json['lifecycleState'] === 'DELETE_REQUESTED' ? 'was deleted' : undefined;
}

function copying(place: Place): Flaw {
  return (json) => {
    if (json['disabled'] === true) return 'is turned off';
    const bucket = `/locations/${place.region}/buckets/${evidenceOf(place)}`;
    return textIn(json, 'destination').endsWith(bucket) ? undefined : `does not write to ${bucket.slice(1)}`;
  };
}

function named(json: Parameters<Flaw>[0], list: string, field: string, value: string) {
  return recordsIn(json, list).filter((one) => textIn(one, field) === value);
}

function listing(list: string, field: string, value: string): Flaw {
  return (json) => (named(json, list, field, value).length > 0 ? undefined : 'is not there');
}

function armed(title: string): Flaw {
  return (json) => {
    const [alarm] = named(json, 'alertPolicies', 'displayName', title);
    if (alarm === undefined) return 'is not there';
    return alarm['enabled'] === false ? 'is turned off' : undefined;
  };
}
