import { expect, test } from '@jest/globals';
import { spokenState } from '../../../src/app/on-record/spoken-state.ts';
import type { SecretSighting } from '../../../src/app/ports/ports.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { spokenMinute } from '../../../src/core/values/time.ts';
import { ago, ahead, inFlight, NOW } from '../../support/journals.ts';

function spoken(change: RecordChange, fields: Partial<SecretSighting> = {}): string {
  const written = Object.entries(changeOf(recordOf({}), change));
  const annotations = Object.fromEntries(written.flatMap(([name, text]) => (text === null ? [] : [[name, text]])));
  const name = 'projects/p-1/secrets/app';
  const sighting = { name, etag: 'e', labels: {}, annotations, aliases: { current: 2 }, createdAt: NOW };
  return spokenState({ ...sighting, record: recordOf(annotations), ...fields }, DEFAULT_SECRET_POLICY);
}

const PAST = { id: 'kw-1', reason: 'request', outcome: 'completed', from: 1, to: 2, at: ago(1) } as const;
const OLD = { version: 1, at: ago(1), rotation: 'kw-1' };

test('at rest it says what is read, and what becomes of the key before', () => {
  expect(spoken({ history: [PAST], retired: [OLD] })).toBe(
    `app reads version 2; version 1 is disabled; its key is kept until ${spokenMinute(ahead(7 * 24 - 1))}`,
  );
  expect(spoken({})).toBe('app reads version 2');
  expect(spoken({ retired: [OLD] })).toBe('app reads version 2');
  expect(spoken({}, { aliases: {}, name: 'odd' })).toBe('odd has no alias current');
});

test.each([
  [{ phase: 'opened', to: undefined }, 'a new key is being made'],
  [{ phase: 'written' }, 'version 2 holds a new key, which nobody reads yet'],
  [
    { phase: 'promoted', notBefore: ahead(1) },
    `version 1 goes on working until nobody uses its key, which is looked at again ${spokenMinute(ahead(1))}`,
  ],
  [{ phase: 'promoted', held: true }, 'version 1 goes on working until nobody uses its key, and it waits for a person'],
  [{ phase: 'promoted', emergency: true }, 'version 1 is about to be disabled'],
  [{ phase: 'drained' }, 'version 1 is about to be disabled'],
  [{ phase: 'reverting' }, 'it goes back to version 1'],
  [{ phase: 'abandoned' }, 'what was made for it is taken away again'],
] as const)('in flight it says what comes of either version: %j', (fields, words) => {
  expect(spoken({ rotation: inFlight(fields) })).toBe(`app reads version 2; ${words}`);
});

test('a journal, or a list, that cannot be read is said to be so, or says nothing', () => {
  const odd = recordOf({ 'key-warden.rotation': '?' });
  expect(spoken({}, { record: odd })).toMatch(/its rotation is in a form that this release does not read$/);
  expect(spoken({}, { record: recordOf({ 'key-warden.history': '?', 'key-warden.retired': '?' }) })).toBe(
    'app reads version 2',
  );
});
