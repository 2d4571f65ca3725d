import { CAUSES, type Cause } from '../../src/core/causes/causes.ts';
import { ADD_NEW_KEY } from '../../src/core/causes/commands.ts';
import { diagnosisOf, type Finding } from '../../src/core/health/finding.ts';
import type { Episode } from '../../src/core/record/health-state.ts';
import { labelsOf, type Notice, type NoticeType } from '../../src/core/alerts/notice.ts';
import type { KeyNotice } from '../../src/core/alerts/notices/key-notices.ts';
import { eventOf, type WardenEvent } from '../../src/core/alerts/event/event.ts';
import { sourceOf } from '../../src/core/alerts/event/source.ts';
import { EVENT_LABELS } from '../../src/core/alerts/event/event-labels.ts';
import { instantOf } from '../../src/core/values/time.ts';

export const NOW = instantOf(Date.UTC(2026, 10, 24, 9, 30));
const OPENED = instantOf(Date.UTC(2026, 10, 24, 3));
export const SECRET = 'projects/123456789012/secrets/app-key';
export const ORIGIN = {
  source: sourceOf('ops-prod'),
  runbook: 'https://docs.example/runbook.md',
  labels: EVENT_LABELS,
  dashboard: 'https://console.cloud.google.com/monitoring/dashboards/builder/0a1b?project=ops-prod',
  now: NOW,
};

export const EPISODE: Episode = {
  id: `${SECRET}#20261124-1`,
  openedAt: OPENED,
  announcedAt: OPENED,
  cause: 'key_leaked',
  severity: 'critical',
  reminders: 0,
  lastGoodAt: instantOf(Date.UTC(2026, 9, 3, 17, 20)),
};

const OUTAGE: Episode = {
  ...EPISODE,
  id: 'outage#20261124-1',
  cause: 'egress_blocked',
  severity: 'error',
};

export const FINDING: Finding = {
  secret: SECRET,
  project: 'demo-project',
  version: 3,
  readAs: 'current',
  keyKind: 'auth',
  depth: 'shallow',
  answers: 3,
  diagnosis: diagnosisOf('key_leaked', 'Your API key was reported as leaked. Please use another API key.'),
  lint: [
    {
      kind: 'surrounding_whitespace',
      says: 'a newline follows the key',
      cure: { do: 'Add it again', command: ADD_NEW_KEY },
    },
  ],
  notes: ['deep probe skipped: no listed model can generate'],
};

const AT = { secret: SECRET, project: 'demo-project' };
const ROTATION = { ...AT, rotation: 'kw-app-key-7', from: 3, reason: 'leaked', since: OPENED } as const;

const LEAK = { ...AT, version: 3, key: 'projects/123456789012/locations/global/keys/old', at: OPENED } as const;

const SILENCE = {
  owner: 'ada@example.com',
  reason: 'moving to a new project',
  until: instantOf(Date.UTC(2026, 10, 24, 12)),
  by: { who: 'ada', is: 'claimed' },
  at: OPENED,
} as const;

/** One notice of every kind, as it would go out on a bad morning. */
export const NOTICES: { readonly [Type in NoticeType]: Notice & { readonly type: Type } } = {
  'key.unhealthy': { type: 'key.unhealthy', episode: EPISODE, finding: FINDING },
  'key.unclear': {
    type: 'key.unclear',
    episode: { ...EPISODE, cause: 'timeout', severity: 'warning' },
    finding: { ...FINDING, diagnosis: diagnosisOf('timeout', 'no answer in time'), lint: [], notes: [], answers: 0 },
  },
  'key.reminder': { type: 'key.reminder', episode: { ...EPISODE, reminders: 2 }, finding: FINDING, again: true },
  'key.recovered': {
    type: 'key.recovered',
    episode: EPISODE,
    finding: { ...FINDING, version: 4, diagnosis: diagnosisOf('ok', 'HTTP 200'), lint: [], notes: [] },
  },
  'key.unwatched': { ...AT, type: 'key.unwatched', because: 'label_removed', episode: EPISODE },
  'key.aging': {
    ...AT,
    type: 'key.aging',
    version: 3,
    createdAt: OPENED,
    ageDays: 83,
    ageDaysMax: 90,
    why: 'no rotation begins by itself (KEY_WARDEN_ROTATIONS_MAX is 0)',
    step: 'Rotate it on a day that suits you:',
    next: 'key-warden rotate --secret projects/demo-project/secrets/app-key',
  },
  'rotation.planned': {
    ...AT,
    type: 'rotation.planned',
    version: 3,
    createdAt: OPENED,
    startsAt: instantOf(Date.UTC(2026, 11, 1, 9)),
    ageDaysMax: 90,
    step: 'Nothing, if the day suits you. To see what it will do:',
    next: 'key-warden rotate --dry-run --secret projects/demo-project/secrets/app-key',
  },
  'rotation.proposed': {
    ...AT,
    type: 'rotation.proposed',
    version: 3,
    plan: '0123456789abcdef0123456789abcdef',
    by: { who: 'ci@ops-prod.iam.gserviceaccount.com', is: 'verified' },
    at: OPENED,
    until: instantOf(Date.UTC(2026, 10, 27, 3)),
    why: 'it replaces the key of version 3; the same key serves 1 other secret: chat-key; asked for by ci@ops-prod.iam.gserviceaccount.com (verified). It lapses at 2026-11-27 03:00 UTC',
    step: 'If you agree, as somebody else than ci@ops-prod.iam.gserviceaccount.com:',
    next: 'key-warden approve --secret projects/demo-project/secrets/app-key --plan 0123456789abcdef0123456789abcdef',
  },
  'secret.warning': {
    ...AT,
    type: 'secret.warning',
    because: 'expires',
    why: 'Secret Manager deletes it with all its versions at 2026-11-29 00:00 UTC',
    others: 0,
    day: instantOf(Date.UTC(2026, 10, 24)),
    step: 'Unless somebody meant it, let it live:',
    next: 'gcloud secrets update app-key --remove-expiration --project=demo-project',
  },
  'version.changed': {
    ...AT,
    type: 'version.changed',
    version: 3,
    change: 'disabled',
    isCurrent: true,
    at: OPENED,
    step: 'Enable it again, unless somebody meant it:',
    next: 'gcloud secrets versions enable 3 --secret=app-key --project=demo-project',
  },
  'name.unproven': {
    ...AT,
    type: 'name.unproven',
    on: 'rotation kw-app-key-7',
    why: 'projects/123456789012/locations/global/keys/chat is not proven to be a key of it',
    at: OPENED,
    times: 1,
    step: 'See in the audit log who wrote the annotations of the secret, and mend them. To see what stands there:',
    next: 'key-warden status --secret projects/demo-project/secrets/app-key',
  },
  'silence.set': {
    ...AT,
    ...SILENCE,
    type: 'silence.set',
    step: 'Nothing, if you know of it. If nobody of you wanted it, end it:',
    next: 'key-warden silence --secret projects/demo-project/secrets/app-key --end',
  },
  'freeze.set': {
    ...AT,
    ...SILENCE,
    type: 'freeze.set',
    about: 'all secrets of demo-project',
    step: 'Nothing, if you know of it. If nobody of you wanted it, lift it:',
    next: 'key-warden unfreeze --id mij3k7ab',
  },
  'freeze.ended': { ...AT, ...SILENCE, type: 'freeze.ended', about: 'all secrets of demo-project' },
  'rotation.due': {
    ...AT,
    type: 'rotation.due',
    reason: 'age',
    since: OPENED,
    why: 'ada froze all secrets until 2026-12-01 08:00 UTC: year end; the next one may begin 2026-12-01 08:00 UTC',
    step: 'Nothing: it begins by itself then. To see it:',
    next: 'key-warden status --secret projects/demo-project/secrets/app-key',
  },
  'silence.ended': { ...AT, ...SILENCE, type: 'silence.ended' },
  'rotation.opened': { ...ROTATION, type: 'rotation.opened' },
  'rotation.promoted': {
    ...ROTATION,
    type: 'rotation.promoted',
    to: 4,
    step: 'See that consumers are well. If they are not, go back:',
    next: 'key-warden rollback --secret projects/demo-project/secrets/app-key',
  },
  'rotation.completed': { ...ROTATION, type: 'rotation.completed', to: 4, holds: 1 },
  'rotation.abandoned': {
    ...ROTATION,
    type: 'rotation.abandoned',
    why: 'the new key was refused for 30 minutes',
    next: 'key-warden status',
  },
  'rotation.held': {
    ...ROTATION,
    type: 'rotation.held',
    holds: 1,
    to: 4,
    why: 'the old key is still used: 120 requests in 6 hours',
    step: 'Find who still uses the old key and move them; nothing breaks while it waits. Then resume it. To see what was measured:',
    next: 'key-warden status --secret projects/demo-project/secrets/app-key',
  },
  'leak.open': {
    ...LEAK,
    type: 'leak.open',
    told: 0,
    why: `its issuer has it as ${LEAK.key}, and it is not deleted`,
    by: { who: 'ana', is: 'claimed' },
    step: 'See why it is not deleted:',
    next: 'key-warden purge --dry-run --secret projects/demo-project/secrets/app-key',
  },
  'leak.closed': { ...LEAK, type: 'leak.closed' },
  'key.unusual': {
    ...AT,
    type: 'key.unusual',
    version: 3,
    key: 'projects/123456789012/locations/global/keys/app',
    use: { hour: instantOf(Date.UTC(2026, 10, 24, 4)), requests: 2_400, usual: 20, most: 80 },
    why: '2400 requests in the hour from 2026-11-24 03:00 UTC on, lately by GenerateContent; usual there are 20, and up to 80 would pass. A launch looks like a theft',
    step: 'Ask its owners whether something was launched. If nobody did, rotate it, as an emergency where it is stolen for certain. To see who reads it:',
    next: 'key-warden consumers --secret projects/demo-project/secrets/app-key',
  },
  'leak.reported': {
    ...AT,
    type: 'leak.reported',
    version: 3,
    source: 'github',
    report: '9f3c2a17b0d4e586',
    why: 'GitHub (https://github.com/acme/shop/security/secret-scanning/7) reports that its key leaked; consumers read it as current',
    step: 'Replace the key at once:',
    next: 'key-warden rotate --secret projects/demo-project/secrets/app-key --emergency',
  },
  'inventory.news': {
    type: 'inventory.news',
    project: 'demo-project',
    kind: 'shadow',
    count: 2,
    findings: ['chat', 'batch'].map((id) => ({
      severity: 'high',
      key: `projects/123456789012/locations/global/keys/${id}`,
      secrets: [],
      holders: 0,
      says: 'no secret that was looked through holds it, and it is in use: last 2026-11-23',
      cure: {
        do: 'Find out whose it is, and have it stored in a secret under care',
        command: `gcloud services api-keys describe ${id} --project=123456789012`,
      },
      runs: true,
    })),
    occasion: '2026-11-23T17:43:00.000Z/9f3c2a17b0d4e586',
    step: 'To see each, with what mends it:',
    next: 'key-warden inventory --project demo-project',
  },
  'fleet.outage': {
    type: 'fleet.outage',
    episode: OUTAGE,
    cause: 'egress_blocked',
    failing: 9,
    seen: 10,
    message: 'a web page',
  },
  'fleet.recovered': { type: 'fleet.recovered', episode: OUTAGE, seen: 10 },
  'fleet.heartbeat': {
    type: 'fleet.heartbeat',
    expected: 10,
    seen: 9,
    verdicts: { works: 8, dead: 1, blocked: 0, throttled: 0, unclear: 0 },
  },
  'alert.test': { type: 'alert.test', askedBy: 'ana@example.com' },
};

/** Trouble of one of several secrets, of whatever cause. */
export function troubleOf(id: string, cause: Cause, type: KeyNotice['type'] = 'key.unhealthy'): KeyNotice {
  const secret = `projects/123456789012/secrets/${id}`;
  const { severity } = CAUSES[cause];
  return {
    type,
    episode: { ...EPISODE, id: `${secret}#20261124-1`, cause, severity },
    finding: { ...FINDING, secret, diagnosis: diagnosisOf(cause, 'x'), lint: [], notes: [] },
  };
}

/** What its secret is labelled with; events carry the first two. */
export const LABELS = { team: 'search', service: 'api', 'key-warden': 'managed', env: 'prod' };

export function eventFor(type: NoticeType): WardenEvent {
  const notice = NOTICES[type];
  return eventOf(notice, ORIGIN, labelsOf(notice).secret === undefined ? {} : LABELS);
}
