import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { POLICY_ANNOTATION } from '../../src/core/record/policy-text.ts';
import { ROTATION_ANNOTATION } from '../../src/core/record/journal-text.ts';
import { readJournal, writeJournal } from '../support/annotations.ts';
import { CLOSED_SETS } from './closed-sets.ts';
import { frozenCauses, withSums } from './freeze.ts';
import { FORMS } from './forms.ts';
import { changesOf, frozenOf, misreadingsOf, RULE, unfrozenOf, type Files } from './frozen.ts';

const V1 = new URL('./v1/', import.meta.url);
const SUMS = readFileSync(new URL('SHA256SUMS', V1), 'utf8');
const FILES: Files = new Map(
  readdirSync(V1)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, readFileSync(new URL(name, V1), 'utf8')]),
);

describe('what releases in the field wrote', () => {
  test('is what it was: files are added, never changed', () => {
    expect(FILES.size).toBeGreaterThan(70);
    expect(changesOf(FILES, SUMS)).toEqual([]);
  });

  test('is read as it was meant, and written back byte for byte (I6)', () => {
    expect(misreadingsOf(FILES, FORMS)).toEqual([]);
  });

  test('is carried through byte for byte where this release does not know it, and a writer that drops it is found', () => {
    const carried = new Map([...FILES].filter(([, one]) => frozenOf(one).written !== undefined));
    expect(carried.size).toBeGreaterThan(5);
    expect(misreadingsOf(carried, FORMS)).toEqual([]);
    const dropping = Object.fromEntries(
      Object.entries(FORMS).map(([annotation, form]) => [annotation, { ...form, change: form.rewrite }]),
    );
    expect(misreadingsOf(carried, dropping)).toHaveLength(carried.size);
  });

  test('is frozen for every annotation that holds a record', () => {
    const annotations = new Set([...FILES.values()].map((file) => frozenOf(file).annotation));
    expect([...annotations].toSorted()).toEqual(Object.keys(FORMS).toSorted());
  });

  test('is frozen for every word of a closed set that is stored, and every field of a policy', () => {
    expect(unfrozenOf(FILES, CLOSED_SETS)).toEqual([]);
  });
});

describe('says what to do when', () => {
  const name = 'rotation-drained-least.json';
  const file = FILES.get(name) ?? '';

  test('a file was changed, even by one byte', () => {
    expect(changesOf(new Map([...FILES, [name, `${file}\n`]]), SUMS)).toEqual([`v1/${name} was changed. ${RULE}`]);
  });

  test('a file is gone', () => {
    const others = new Map([...FILES].filter(([other]) => other !== name));
    expect(changesOf(others, SUMS)).toEqual([`v1/${name} is gone. ${RULE}`]);
  });

  test('a file was added and is not listed yet', () => {
    expect(changesOf(new Map([...FILES, ['new.json', 'x']]), SUMS)).toEqual([
      'v1/new.json is new: npm run papers adds the line "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881  new.json" to v1/SHA256SUMS.',
    ]);
  });

  test('a cause was added, which npm run papers freezes and lists', () => {
    const added = frozenCauses([...FILES.keys()], ['ok', 'key_invalid', 'planted']);
    expect([...added.keys()]).toEqual(['health-cause-planted.json']);
    const known = frozenCauses([], ['key_invalid']);
    expect(known.get('health-cause-key_invalid.json')).toBe(FILES.get('health-cause-key_invalid.json'));
    const files = new Map([...FILES, ...added]);
    expect(changesOf(files, withSums(files, SUMS))).toEqual([]);
    expect(withSums(FILES, SUMS)).toBe(SUMS);
    const spoiled = new Map([...FILES, [name, `${file}\n`]]);
    expect(withSums(spoiled, SUMS)).toBe(SUMS);
  });

  const DRAINS = ['rotation-drained-measured.json', 'rotation-drained-unmeasured.json'];

  /** The rotations of a release that calls the phase `drained` something else. */
  const read = (text: string) => readJournal(text.replace('"phase":"drained"', '"phase":"emptied"'));
  const rewrite = (text: string) => {
    const journal = readJournal(text);
    return journal && writeJournal(journal)?.replace('"phase":"drained"', '"phase":"emptied"');
  };
  const drained = ['rotation-carried-to-rest.json', 'rotation-drained-full.json', name, ...DRAINS];

  test('a phase was renamed, and what is on disk cannot be read any more', () => {
    expect(misreadingsOf(FILES, { ...FORMS, [ROTATION_ANNOTATION]: { read, rewrite } })).toEqual(
      drained.map((one) => `v1/${one} cannot be read any more. ${RULE}`),
    );
  });

  test('a phase was renamed, and earlier releases cannot read what is written', () => {
    const found = misreadingsOf(FILES, { ...FORMS, [ROTATION_ANNOTATION]: { read: readJournal, rewrite } });
    expect(found).toHaveLength(2 + DRAINS.length);
    expect(found[1]).toBe(`v1/${name} is written back otherwise: ${rewrite(frozenOf(file).text)}. ${RULE}`);
  });

  test('a text is taken for something else', () => {
    const resting = { read: () => ({ phase: 'resting' }) };
    expect(misreadingsOf(new Map([[name, file]]), { [ROTATION_ANNOTATION]: resting })).toEqual([
      `v1/${name} is read as something else: {"phase":"resting"}. ${RULE}`,
    ]);
  });

  test('an annotation was renamed', () => {
    expect(misreadingsOf(new Map([[name, file]]), {})).toEqual([
      `v1/${name}: nothing reads the annotation ${ROTATION_ANNOTATION} any more. ${RULE}`,
    ]);
  });

  test('a member was added, or a renamed one is taken for a new one', () => {
    const found = unfrozenOf(FILES, [
      { annotation: ROTATION_ANNOTATION, field: 'phase', members: ['drained', 'emptied'] },
      { annotation: POLICY_ANNOTATION, members: ['retentionDays', 'keepDays'] },
    ]);
    expect(found).toEqual([
      expect.stringContaining(`holds "phase":"emptied" of ${ROTATION_ANNOTATION}. If it is new: add a file`),
      expect.stringContaining(`holds the field "keepDays" of ${POLICY_ANNOTATION}. If it is new: add a file`),
    ]);
    expect(found.every((sentence) => sentence.endsWith(RULE))).toBe(true);
  });
});
