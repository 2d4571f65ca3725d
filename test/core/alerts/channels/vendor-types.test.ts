import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CHANNEL_KINDS } from '../../../../src/core/alerts/channels/channel.ts';
import { isRecord, parseJson, type JsonRecord } from '../../../../src/core/values/json.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const run = promisify(execFile);

/**
 * The types that a vendor publishes for what it takes, and what its own papers have besides. A literal that satisfies one holds no field
 * that the vendor does not know, and no word that is not among its own.
 */
const TYPES = {
  slack: {
    imports: `import type { KnownBlock } from '@slack/types';`,
    // docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
    of: () => '{ text: string; blocks: KnownBlock[] }',
  },
  'google-chat': {
    imports: `import type { chat_v1 } from '@googleapis/chat';`,
    of: () => 'chat_v1.Schema$Message',
  },
  pagerduty: {
    imports: `import type { EventPayloadV2 as Event } from '@pagerduty/pdjs/build/src/events.d.ts';
      import type { ChangePayload as Change } from '@pagerduty/pdjs/build/src/events.d.ts';`,
    // The routing key is put in when it is sent; client is in Events API v2 and not in its types, which want a payload for an end too.
    of: ({ event_action: action }) =>
      action === undefined
        ? `Omit<Change, 'routing_key' | 'links'> & Partial<Pick<Change, 'links'>>`
        : action === 'trigger'
          ? `Omit<Event, 'routing_key'> & { client?: string }`
          : `Pick<Event, 'event_action' | 'dedup_key'>`,
  },
} as const satisfies Readonly<Record<string, { readonly imports: string; readonly of: (body: JsonRecord) => string }>>;
type Typed = keyof typeof TYPES;
const TYPED = Object.keys(TYPES) as Typed[];

/** Kinds without types of their vendor, and what judges their bodies instead. */
const OTHERWISE = {
  teams: 'the library that draws Adaptive Cards (teams.test.ts)',
  alertmanager: 'Alertmanager itself (test/edge/webhooks/alertmanager.test.ts)',
  'jira-service-management': 'the table of its fields (jira-schema.test.ts)',
  webhook: 'the schemas of events (test/papers), and Standard Webhooks’ own verifier (test/edge/webhooks)',
  email: 'a relay of its own (test/edge/mail)',
} as const;

let folder: string;
// Types are found from inside the repository only.
beforeAll(() => void (folder = mkdtempSync(join(ROOT, 'node_modules/.vendor-types-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function goldensOf(kind: Typed): readonly JsonRecord[] {
  const at = join(ROOT, 'test/golden', kind);
  return readdirSync(at).flatMap((name) => {
    const sent = parseJson(readFileSync(join(at, name), 'utf8'));
    return Array.isArray(sent) ? sent.filter(isRecord).flatMap(({ body }) => (isRecord(body) ? [body] : [])) : [];
  });
}

/** What the compiler says of bodies as their vendor’s type; empty where it takes them. */
async function complaintsOf(kind: Typed, bodies: readonly JsonRecord[]): Promise<string> {
  const file = join(folder, `${kind}-${bodies.length}.ts`);
  const { imports, of } = TYPES[kind];
  const literals = bodies.map((body) => `(${JSON.stringify(body)}) satisfies ${of(body)};`);
  writeFileSync(file, [imports, ...literals, ''].join('\n'));
  const words = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--types',
    'node',
    file,
  ];
  try {
    await run(join(ROOT, 'node_modules/.bin/tsc'), words, { cwd: ROOT });
    return '';
  } catch (error) {
    return isRecord(error) ? String(error['stdout']) : String(error);
  }
}

test('every kind of channel is judged by its vendor, or it is said by what', () => {
  expect([...TYPED, ...Object.keys(OTHERWISE)].toSorted()).toEqual([...CHANNEL_KINDS].toSorted());
});

test.each(TYPED)('every message to %s is of the type that its vendor publishes', async (kind) => {
  expect(goldensOf(kind).length).toBeGreaterThan(10);
  expect(await complaintsOf(kind, goldensOf(kind))).toBe('');
});

test.each([
  ['slack', { text: 'x', blocks: [{ type: 'sektion' }] }, `'"sektion"'`],
  ['google-chat', { text: 'x', cardsV3: [] }, 'cardsV3'],
  ['pagerduty', { event_action: 'trigger', payload: { summary: 's', source: 'x', severity: 'bad' } }, `'"bad"'`],
] as const)('and what %s does not know is seen', async (kind, body, said) => {
  expect(await complaintsOf(kind, [body])).toContain(said);
});
