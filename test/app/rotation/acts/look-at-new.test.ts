import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../../src/app/ports/fault.ts';
import { confirm } from '../../../../src/app/rotation/acts/confirm.ts';
import { verify } from '../../../../src/app/rotation/acts/verify.ts';
import { write } from '../../../../src/app/rotation/acts/write.ts';
import { KeyText } from '../../../../src/core/key/key-text.ts';
import type { Scripted } from '../../../support/twins/memory-prober.ts';
import { rotationStage, THROTTLED } from '../../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../../support/stage.ts';

const LEAKED: Scripted = {
  status: 403,
  body: { error: { code: 403, message: 'Your API key was reported as leaked. Please use another API key.' } },
};
const IP_BLOCKED: Scripted = {
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'The provided API key has an IP address restriction.',
      status: 'PERMISSION_DENIED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_IP_ADDRESS_BLOCKED',
          domain: 'googleapis.com',
        },
      ],
    },
  },
};
const DEEP = ['list', 'generate'] as const;
const VERIFY = { phase: 'written', candidate: 'adopted', to: 2 } as const;

/** Version 1 holds the old key, version 2 the new one; both are answered as given, at the first depth that matters. */
async function bothAnswered(isNew: Scripted, old: Scripted | undefined, depth: (typeof DEEP)[number] = 'generate') {
  const set = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  set.prober.script(STANDARD_KEY, depth, isNew);
  if (old !== undefined) set.prober.script(GOOD_KEY, depth, old);
  return set;
}

describe('a new key with the trouble of the old one goes on (I2)', () => {
  test.each([
    ['throttled', THROTTLED, 'generate'],
    ['refused for the address that it is asked from', IP_BLOCKED, 'list'],
  ] as const)('when both are %s', async (_, answer, depth) => {
    const { scene, prober } = await bothAnswered(answer, answer, depth);
    expect(await verify(scene(VERIFY))).toMatchObject({ kind: 'done' });
    expect(prober.probes.some(({ key }) => key.equals(new KeyText(GOOD_KEY)))).toBe(true);
  });

  test('into the secret', async () => {
    const { scene, states, prober } = await rotationStage();
    for (const key of [GOOD_KEY, STANDARD_KEY]) prober.script(key, 'generate', THROTTLED);
    const supplied = new KeyText(STANDARD_KEY);
    const written = await write(scene({ phase: 'minted', candidate: 'supplied' }, { supplied }));
    expect(written).toEqual({ kind: 'done', to: 2 });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });

  test('to the end of an emergency, so that the leaked key can be deleted', async () => {
    const { scene } = await bothAnswered(THROTTLED, THROTTLED);
    const at = { phase: 'promoted', to: 2, emergency: true, fromKey: { name: 'n', uid: 'u' } } as const;
    expect(await confirm(scene(at))).toMatchObject({ kind: 'done' });
  });

  test('beside a leaked key that Google has blocked already', async () => {
    const leaked = { ...VERIFY, emergency: true, reason: 'leaked' } as const;
    const { scene, prober } = await bothAnswered(THROTTLED, undefined);
    expect(await verify(scene(leaked))).toMatchObject({ kind: 'unsure' });
    prober.script(GOOD_KEY, 'list', LEAKED);
    expect(await verify(scene(leaked))).toMatchObject({ kind: 'done' });
  });
});

describe('a new key with trouble of its own does not', () => {
  test('when the old one works', async () => {
    const { scene, prober } = await bothAnswered(THROTTLED, undefined);
    expect(await verify(scene(VERIFY))).toMatchObject({
      kind: 'unsure',
      why: expect.stringMatching(/^rate_limited: /),
    });
    expect(prober.probes.map(({ depth }) => depth)).toEqual([...DEEP, ...DEEP]);
  });

  test('when it cannot list models and the old one can', async () => {
    const { scene, prober } = await bothAnswered(THROTTLED, THROTTLED);
    prober.script(STANDARD_KEY, 'list', THROTTLED);
    expect(await verify(scene(VERIFY))).toMatchObject({ kind: 'unsure' });
  });

  test.each(['disabled', 'unavailable'] as const)('when the old one cannot be read: %s', async (code) => {
    const { scene, vault } = await bothAnswered(THROTTLED, THROTTLED);
    const input = scene({ ...VERIFY, phase: 'promoted', emergency: true });
    const real = vault.read.bind(vault);
    const read: typeof vault.read = (secret, version) =>
      version === 1 ? Promise.reject(new Fault(code, 'not this one')) : real(secret, version);
    expect(await confirm({ ...input, ports: { ...input.ports, vault: { ...vault, read } } })).toMatchObject({
      kind: 'unsure',
    });
  });

  test('when what stands in the old version is no key', async () => {
    const { scene, prober } = await rotationStage([' ', STANDARD_KEY]);
    prober.script(STANDARD_KEY, 'generate', THROTTLED);
    expect(await confirm(scene({ ...VERIFY, phase: 'promoted', emergency: true }))).toMatchObject({ kind: 'unsure' });
  });
});
