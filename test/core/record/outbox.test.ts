import { describe, expect, test } from '@jest/globals';
import { OUTBOX_MAX, withoutTold, withUntold, type Untold } from '../../../src/core/record/outbox.ts';
import { changeOf, recordOf } from '../../../src/core/record/secret-record.ts';

const opened = (id: string): Untold => ({ step: 'opened', id });
const held = (id: string): Untold => ({ step: 'held', id });
const many = (count: number, of: (id: string) => Untold) => Array.from({ length: count }, (_, at) => of(`kw-${at}`));

describe('an outbox', () => {
  test('holds a step once, at its latest place', () => {
    expect(withUntold([opened('kw-1'), held('kw-1')], opened('kw-1'))).toEqual([held('kw-1'), opened('kw-1')]);
  });

  test('loses what was told, and nothing else', () => {
    expect(withoutTold([opened('kw-1'), held('kw-1'), opened('kw-2')], [opened('kw-1')])).toEqual([
      held('kw-1'),
      opened('kw-2'),
    ]);
  });

  test('that is full gives up the oldest beginning, never a hold', () => {
    const full = [held('kw-h'), ...many(OUTBOX_MAX - 1, opened)];
    expect(withUntold(full, held('kw-i'))).toEqual([full[0], ...full.slice(2), held('kw-i')]);
  });

  test.each([
    ['a promotion', 'promoted', 'abandoned'],
    ['what was given up', 'abandoned', 'completed'],
    ['an end', 'completed', 'held'],
  ] as const)('that is full gives up %s first', (_, less, more) => {
    const full: readonly Untold[] = [...many(OUTBOX_MAX - 1, (id) => ({ step: more, id })), { step: less, id: 'kw-x' }];
    expect(withUntold(full, held('kw-y'))).not.toContainEqual({ step: less, id: 'kw-x' });
  });

  test('of holds alone gives up the oldest', () => {
    expect(withUntold(many(OUTBOX_MAX, held), held('kw-y'))).toEqual([
      ...many(OUTBOX_MAX, held).slice(1),
      held('kw-y'),
    ]);
  });

  test('that is empty leaves no annotation', () => {
    const full = changeOf(recordOf({}), { outbox: [opened('kw-1')] });
    expect(full).toEqual({ 'key-warden.outbox': '{"v":1,"list":[{"step":"opened","id":"kw-1"}]}' });
    const text = full['key-warden.outbox'] ?? '';
    expect(changeOf(recordOf({ 'key-warden.outbox': text }), { outbox: [] })).toEqual({ 'key-warden.outbox': null });
  });
});
