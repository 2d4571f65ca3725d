import { describe, expect, test } from '@jest/globals';
import { partOf, valueOf } from '../../../src/core/record/part.ts';
import { annotationOf, changeOf, recordOf } from '../../../src/core/record/secret-record.ts';
import { ago, inFlight, NOW, resting } from '../../support/journals.ts';
import { writeHealth, writeHistory, writeJournal, writeRetired, writeSilence } from '../../support/annotations.ts';
import { EPISODE } from '../../support/notices.ts';
import { ROTATION_FORM } from '../../../src/core/record/journal-text.ts';
import { POLICY_FORM } from '../../../src/core/record/policy-text.ts';
import { SILENCE_FORM } from '../../../src/core/record/silence.ts';

const ROTATION = annotationOf('rotation');
const HEALTH = annotationOf('health');
const RETIRED = annotationOf('retired');

/** A text with members put behind its first brace. */
const grown = (text: string | null, members: string) => `{${members},${(text ?? '').slice(1)}`;

describe('the record of a secret', () => {
  test('of which nothing is remembered is empty, and every part says so in one way', () => {
    const record = recordOf({ theirs: 'x' });
    expect(valueOf(record.rotation)).toEqual(resting());
    expect(valueOf(record.health)).toEqual({ is: 'well', episodes: 0 });
    expect([valueOf(record.retired), valueOf(record.history), valueOf(record.silence)]).toEqual([[], [], null]);
    expect(Object.values(record).every(({ is, text }) => is === 'read' && text === undefined)).toBe(true);
    expect(changeOf(record, {})).toEqual({});
  });

  test.each(['rotation', 'retired', 'history', 'health', 'outage', 'projectOutage', 'silence', 'policy'] as const)(
    'of a newer release is unreadable, and left alone: %s',
    (part) => {
      const record = recordOf({ [annotationOf(part)]: '{"v":2}' });
      expect(record[part]).toEqual({ is: 'unreadable', why: expect.any(String), text: '{"v":2}' });
      expect(changeOf(record, {})).toEqual({});
    },
  );

  test('has no value where it is unreadable', () => {
    expect(valueOf(recordOf({ [HEALTH]: '{"v":2}' }).health)).toBeUndefined();
  });

  test('is read once, and only where somebody asks', () => {
    const record = recordOf({ [ROTATION]: writeJournal(inFlight()) ?? '' });
    expect(record.rotation).toBe(record.rotation);
  });
});

describe('a change', () => {
  test('writes what differs and nothing else', () => {
    const texts = { [ROTATION]: writeJournal(inFlight()) ?? '', [HEALTH]: writeHealth({ is: 'well', episodes: 1 }) };
    const after = inFlight({ phase: 'verified' });
    expect(changeOf(recordOf(texts), { rotation: after, health: { is: 'well', episodes: 1 } })).toEqual({
      [ROTATION]: writeJournal(after),
    });
  });

  test('leaves a text as a person wrote it while it says the same', () => {
    const text = JSON.stringify(JSON.parse(writeHealth({ is: 'well', episodes: 1 })), undefined, 2);
    expect(changeOf(recordOf({ [HEALTH]: text }), { health: { is: 'well', episodes: 1 } })).toEqual({});
  });

  test('removes what is no longer needed, and forgets on demand', () => {
    const record = recordOf({ [ROTATION]: writeJournal(inFlight()) ?? '', [HEALTH]: '{"v":9}' });
    expect(changeOf(record, { rotation: resting(), retired: [], health: null, silence: null })).toEqual({
      [ROTATION]: null,
      [HEALTH]: null,
    });
  });

  test('over what is not understood is what somebody asked for', () => {
    const record = recordOf({ [ROTATION]: '{"v":9,"x":1}' });
    expect(changeOf(record, { rotation: inFlight() })).toEqual({ [ROTATION]: writeJournal(inFlight()) });
  });

  test('of the mark is the mark', () => {
    const name = annotationOf('announcedUnreadable');
    expect(changeOf(recordOf({}), { announcedUnreadable: 'a1' })).toEqual({ [name]: 'a1' });
    expect(changeOf(recordOf({ [name]: 'a1' }), { announcedUnreadable: 'b2' })).toEqual({ [name]: 'b2' });
  });
});

describe('what an older release does not know', () => {
  test('at rest is carried along in flight, and back (I6)', () => {
    const rest = grown(writeJournal(resting({ failures: 1 })), '"kept":1.0');
    const flight = changeOf(recordOf({ [ROTATION]: rest }), { rotation: inFlight() })[ROTATION] ?? '';
    expect(flight).toContain('"passedOver":[],"kept":1.0}}');
    const own = grown(flight, '"own" : 1e2, "kept" : 2');
    const back = changeOf(recordOf({ [ROTATION]: own }), { rotation: resting() })[ROTATION];
    expect(back).toBe('{"v":1,"phase":"resting","failures":0,"passedOver":[],"kept":1.0,"own" : 1e2}');
    expect(valueOf(partOf(ROTATION_FORM, back ?? ''))).toEqual(resting());
  });

  test('stays with an episode that is over and not told yet, and goes with it', () => {
    const text = writeHealth({ is: 'sick', episodes: 1, episode: EPISODE }).replace('"id"', '"ticket":"T-1","id"');
    const over = { is: 'well', episodes: 1, since: NOW, untold: EPISODE } as const;
    const untold = changeOf(recordOf({ [HEALTH]: text }), { health: over })[HEALTH] ?? '';
    expect(untold).toMatch(/"untold":\{.*,"ticket":"T-1"\}\}$/);
    const told = changeOf(recordOf({ [HEALTH]: untold }), { health: { is: 'well', episodes: 1, since: NOW } });
    expect(told[HEALTH]).not.toContain('ticket');
  });

  test('stays with its entry of a list, wherever that stands, and goes with it', () => {
    const entry = (version: number) => ({ version, at: ago(version), rotation: `kw-${version}` });
    const text = (writeRetired([entry(1), entry(2)]) ?? '').replace('"version":2', '"more":[2.0],"version":2');
    const record = recordOf({ [RETIRED]: text });
    const moved = changeOf(record, { retired: [entry(3), entry(2), entry(1)] })[RETIRED];
    expect(moved).toContain('"rotation":"kw-2","more":[2.0]}');
    expect(changeOf(record, { retired: [entry(1)] })[RETIRED]).not.toContain('more');
  });

  test('of a list itself outlives its last entry', () => {
    const entry = { version: 1, at: NOW, rotation: 'kw-1' };
    const record = recordOf({ [RETIRED]: grown(writeRetired([entry]), '"kept":true') });
    expect(changeOf(record, { retired: [] })).toEqual({ [RETIRED]: '{"v":1,"list":[],"kept":true}' });
  });

  test('by the same name as a field that is written now gives way to it', () => {
    const text = grown(writeHealth({ is: 'well', episodes: 0 }), '"runs":7');
    const health = { is: 'suspect', episodes: 0, since: NOW, cause: 'timeout', runs: 1 } as const;
    expect(changeOf(recordOf({ [HEALTH]: text }), { health })[HEALTH]).toBe(writeHealth(health));
  });
});

test('a policy is people’s own: it is read, and never written', () => {
  expect(POLICY_FORM.write({ a: 1 })).toBe('{"a":1}');
  expect(POLICY_FORM.rewrite('as it is', {}, { a: 1 })).toBe('as it is');
  expect(writeSilence({ owner: 'a', reason: 'b', until: NOW })).toBe(
    SILENCE_FORM.write({ owner: 'a', reason: 'b', until: NOW }),
  );
  expect(writeHistory([])).toBeNull();
});
