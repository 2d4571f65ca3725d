import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { changeOf, recordOf, type RecordChange, type SecretRecord } from '../../../src/core/record/secret-record.ts';
import { valueOf, type Part } from '../../../src/core/record/part.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { frozenOf } from '../../record/frozen.ts';
import { NOW } from '../../support/journals.ts';

const V1 = new URL('../../record/v1/', import.meta.url);

/** Every text that a release in the field wrote, but those that only people write. */
const FROZEN = readdirSync(V1)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, ...frozenOf(readFileSync(new URL(name, V1), 'utf8')) }))
  .filter(({ annotation }) => annotation !== 'key-warden.policy');

/** A change to whatever a record remembers, so that its annotation has to be written anew. */
function changed(record: SecretRecord): RecordChange {
  const touched = <T>(part: Part<T>, touch: (value: T) => T): T | undefined =>
    part.is === 'read' && part.text !== undefined ? touch(part.value) : undefined;
  const change = {
    rotation: touched(record.rotation, (journal) =>
      journal.phase === 'resting'
        ? { ...journal, failures: journal.failures + 1 }
        : { ...journal, tries: journal.tries + 1, since: plusMs(journal.since, 1) },
    ),
    health: touched(record.health, (health) => ({ ...health, episodes: health.episodes + 1 })),
    outage: touched(record.outage, (health) => ({ ...health, episodes: health.episodes + 1 })),
    projectOutage: touched(record.projectOutage, (health) => ({ ...health, episodes: health.episodes + 1 })),
    retired: touched(record.retired, (list) => [
      { version: 99, at: NOW, rotation: 'kw-99' },
      ...list.map((entry) => ({ ...entry, deletedAt: NOW })).toReversed(),
    ]),
    history: touched(record.history, (list) => list.map((past) => ({ ...past, why: 'because' })).toReversed()),
    leaks: touched(record.leaks, (list) => list.map((leak) => ({ ...leak, told: leak.told + 1 })).toReversed()),
    outbox: touched(record.outbox, (list) => [{ step: 'held' as const, id: 'kw-99' }, ...list.toReversed()]),
    managedSince: touched(record.managedSince, (mark) => mark && { since: plusMs(mark.since, 1) }),
    tombstones: touched(record.tombstones, ({ retired, leaked }) => ({ retired, leaked: [...leaked, 'T'.repeat(16)] })),
    lastCurrent: touched(record.lastCurrent, (last) => last && { ...last, version: last.version + 1 }),
    wideSilences: touched(record.wideSilences, (list) =>
      list.map((silence) => ({ ...silence, until: plusMs(silence.until, 1) })).toReversed(),
    ),
    freezes: touched(record.freezes, (list) =>
      list.map((one) => ({ ...one, until: plusMs(one.until, 1) })).toReversed(),
    ),
    approvals: touched(record.approvals, (list) =>
      list.map((one) => ({ ...one, until: plusMs(one.until, 1) })).toReversed(),
    ),
    inventoryTold: touched(record.inventoryTold, (memory) => memory && { ...memory, at: plusMs(memory.at, 1) }),
    silence: touched(record.silence, (silence) => silence && { ...silence, until: plusMs(silence.until, 1) }),
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** Members that no release knows: numbers that JSON.parse would round, escapes, blanks, and any other JSON. */
const VALUES = ['1.0', '1e2', '-0', '12345678901234567890', '"\\u00e9\\/"', '{ "b" : [1.50, {"c":null}] }', '[ ]'];
const member = fc
  .tuple(
    fc.constantFrom('"x1"', '"x2"', '"\\u0078\\u0033"', '"__proto__"'),
    fc.oneof(fc.constantFrom(...VALUES), fc.json()),
  )
  .map(([name, value]) => `${name} : ${value}`);

/** JSON text of a value with members put into its objects, wherever `draw` has one; what was put in goes to `put`. */
function withMembers(value: unknown, draw: () => string | undefined, put: string[]): string {
  if (Array.isArray(value)) return `[${value.map((item) => withMembers(item, draw, put)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const texts = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${withMembers(inner, draw, put)}`,
  );
  const own = draw();
  if (own === undefined) return `{${texts.join(',')}}`;
  put.push(own);
  return `{${[own, ...texts].join(', ')}}`;
}

describe('a field that a newer release wrote', () => {
  test.each(FROZEN)('survives in $name, byte for byte and at every level', ({ annotation, text }) => {
    fc.assert(
      fc.property(fc.array(fc.option(member, { nil: undefined }), { minLength: 1, maxLength: 12 }), (members) => {
        const left = [...members];
        const put: string[] = [];
        const grown = withMembers(JSON.parse(text), () => left.shift(), put);
        const before = recordOf({ [annotation]: grown });
        const change = changed(before);
        const written = changeOf(before, change);
        expect(Object.keys(written)).toEqual([annotation]);
        const after = written[annotation] ?? '';
        const rest = put.reduce((whole, slice) => {
          expect(whole).toContain(slice);
          return whole.replace(slice, () => '');
        }, after);
        expect(rest).not.toContain('x1');
        expect(valuesOf(recordOf({ [annotation]: after }))).toMatchObject(JSON.parse(JSON.stringify(change)));
        // What says the same is not written again, however it was put.
        expect(changeOf(before, valuesOf(before))).toEqual({});
      }),
      { numRuns: 15 },
    );
  });
});

/** All that is on record but what only people write. */
function valuesOf({ policy: _policy, ...parts }: SecretRecord): RecordChange {
  return Object.fromEntries(
    Object.entries<Part<unknown>>(parts).flatMap(([name, part]) =>
      part.text === undefined ? [] : [[name, valueOf(part)]],
    ),
  );
}
