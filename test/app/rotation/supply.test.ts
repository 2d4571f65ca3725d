import { describe, expect, test } from '@jest/globals';
import { examineSupply } from '../../../src/app/rotation/supply.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal, writeHistory } from '../../support/annotations.ts';
import { HISTORY_ANNOTATION, type Past } from '../../../src/core/record/ledger.ts';
import { inFlight, NOW } from '../../support/journals.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, stage, STANDARD_KEY } from '../../support/stage.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function supplied(text: string, current: number | null = 1) {
  const on = stage();
  const name = await on.secret('app-key', [STANDARD_KEY], { current });
  const supply = await examineSupply(
    on.ports,
    name,
    { bytes: bytes(text), emergency: false },
    ORDER.secretPolicy.checks,
  );
  return { ...on, supply };
}

describe('a supplied key', () => {
  test('that works is taken', async () => {
    const { supply, prober } = await supplied(GOOD_KEY);
    expect('key' in supply && supply.key.reveal()).toBe(GOOD_KEY);
    expect(prober.probes.map(({ depth }) => depth)).toEqual(['list', 'generate']);
  });

  test.each([
    ['empty', '', 'the value is empty or only white space'],
    ['with a newline', `${GOOD_KEY}\n`, 'it ends in a newline'],
    ['that consumers read already', STANDARD_KEY, 'consumers read already (version 1)'],
    ['that is dead', DEAD_KEY, 'Google does not know this key: API key not valid'],
  ])('%s is refused with the cause, and nothing is written', async (_, text, why) => {
    const { supply, vault } = await supplied(text);
    expect(supply).toEqual({ refused: expect.stringContaining(why) });
    expect(vault.calls.filter((call) => call === 'add')).toHaveLength(1); // the stage's own
  });

  test('is compared with latest where current was never set', async () => {
    expect((await supplied(STANDARD_KEY, null)).supply).toEqual({
      refused: expect.stringContaining('consumers read already'),
    });
  });

  test('that could not be probed deep is not taken', async () => {
    const on = stage();
    const name = await on.secret('app-key', [STANDARD_KEY]);
    on.prober.script(GOOD_KEY, 'list', {
      status: 200,
      body: { models: [{ name: 'models/text-embedding-1', supportedGenerationMethods: ['embedContent'] }] },
    });
    expect(
      await examineSupply(on.ports, name, { bytes: bytes(GOOD_KEY), emergency: false }, ORDER.secretPolicy.checks),
    ).toEqual({
      undecided: 'deep probe skipped: no listed model can generate',
    });
  });

  test('that Google says nothing about now is neither taken nor refused', async () => {
    const on = stage();
    const name = await on.secret('app-key', [STANDARD_KEY]);
    for (const status of [429, 503]) {
      on.prober.script(GOOD_KEY, 'list', { status, body: { error: { code: status, message: 'later' } } });
      expect(
        await examineSupply(on.ports, name, { bytes: bytes(GOOD_KEY), emergency: false }, ORDER.secretPolicy.checks),
      ).toEqual({
        undecided: expect.stringContaining('later'),
      });
    }
  });
});

describe('a key that consumers read already', () => {
  const PAST = { id: 'kw-1', reason: 'request', outcome: 'completed', from: 2, to: 1, at: NOW } as const;
  const supplyAfter = async (annotations: Readonly<Record<string, string | null>>, emergency: boolean) => {
    const on = stage();
    const name = await on.secret('app-key', [STANDARD_KEY], { current: 1 });
    await on.vault.commit(await on.vault.look(name), { annotations });
    return examineSupply(on.ports, name, { bytes: bytes(STANDARD_KEY), emergency }, ORDER.secretPolicy.checks);
  };
  const flying = (fields: Partial<InFlight>) => ({
    [ROTATION_ANNOTATION]: writeJournal(inFlight({ phase: 'promoted', from: 2, to: 1, ...fields })),
  });
  const ended = (fields: Partial<Past>) => ({ [HISTORY_ANNOTATION]: writeHistory([{ ...PAST, ...fields }]) });

  test.each([
    ['just now', flying({}), false],
    ['and the drain is over', flying({ phase: 'drained' }), false],
    ['in an emergency', flying({ emergency: true }), true],
    ['and it has ended', ended({}), false],
    ['in an emergency that has ended', ended({ reason: 'leaked' }), true],
  ])('because a rotation gave it to them %s, needs none: the command may be given twice', async (_, on, emergency) => {
    expect(await supplyAfter(on, emergency)).toEqual({
      already: expect.stringMatching(/\(version 1, by rotation kw-/),
    });
  });

  test.each([
    ['it is to be left in an emergency', flying({}), true],
    ['consumers are about to leave it', flying({ phase: 'reverting' }), false],
    ['a rotation is about to replace it', flying({ from: 1, to: 3 }), false],
    ['the emergency is newer', ended({}), true],
    ['its rotation was given up', ended({ outcome: 'abandoned' }), false],
    ['another one was promoted', ended({ to: 3 }), false],
    ['the journal cannot be read', { [ROTATION_ANNOTATION]: '{}' }, false],
    ['the history cannot be read', { [HISTORY_ANNOTATION]: '{}' }, false],
  ])('is refused where that says nothing about the request: %s', async (_, on, emergency) => {
    expect(await supplyAfter(on, emergency)).toEqual({ refused: expect.stringContaining('consumers read already') });
  });
});
