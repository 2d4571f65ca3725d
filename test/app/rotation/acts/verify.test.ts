import { describe, expect, test } from '@jest/globals';
import { verify } from '../../../../src/app/rotation/acts/verify.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import { KeyText } from '../../../../src/core/key/key-text.ts';
import { DENIED, OVERLOADED, rotationStage } from '../../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../../support/stage.ts';

const AT = { phase: 'written', candidate: 'adopted', to: 2 } as const;
const PASSED = { passOver: [2] };

describe('a new version is verified', () => {
  test('by reading it back and probing what came back, deep (I2)', async () => {
    const { prober, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    expect(await verify(scene(AT))).toMatchObject({ kind: 'done' });
    const key = new KeyText(STANDARD_KEY);
    expect(prober.probes).toMatchObject([
      { depth: 'list', key },
      { depth: 'generate', key },
    ]);
    expect(prober.probes.every((probe) => probe.key.equals(key))).toBe(true);
  });

  test('by its number, whatever else was added', async () => {
    const { scene } = await rotationStage([GOOD_KEY, STANDARD_KEY, DEAD_KEY]);
    expect(await verify(scene(AT))).toMatchObject({ kind: 'done' });
  });

  test('when it holds the key of this rotation', async () => {
    const { scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    expect(await verify(scene(AT, { supplied: new KeyText(STANDARD_KEY) }))).toMatchObject({ kind: 'done' });
  });
});

describe('a version is refused, and no candidate from then on', () => {
  test('when it holds another key than this rotation’s', async () => {
    const { scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    expect(await verify(scene(AT, { supplied: new KeyText(GOOD_KEY) }))).toEqual({
      kind: 'refused',
      why: 'version 2 does not hold the key of this rotation, as consumers read it',
      learned: PASSED,
    });
  });

  test.each([' ', `${STANDARD_KEY}\n`])('when it holds no clean key: %j', async (stored) => {
    const { prober, scene } = await rotationStage([GOOD_KEY, stored]);
    expect(await verify(scene(AT))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/^version 2 holds no clean key: ./),
      learned: PASSED,
    });
    expect(prober.probes).toEqual([]);
  });

  test.each(['not_found', 'disabled', 'destroyed'] as const)('when it is gone: %s', async (code) => {
    const { vault, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    vault.failNext('read', new Fault(code, 'is gone'));
    expect(await verify(scene(AT))).toEqual({ kind: 'refused', why: 'is gone', learned: PASSED });
  });

  test.each(['dead', 'blocked'])('when its key is %s', async (verdict) => {
    const { prober, scene } = await rotationStage([GOOD_KEY, DEAD_KEY]);
    if (verdict === 'blocked') prober.script(DEAD_KEY, 'list', BLOCKED);
    expect(await verify(scene(AT))).toMatchObject({ kind: 'refused', learned: PASSED });
  });
});

const BLOCKED = {
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'Requests to this API are blocked.',
      status: 'PERMISSION_DENIED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_SERVICE_BLOCKED' }],
    },
  },
};

describe('nothing is concluded', () => {
  test('from trouble with reading', async () => {
    const { vault, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    vault.failNext('read', new Fault('unavailable', 'no answer'));
    expect(await verify(scene(AT))).toEqual({ kind: 'unsure', why: 'no answer', hold: false, passes: true });
  });

  test('while the issuer does not say which key it should be', async () => {
    const { issuer, scene, key, add } = await rotationStage();
    const { issued, characters } = await key();
    const at = { ...AT, toKey: { name: issued.name, uid: issued.uid }, to: await add(characters) };
    issuer.failNext('keyString', new Fault('denied', 'access is missing'));
    expect(await verify(scene(at))).toEqual({ kind: 'unsure', why: 'access is missing', hold: true, passes: false });
    expect(await verify(scene(at))).toMatchObject({ kind: 'done' });
  });

  test.each([
    ['overloaded', OVERLOADED],
    ['a refusal without a reason', DENIED],
  ])('from an answer that says nothing about the key: %s', async (_, answer) => {
    const { prober, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    prober.script(STANDARD_KEY, 'list', answer);
    const outcome = await verify(scene(AT));
    expect(outcome).toMatchObject({ kind: 'unsure' });
    expect(outcome).not.toHaveProperty('learned');
  });
});

test('a journal that names no new version cannot go on', async () => {
  const { scene } = await rotationStage();
  expect(await verify(scene({ ...AT, to: undefined }))).toEqual({
    kind: 'refused',
    why: 'the journal names no new version',
  });
});
