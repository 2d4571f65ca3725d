import { recordOf } from '../../../src/core/record/secret-record.ts';
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { rememberedIssuer } from '../../../src/app/reconcile/remembered-issuer.ts';
import type { Journal } from '../../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal } from '../../support/annotations.ts';
import { ago, HOUR_MS, inFlight, NOW, resting } from '../../support/journals.ts';
import { stillClock } from '../../support/still-clock.ts';
import { memoryIssuer } from '../../support/twins/memory-issuer.ts';

const MINE = 'projects/1/secrets/mine';
const MINE_NOW = { name: MINE, createdAt: NOW, record: recordOf({}) };
const marks = (secret: string) => ({ 'key-warden-rotation': 'kw-1', 'key-warden-secret': secret });

const journaled = (journal: Journal) => recordOf({ [ROTATION_ANNOTATION]: writeJournal(journal) ?? '' });

function keys() {
  const issuer = memoryIssuer();
  const project = '1';
  const other = issuer.plant({ project, keyId: 'kw-other', annotations: marks('projects/1/secrets/other') });
  const foreign = issuer.plant({ project, keyId: 'foreign' });
  const mine = issuer.plant({ project, keyId: 'kw-mine', annotations: marks(MINE) });
  return { issuer, other, foreign, mine, forSecret: rememberedIssuer(issuer) };
}

describe('an issuer that remembers for one run', () => {
  test('lists the keys made for the secret first, those made for others last, and asks once', async () => {
    const { issuer, other, foreign, mine, forSecret } = keys();
    const names: string[] = [];
    for await (const { name } of forSecret(MINE_NOW).list('1', false)) names.push(name);
    expect(names).toEqual([mine.name, foreign.name, other.name]);
    for await (const { name } of forSecret({ ...MINE_NOW, name: 'projects/1/secrets/other' }).list('1', false))
      names.push(name);
    expect(names.slice(3)).toEqual([other.name, foreign.name, mine.name]);
    expect(issuer.calls).toEqual(['list']);
    for await (const { name } of forSecret(MINE_NOW).list('1', true)) names.push(name);
    expect(issuer.calls).toEqual(['list', 'list']);
  });

  test.each([
    ['was', recordOf({}), 'bca'],
    ['was, or its rotation was begun', journaled(inFlight({ openedAt: ago(-2) })), 'cba'],
    ['was, where no rotation is under way', journaled(resting({ failures: 1 })), 'bca'],
  ])('lists first what was made about when the secret %s', async (_, record, order) => {
    const clock = stillClock();
    const issuer = memoryIssuer(clock.now);
    for (const keyId of ['a', 'b', 'c']) {
      issuer.plant({ project: '1', keyId });
      await clock.sleep(HOUR_MS);
    }
    const names: string[] = [];
    const secret = { name: MINE, createdAt: ago(-1.2), record };
    for await (const { name } of rememberedIssuer(issuer)(secret).list('1', false)) names.push(name.slice(-1));
    expect(names.join('')).toBe(order);
  });

  test('reads a key that no rotation made once, however many ask at the same time', async () => {
    const { issuer, foreign, forSecret } = keys();
    for await (const { name } of forSecret(MINE_NOW).list('1', false)) expect(name).toContain('keys/');
    const asked = Array.from({ length: 5 }, () => forSecret(MINE_NOW).keyString(foreign.name));
    expect(new Set((await Promise.all(asked)).map((key) => key.reveal())).size).toBe(1);
    expect(issuer.calls).toEqual(['list', 'keyString']);
  });

  test('reads a key that a rotation made whenever it is asked: its word is proof (I2)', async () => {
    const { issuer, mine, forSecret } = keys();
    for await (const { name } of forSecret(MINE_NOW).list('1', false)) expect(name).toContain('keys/');
    await forSecret(MINE_NOW).keyString(mine.name);
    await forSecret(MINE_NOW).keyString(mine.name);
    expect(issuer.calls).toEqual(['list', 'keyString', 'keyString']);
  });

  test('remembers trouble as well: a full quota is not made fuller', async () => {
    const { issuer, foreign, forSecret } = keys();
    for await (const { name } of forSecret(MINE_NOW).list('1', false)) expect(name).toContain('keys/');
    issuer.failNext('keyString', new Fault('limited', 'slow down'));
    await expect(forSecret(MINE_NOW).keyString(foreign.name)).rejects.toThrow('slow down');
    await expect(forSecret(MINE_NOW).keyString(foreign.name)).rejects.toThrow('slow down');
    expect((await rememberedIssuer(issuer)(MINE_NOW).keyString(foreign.name)).kind).toBe('standard');
  });
});
