import { beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import type { WardenEvent } from '../../src/core/alerts/event/event.ts';
import type { Outgoing } from '../../src/core/alerts/channels/outgoing.ts';
import { isRecord } from '../../src/core/values/json.ts';
import { CHANNEL_KINDS, WEB_KINDS } from '../../src/core/alerts/channels/channel.ts';
import { RENDER } from '../../src/core/alerts/channels/render.ts';
import { EVENT_DETAIL_SCHEMAS } from '../papers/event-schema-detail.ts';
import { NOTICE_TYPES } from '../../src/core/alerts/notice.ts';
import { UNWATCHED_BECAUSE } from '../../src/core/alerts/notices/key-notices.ts';
import { WARNED_OF } from '../../src/core/alerts/notices/secret-notices.ts';
import { HAPPENED } from '../../src/core/alerts/headline.ts';
import { CAUSES, SEVERITIES, VERDICTS } from '../../src/core/causes/causes.ts';
import { WAYS_OF_SENDING } from '../../src/core/classify/answer.ts';
import { DEPTHS } from '../../src/core/health/finding.ts';
import { KEY_KINDS } from '../../src/core/key/key-text.ts';
import { EPISODE_OPENINGS, HEALTH_STATES } from '../../src/core/record/health-state.ts';
import { HEALTH_ANNOTATION } from '../../src/core/record/health-text.ts';
import { CANDIDATES, DRAIN_USES, ROTATION_REASONS, WISHES } from '../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../src/core/record/journal-text.ts';
import { HISTORY_ANNOTATION, OUTCOMES } from '../../src/core/record/ledger.ts';
import { MINTED_KEY_KINDS, mintProblem, ON_OR_OFF } from '../../src/core/record/mint-policy.ts';
import { ACTS, PHASES } from '../../src/core/record/phases.ts';
import { ROTATION } from '../../src/core/rotation/rotation.ts';
import { VERSION_CHANGES } from '../../src/core/rotation/store-event.ts';
import { POLICY_ANNOTATION } from '../../src/core/record/policy-text.ts';
import { eventFor, NOTICES } from '../support/notices.ts';
import { moduleFiles, type HclFile } from '../terraform/module.ts';
import {
  channelWith,
  paper,
  publishedWith,
  readerOf,
  receiverOf,
  schemaOf,
  terraformLists,
} from './closed-set-places.ts';
import { missedIn, type Place } from './closed-sets.ts';

let terraform: readonly HclFile[] = [];
beforeAll(async () => {
  terraform = await moduleFiles();
});

const SCHEMAS = new URL('../../schemas/v1/', import.meta.url);

/** What each kind of receiver takes, and PagerDuty's own severities. */
const CHANNEL = (kind: string) => {
  const render = new Map<string, (event: WardenEvent) => readonly Outgoing[]>(Object.entries(RENDER)).get(kind);
  const [sent] = render?.(eventFor('key.unhealthy')) ?? [];
  const body = sent?.body ?? {};
  return { path: `/_receivers/${kind}${sent?.path ?? ''}`, body: isRecord(body) ? { ...TRIGGER, ...body } : body };
};
const PAYLOAD = { summary: 's', source: 'x', severity: 'info' };
const TRIGGER = { routing_key: 'r', event_action: 'trigger' };
const PAGE = (severity: string) => ({
  path: '/_receivers/pagerduty/v2/enqueue',
  body: { ...TRIGGER, payload: { ...PAYLOAD, severity } },
});

/** Every closed set with its places; what the compiler alone holds together is not among them. */
const SETS: Readonly<Record<string, readonly [readonly string[], () => readonly Place[]]>> = {
  CHANNEL_KINDS: [
    CHANNEL_KINDS,
    () => [
      channelWith('kind'),
      { name: 'RENDER', lists: Object.keys(RENDER) },
      ...terraformLists(terraform, 'channel.kind'),
      paper('docs/events.md', /^\| (`(?!kind`)[\w-]+`) +\| [^|]+ \| [^|]+ \| [^|]+ \|$/gm),
    ],
  ],
  WEB_KINDS: [
    WEB_KINDS,
    () => [receiverOf('path', CHANNEL), paper('docs/emulator.md', /\/_receivers\/([\w-]+)(?:\/|`)/g)],
  ],
  SEVERITIES: [
    SEVERITIES,
    () => [
      channelWith('severityMin'),
      publishedWith('severity'),
      publishedWith('gravity'),
      schemaOf('key.unhealthy', 'severity'),
      schemaOf('alert.test', 'gravity'),
      readerOf(HEALTH_ANNOTATION, 'severity'),
      receiverOf('severity of PagerDuty', PAGE),
      ...terraformLists(terraform, 'channel.severity_min'),
      paper('docs/events.md', /`severity` \(([^)]*)\)/g),
    ],
  ],
  NOTICE_TYPES: [
    NOTICE_TYPES,
    () => [
      channelWith('types'),
      { name: 'HAPPENED', lists: Object.keys(HAPPENED) },
      { name: 'EVENT_DETAIL_SCHEMAS', lists: Object.keys(EVENT_DETAIL_SCHEMAS) },
      { name: 'schemas/v1', lists: readdirSync(SCHEMAS).map((file) => file.replace('.json', '')) },
      { name: 'the notices of the tests', lists: Object.keys(NOTICES) },
      paper('docs/events.md', /^\| \[`([a-z.]+)`\]/gm),
    ],
  ],
  VERDICTS: [
    VERDICTS,
    () => [
      { name: 'the causes', lists: Object.values(CAUSES).map(({ verdict }) => verdict) },
      schemaOf('key.unhealthy', 'verdict'),
      paper('docs/causes.md', /^- `(\w+)`: /gm),
    ],
  ],
  KEY_KINDS: [
    KEY_KINDS,
    () => [
      schemaOf('key.unhealthy', 'keyKind'),
      paper('docs/reference/commands.md', /--key-kind .*choices: (.*), default/g),
    ],
  ],
  WAYS_OF_SENDING: [
    WAYS_OF_SENDING,
    () => [paper('docs/reference/commands.md', /--sent-as .*choices: (.*), default/g)],
  ],
  DEPTHS: [DEPTHS, () => [schemaOf('key.unhealthy', 'depth')]],
  UNWATCHED_BECAUSE: [UNWATCHED_BECAUSE, () => [schemaOf('key.unwatched', 'because')]],
  WARNED_OF: [WARNED_OF, () => [schemaOf('secret.warning', 'because')]],
  VERSION_CHANGES: [VERSION_CHANGES, () => [schemaOf('version.changed', 'change')]],
  MINTED_KEY_KINDS: [
    MINTED_KEY_KINDS,
    () => [
      { name: 'the mint policy', takes: (kind) => mintProblem('keyKind', kind) === undefined },
      readerOf(ROTATION_ANNOTATION, 'keyKind'),
      readerOf(POLICY_ANNOTATION, 'keyKind'),
      ...terraformLists(terraform, 'minting.key_kind'),
    ],
  ],
  ON_OR_OFF: [
    ON_OR_OFF,
    () => [
      { name: 'the mint policy', takes: (word) => mintProblem('dropTargets', word) === undefined },
      readerOf(ROTATION_ANNOTATION, 'dropTargets'),
      readerOf(POLICY_ANNOTATION, 'dropTargets'),
      ...terraformLists(terraform, 'minting.drop_targets'),
    ],
  ],
  PHASES: [
    PHASES,
    () => [
      { name: 'ROTATION', lists: Object.keys(ROTATION) },
      readerOf(ROTATION_ANNOTATION, 'phase'),
      paper('docs/rotation.md', /^\| (?!phase )(\w+) \| \w+(?: 🔒)? \|/gm),
    ],
  ],
  ACTS: [
    ACTS,
    () => [
      { name: 'ROTATION', lists: Object.values(ROTATION).map(({ act }) => act) },
      readerOf(ROTATION_ANNOTATION, 'act'),
    ],
  ],
  ROTATION_REASONS: [
    ROTATION_REASONS,
    () => [readerOf(ROTATION_ANNOTATION, 'reason'), readerOf(HISTORY_ANNOTATION, 'reason')],
  ],
  CANDIDATES: [CANDIDATES, () => [readerOf(ROTATION_ANNOTATION, 'candidate')]],
  WISHES: [WISHES, () => [readerOf(ROTATION_ANNOTATION, 'wish')]],
  DRAIN_USES: [DRAIN_USES, () => [readerOf(ROTATION_ANNOTATION, 'use')]],
  OUTCOMES: [OUTCOMES, () => [readerOf(HISTORY_ANNOTATION, 'outcome')]],
  HEALTH_STATES: [HEALTH_STATES, () => [readerOf(HEALTH_ANNOTATION, 'is')]],
  EPISODE_OPENINGS: [EPISODE_OPENINGS, () => [readerOf(HEALTH_ANNOTATION, 'untold')]],
};

describe.each(Object.entries(SETS))('the closed set %s', (name, [members, placesOf]) => {
  test('is known whole in every place, and nothing else is', () => {
    expect(missedIn({ name, members, places: placesOf() })).toEqual([]);
  });

  test('has no place that would not notice a planted member', () => {
    const places = placesOf();
    expect(missedIn({ name, members: [...members, 'planted'], places })).toEqual(
      places.map((place) => `${place.name} misses planted of ${name}`),
    );
  });
});

test('a place that knows a word too much is found', () => {
  const places = [{ name: 'a list', lists: ['up', 'down', 'sideways'] }];
  expect(missedIn({ name: 'WAYS', members: ['up', 'down'], places })).toEqual([
    'a list has sideways, which is not of WAYS',
  ]);
});
