import { beforeAll, describe, expect, test } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { plusMs } from '../../../src/core/values/time.ts';
import type { Part } from './fleet.ts';
import { judge } from './judge.ts';
import { quarter, type Lived } from './quarter.ts';
import { drainsOf, summaryOf } from './table.ts';

const MINUTE_MS = 60_000;

describe('a quarter of forty keys, all due in one afternoon', () => {
  let lived: Lived;

  beforeAll(async () => {
    lived = await quarter({ keys: 40, keysPerProject: 10, spreadDays: 0, checkEveryMinutes: 720 });
  });

  test('keeps to everything that is promised', () => {
    expect(judge(lived).filter(({ kept }) => !kept)).toEqual([]);
  });

  test('has people and tools in it who get in the way, and are told of what comes of that', () => {
    const told = lived.heard.map(({ notice }) => notice);
    const about = (part: Part) => lived.fleet.filter((member) => member.part === part).map(({ secret }) => secret);
    const typesAbout = (part: Part) =>
      told.flatMap((notice) => ('secret' in notice && about(part).includes(notice.secret) ? [notice.type] : []));
    expect(typesAbout('written back')).toContain('rotation.abandoned');
    expect(typesAbout('alias taken')).toContain('secret.warning');
    expect(typesAbout('leaked').filter((type) => type === 'leak.closed')).toHaveLength(3);
    expect(typesAbout('taken back').filter((type) => type === 'rotation.completed')).toHaveLength(2);
    const keys = lived.fleet.filter(({ part }) => part === 'shared').map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]?.deletedAt).toBeDefined();
  });

  test('ends the drain of keys that are brought to their consumers sooner', () => {
    const [brought, waited] = [true, false].map((onRun) => drainsOf(lived, onRun).toSorted((a, b) => a - b));
    expect(brought?.length).toBeGreaterThan(5);
    expect(brought?.at(-1)).toBeLessThan(waited?.at(0) ?? 0);
  });

  test('is told in a table that needs no colour', () => {
    const judged = judge(lived);
    const told = summaryOf(lived, judged, false);
    expect(told).toContain('A quarter of 40 keys in 4 projects, all due in one afternoon');
    expect(told).toMatch(/^ *5 +40 /m);
    expect(told).toMatch(/^ *channel +messages +in its worst week /m);
    expect(told).toMatch(/until consumers have the new key +\d+ +0\.1 /);
    expect(told).toMatch(/^ *from a promotion to its end, the new key brought to consumers on Cloud Run +\d+ /m);
    expect(told).toMatch(/^ *from a leak until the key is refused +3 /m);
    expect(told.match(/^kept /gm)).toHaveLength(judged.length);
    expect(stripVTControlCharacters(told)).toBe(told);
    expect(stripVTControlCharacters(summaryOf(lived, judged, true))).toBe(told);
  });

  test.each<[string, (lived: Lived) => Partial<Lived>]>([
    ['refused key', ({ seen }) => ({ seen: { ...seen, violations: ['a reader got nothing'] } })],
    [
      'rotated once',
      ({ seen, fleet }) => ({ seen: { ...seen, records: withTwo(seen.records, fleet.at(-1)?.secret) } }),
    ],
    ['is late', ({ dueAt }) => ({ dueAt: (created) => plusMs(dueAt(created), -40 * 60 * MINUTE_MS) })],
    ['not yet promoted', () => ({ rotationsMax: 1 })],
    ['every drain ends', ({ seen }) => ({ seen: { ...seen, flying: () => ({ inFlight: 1, young: 0, letGoOn: 0 }) } })],
    [
      'every leak is closed',
      ({ seen }) => ({
        seen: { ...seen, records: new Map([...seen.records].map(([name, one]) => [name, { ...one, openLeaks: 1 }])) },
      }),
    ],
    [
      'is deleted within',
      ({ heard }) => ({
        heard: heard.map((one) =>
          one.notice.type === 'leak.closed'
            ? { ...one, notice: { ...one.notice, at: plusMs(one.notice.at, -30 * MINUTE_MS) } }
            : one,
        ),
      }),
    ],
    ['old keys are gone', ({ fleet }) => ({ fleet: fleet.slice(1) })],
    [
      'Secret Manager reads',
      ({ calls }) => ({ calls: { ...calls, busiest: () => ({ calls: 601, minute: undefined }) } }),
    ],
    ['300 keys', () => ({ mostCounted: { keys: 300 } })],
    ['cut off', ({ runs }) => ({ runs: { ...runs, cutOff: 1 } })],
    ['for people', ({ heard }) => ({ heard: [...heard, ...heard].map((one) => ({ ...one, isForPeople: true })) })],
    ['a team reads', ({ messages }) => ({ messages: [...messages, ...messages, ...messages] })],
    ['the pager rings', ({ messages }) => ({ messages: [...messages, ...messages] })],
    ['needed them', ({ messages }) => ({ messages: messages.map((one) => ({ ...one, needed: false })) })],
    ['restarted once', ({ marks }) => ({ marks: new Map([...marks].map(([secret]) => [secret, []])) })],
    ['16 KiB', ({ seen }) => ({ seen: { ...seen, annotationBytesMost: () => 16_385 } })],
    ['cost', ({ seen }) => ({ seen: { ...seen, versionMs: () => 2 * seen.versionMs() } })],
  ])('would not pass over a broken promise: %s', (must, broken) => {
    const judged = judge({ ...lived, ...broken(lived) }).filter(({ kept }) => !kept);
    expect(judged.map((one) => one.must).join()).toContain(must);
  });
});

function withTwo(records: Lived['seen']['records'], secret = ''): Lived['seen']['records'] {
  const record = records.get(secret);
  if (record === undefined) throw new Error('the fleet has this secret');
  return new Map([...records, [secret, { ...record, completed: [...record.completed, ...record.completed] }]]);
}
