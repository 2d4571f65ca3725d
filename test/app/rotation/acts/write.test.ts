import { describe, expect, test } from '@jest/globals';
import { candidateKey, write } from '../../../../src/app/rotation/acts/write.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import { KeyText } from '../../../../src/core/key/key-text.ts';
import { ago, NOW } from '../../../support/journals.ts';
import { OVERLOADED, rotationStage, THROTTLED } from '../../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../../support/stage.ts';

/** A stage whose rotation has minted a key. */
async function writeStage() {
  const set = await rotationStage();
  const { issued, characters } = await set.key('kw-1');
  const toKey = { name: issued.name, uid: issued.uid };
  return { ...set, characters, at: { phase: 'minted', from: 1, to: undefined, toKey } as const };
}

describe('the new key becomes a version', () => {
  test('with its bytes alone, after it was proven (I3)', async () => {
    const { vault, prober, scene, at, secret, characters } = await writeStage();
    expect(await write(scene(at))).toEqual({ kind: 'done', to: 2 });
    expect(new TextDecoder().decode((await vault.read(secret, 2)).bytes)).toBe(characters);
    expect(prober.probes.map(({ depth }) => depth)).toEqual(['list', 'generate']);
  });

  test('once: an add whose answer was lost is found again', async () => {
    const { vault, scene, at, states } = await writeStage();
    vault.loseNext('add', new Fault('timeout', 'the answer was lost'));
    expect(await write(scene(at))).toEqual({ kind: 'unsure', why: 'the answer was lost', hold: false, passes: true });
    expect(await write(scene(at))).toEqual({ kind: 'done', to: 2 });
    expect(await states()).toHaveLength(2);
  });

  test('a new one where the earlier one was disabled, or is older than the rotation', async () => {
    const { vault, add, scene, at, secret, characters } = await writeStage();
    const earlier = await add(characters);
    expect(await write(scene({ ...at, from: earlier }))).toEqual({ kind: 'done', to: 3 });
    await vault.disable(secret, await vault.lookVersion(secret, 3));
    expect(await write(scene({ ...at, from: earlier }))).toEqual({ kind: 'done', to: 4 });
  });

  test('whatever a person added meanwhile', async () => {
    const { add, scene, at } = await writeStage();
    await add(STANDARD_KEY);
    await add(' ');
    expect(await write(scene(at))).toEqual({ kind: 'done', to: 4 });
  });

  test('when it was handed to this process', async () => {
    const { scene } = await writeStage();
    const supplied = new KeyText(STANDARD_KEY);
    expect(await write(scene({ phase: 'minted', candidate: 'supplied' }, { supplied }))).toEqual({
      kind: 'done',
      to: 2,
    });
  });
});

describe('nothing is added', () => {
  test('when the key died with the process that was given it', async () => {
    const { vault, scene } = await writeStage();
    expect(await write(scene({ phase: 'minted', candidate: 'supplied' }))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/nobody else has it$/),
    });
    expect(vault.calls.filter((call) => call === 'add')).toHaveLength(1);
  });

  test.each([
    ['not_found', { kind: 'refused', why: 'no string' }],
    ['unavailable', { kind: 'unsure', why: 'no string', hold: false, passes: true }],
  ] as const)('when the issuer does not give the key: %s', async (code, outcome) => {
    const { issuer, scene, at } = await writeStage();
    issuer.failNext('keyString', new Fault(code, 'no string'));
    expect(await write(scene(at))).toEqual(outcome);
  });

  test('when it cannot be seen whether it is there already', async () => {
    const { vault, scene, at, states } = await writeStage();
    vault.failNext('versions', new Fault('unavailable', 'no list'));
    expect(await write(scene(at))).toEqual({ kind: 'unsure', why: 'no list', hold: false, passes: true });
    expect(await states()).toHaveLength(1);
  });

  describe('while the key is not proven (I3)', () => {
    const supplied = new KeyText(DEAD_KEY);
    const at = { phase: 'minted', candidate: 'supplied', toKey: undefined, to: undefined } as const;

    test('a fresh key that is refused gets its time', async () => {
      const { scene, states } = await writeStage();
      expect(await write(scene(at, { supplied }))).toMatchObject({
        kind: 'wait',
        until: NOW + 30_000,
        why: expect.stringContaining('key_invalid'),
      });
      expect(await states()).toHaveLength(1);
    });

    test('its time runs from the mint, however long that was in coming', async () => {
      const { scene } = await writeStage();
      expect(await write(scene({ ...at, openedAt: ago(9) }, { supplied }))).toMatchObject({ kind: 'wait' });
    });

    test('a key that had its time is believed to be bad', async () => {
      const { clock, scene, states } = await writeStage();
      await clock.sleep(20 * 60_000 - 1);
      expect(await write(scene(at, { supplied }))).toMatchObject({ kind: 'wait' });
      await clock.sleep(1);
      expect(await write(scene(at, { supplied }))).toMatchObject({
        kind: 'refused',
        why: expect.stringContaining('key_invalid'),
      });
      expect(await states()).toHaveLength(1);
    });

    test.each([
      ['overloaded', OVERLOADED],
      ['rate_limited', THROTTLED],
    ])('an answer that says nothing against it is no refusal: %s', async (cause, answer) => {
      const { prober, scene } = await writeStage();
      prober.script(DEAD_KEY, 'list', answer);
      expect(await write(scene(at, { supplied }))).toMatchObject({
        kind: 'unsure',
        why: expect.stringContaining(`${cause}: `),
      });
    });

    test('a look that could not go deep is not enough (I2)', async () => {
      const { prober, scene } = await writeStage();
      prober.script(DEAD_KEY, 'list', {
        status: 200,
        body: { models: [{ name: 'models/embedding', supportedGenerationMethods: ['embedContent'] }] },
      });
      expect(await write(scene(at, { supplied }))).toEqual({
        kind: 'unsure',
        why: 'deep probe skipped: no listed model can generate',
      });
    });
  });
});

test('the candidate is the issuer’s key before one that was handed over', async () => {
  const { scene, at, characters } = await writeStage();
  const supplied = new KeyText(GOOD_KEY);
  expect(await candidateKey(scene(at, { supplied }))).toEqual(new KeyText(characters));
  expect(await candidateKey(scene({ toKey: undefined }, { supplied }))).toBe(supplied);
});
