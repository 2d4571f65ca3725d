import { describe, expect, test } from '@jest/globals';
import { mint } from '../../../../src/app/rotation/acts/mint.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import type { IssuedKey } from '../../../../src/app/ports/ports.ts';
import { ROTATION_MARK, SECRET_MARK } from '../../../../src/app/keys/key-marks.ts';
import { NOW } from '../../../support/journals.ts';
import { GOOD_KEY, SCOPE, STANDARD_KEY } from '../../../support/stage.ts';
import { rotationStage } from '../../../support/rotation-stage.ts';

const ACCOUNT = 'worker@demo-project.iam.gserviceaccount.com';
const GEMINI = { service: 'generativelanguage.googleapis.com' };
const MAPS = { service: 'maps-backend.googleapis.com' };
const RESTRICTIONS = { serverKeyRestrictions: { allowedIps: ['203.0.113.1'] }, apiTargets: [GEMINI] };

/** A stage whose current key is one of the project's, among others. */
async function mintStage(
  account?: string,
  restrictions: object = RESTRICTIONS,
  fields: Partial<Pick<IssuedKey, 'displayName' | 'annotations'>> = {},
) {
  const set = await rotationStage();
  set.issuer.plant({ project: SCOPE.project, keyId: 'other' });
  const old = set.issuer.plant({
    project: SCOPE.project,
    keyId: 'old',
    restrictions: { ...restrictions },
    ...fields,
    ...(account === undefined ? {} : { serviceAccountEmail: account }),
  });
  const from = await set.add((await set.issuer.keyString(old.name)).reveal());
  return { ...set, old, at: { phase: 'opened', id: 'kw-1', from, to: undefined } as const };
}

const minted = (keys: readonly { readonly annotations: object }[]) => keys.at(-1);

/** What wrote the key alone names the version and the form again. */
const ALONE_AGAIN = / --replace 2 --form bare --service-account=/;

describe('a key is minted', () => {
  test('with the restrictions of the old one, under the rotation’s id, marked as ours (I5)', async () => {
    const { issuer, scene, old, at, secret } = await mintStage();
    const outcome = await mint(scene(at));
    const key = minted(issuer.keys());
    expect(key).toMatchObject({
      name: expect.stringMatching(/\/keys\/kw-1$/),
      displayName: 'gemini (2027-01-15)',
      restrictions: RESTRICTIONS,
      annotations: { 'key-warden-rotation': 'kw-1', 'key-warden-secret': secret },
    });
    expect(key).not.toHaveProperty('serviceAccountEmail');
    expect(outcome).toEqual({
      kind: 'done',
      fromKey: { name: old.name, uid: old.uid },
      toKey: { name: expect.stringMatching(/\/keys\/kw-1$/), uid: expect.stringMatching(/3$/) },
      toKeyMadeAt: NOW,
    });
  });

  test('for no account that is not there: the one that a person named ends it, one of a setting is for whoever mends it', async () => {
    const named = { mint: { keyServiceAccount: ACCOUNT } };
    for (const [code, fields, outcome] of [
      ['not_found', named, { kind: 'refused', why: expect.stringContaining('no such account. Name another one: ') }],
      ['invalid', named, { kind: 'refused' }],
      ['invalid', { ...named, alone: 'bare' }, { kind: 'refused', why: expect.stringMatching(ALONE_AGAIN) }],
      ['denied', named, { kind: 'unsure', hold: true, why: expect.stringContaining('instead: key-warden abort ') }],
      ['unavailable', named, { kind: 'unsure', hold: false }],
      ['not_found', {}, { kind: 'unsure', why: 'no such account.' }],
    ] as const) {
      const { issuer, scene, at } = await mintStage();
      issuer.failNext('mint', new Fault(code, 'no such account.'));
      const policy = { keyKind: 'auth', keyServiceAccount: ACCOUNT } as const;
      expect(await mint(scene({ ...at, ...fields }, { mint: policy }))).toMatchObject(outcome);
    }
  });

  test('once, however often it is asked for (I5)', async () => {
    const { issuer, scene, at } = await mintStage();
    issuer.loseNext('mint', new Fault('timeout', 'the answer was lost'));
    expect(await mint(scene(at))).toEqual({ kind: 'unsure', why: 'the answer was lost', hold: false, passes: true });
    expect(await mint(scene(at))).toMatchObject({ kind: 'done' });
    expect(issuer.keys()).toHaveLength(3);
  });

  test('with the account and the restrictions of an old key that somebody deleted', async () => {
    const { issuer, scene, old, at } = await mintStage(ACCOUNT);
    await issuer.delete(old.name, false);
    const outcome = await mint(scene({ ...at, reason: 'dead' }, { mint: {} }));
    expect(outcome).toMatchObject({ kind: 'done', fromKey: { name: old.name } });
    expect(await mint(scene(at, { mint: {} }))).toMatchObject({ kind: 'done', fromKey: { name: old.name } });
    expect(minted(issuer.keys())).toMatchObject({ restrictions: RESTRICTIONS, serviceAccountEmail: ACCOUNT });
  });

  test('for Gemini only when the old key is none of the project’s', async () => {
    const { issuer, scene } = await rotationStage();
    const outcome = await mint(scene({ phase: 'opened' }));
    expect(outcome).toMatchObject({ kind: 'done', fromKeyUnknown: expect.stringContaining('none of the keys') });
    expect(outcome).not.toHaveProperty('fromKey');
    expect(minted(issuer.keys())).toMatchObject({
      restrictions: { apiTargets: [GEMINI] },
    });
  });

  test('in the project that makes the keys, which need not be the secret’s', async () => {
    const { issuer, scene } = await rotationStage();
    await mint(scene({ phase: 'opened' }, { keyProject: '999' }));
    expect(minted(issuer.keys())).toMatchObject({ name: 'projects/999/locations/global/keys/kw-1-abc' });
  });

  test('with a name as long as the API takes', async () => {
    const { issuer, vault, scene } = await rotationStage();
    const secret = vault.create(SCOPE, 'x'.repeat(90));
    await vault.add(secret, new TextEncoder().encode(GOOD_KEY));
    await mint(scene({ phase: 'opened' }, { secret }));
    expect(minted(issuer.keys())).toMatchObject({ displayName: `${'x'.repeat(50)} (2027-01-15)` });
  });

  test('with the display name by which people know the old one, and the day, whatever rotation made that', async () => {
    const { issuer, scene, at } = await mintStage(undefined, RESTRICTIONS, {
      displayName: 'Search, production (2026-10-17)',
    });
    await mint(scene(at));
    expect(minted(issuer.keys())).toMatchObject({ displayName: 'Search, production (2027-01-15)' });
  });

  test('with those annotations of the old one that a setting lists, and no key is one of them (I9)', async () => {
    const theirs = { owner: 'search', team: 'a', pasted: STANDARD_KEY, [ROTATION_MARK]: 'kw-0' };
    const { issuer, scene, at, secret } = await mintStage(undefined, RESTRICTIONS, { annotations: theirs });
    const scenes = scene(at);
    await mint(scenes);
    const marks = { [ROTATION_MARK]: 'kw-1', [SECRET_MARK]: secret };
    expect(minted(issuer.keys())?.annotations).toEqual(marks);
    const carryAnnotations = `owner,pasted,${ROTATION_MARK}`;
    await mint(scene({ ...at, id: 'kw-2' }, { mint: { ...scenes.mint, carryAnnotations } }));
    expect(minted(issuer.keys())?.annotations).toEqual({ ...marks, [ROTATION_MARK]: 'kw-2', owner: 'search' });
  });
});

describe('an auth key is bound', () => {
  test('to the account of the old key', async () => {
    const { issuer, scene, at } = await mintStage(ACCOUNT);
    await mint(scene(at, { mint: { keyKind: 'auth' } }));
    expect(minted(issuer.keys())).toMatchObject({ serviceAccountEmail: ACCOUNT });
  });

  test('to the account that was set, before that of the old key', async () => {
    const { issuer, scene, at } = await mintStage(ACCOUNT);
    await mint(scene(at, { mint: { keyKind: 'auth', keyServiceAccount: `new-${ACCOUNT}` } }));
    expect(minted(issuer.keys())).toMatchObject({ serviceAccountEmail: `new-${ACCOUNT}` });
  });

  test('and not made at all when no account is known: it would become a key of the old type', async () => {
    const { issuer, scene, at } = await mintStage();
    expect(await mint(scene(at, { mint: { keyKind: 'auth' } }))).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('--service-account'),
    });
    expect(issuer.calls).not.toContain('mint');
  });
});

describe('a key that other APIs accept too', () => {
  const AUTH = { keyKind: 'auth' } as const;

  test('is not replaced by one for Gemini alone: held before anything is minted, with the list and the ways out', async () => {
    const { issuer, scene, at, secret } = await mintStage(ACCOUNT, { apiTargets: [GEMINI, MAPS] });
    const outcome = await mint(scene(at, { mint: AUTH }));
    expect(outcome).toEqual({
      kind: 'unsure',
      hold: true,
      why: expect.stringContaining('maps-backend.googleapis.com'),
    });
    expect(outcome).toMatchObject({ why: expect.stringContaining(`rotate --secret ${secret} --drop-targets`) });
    expect(await mint(scene(at, { mint: { ...AUTH, dropTargets: 'off' } }))).toEqual(outcome);
    expect(issuer.calls).not.toContain('mint');
  });

  test('is replaced so where a person or a setting said that it may be', async () => {
    const { issuer, scene, at } = await mintStage(ACCOUNT, { ...RESTRICTIONS, apiTargets: [MAPS] });
    expect(await mint(scene(at, { mint: { ...AUTH, dropTargets: 'on' } }))).toMatchObject({ kind: 'done' });
    expect(minted(issuer.keys())).toMatchObject({ restrictions: RESTRICTIONS });
  });

  test('keeps them in a key of the old type, which Gemini comes to', async () => {
    const { issuer, scene, at } = await mintStage(ACCOUNT, { apiTargets: [MAPS] });
    expect(await mint(scene(at))).toMatchObject({ kind: 'done' });
    expect(minted(issuer.keys())).toMatchObject({ restrictions: { apiTargets: [MAPS, GEMINI] } });
  });

  test('an unrestricted key gets a successor for Gemini, which takes no other', async () => {
    const { issuer, scene, at } = await mintStage(ACCOUNT, {});
    expect(await mint(scene(at, { mint: AUTH }))).toMatchObject({ kind: 'done' });
    expect(minted(issuer.keys())).toMatchObject({ restrictions: { apiTargets: [GEMINI] } });
  });
});

describe('the old key', () => {
  const UNREADABLE = expect.stringContaining('nobody can read a key in version');

  test.each(['disabled', 'destroyed', 'corrupt'] as const)('need not be readable: %s', async (code) => {
    const { vault, scene, at } = await mintStage();
    vault.failNext('read', new Fault(code, 'cannot be read'));
    expect(await mint(scene(at))).toMatchObject({ kind: 'done', fromKeyUnknown: UNREADABLE });
  });

  test('need not be a key', async () => {
    const { add, scene } = await rotationStage();
    const from = await add(' ');
    expect(await mint(scene({ phase: 'opened', from }))).toMatchObject({ kind: 'done', fromKeyUnknown: UNREADABLE });
  });

  test.each([
    ['timeout', false],
    ['denied', true],
  ] as const)('is not given up for trouble that says nothing about it: %s', async (code, hold) => {
    const { vault, issuer, scene, at } = await mintStage();
    vault.failNext('read', new Fault(code, 'no answer'));
    expect(await mint(scene(at))).toEqual({ kind: 'unsure', why: 'no answer', hold, passes: !hold });
    issuer.failNext('list', new Fault(code, 'no list'));
    expect(await mint(scene(at))).toEqual({ kind: 'unsure', why: 'no list', hold, passes: !hold });
    expect(issuer.calls).not.toContain('mint');
  });
});

test('an id that somebody else took is a no', async () => {
  const { issuer, scene, at } = await mintStage();
  issuer.failNext('mint', new Fault('exists', 'no more'));
  expect(await mint(scene(at))).toEqual({ kind: 'refused', why: 'no more' });
});

describe('the issuer’s answer to a full project is its answer to too many calls, so the keys are counted', () => {
  const LIMITED = new Fault('limited', 'Quota exceeded');
  const full = async (alive: number, deleted: number) => {
    const set = await mintStage();
    for (let keys = set.issuer.keys().length; keys < alive + deleted; keys += 1) {
      const { name } = set.issuer.plant({ project: SCOPE.project });
      if (keys >= alive) await set.issuer.delete(name, false);
    }
    set.issuer.failNext('mint', LIMITED);
    return set;
  };

  test('it is full: a person is told what to do, and nothing is tried again', async () => {
    const { scene, at } = await full(300, 0);
    const why = expect.stringMatching(/^project demo-project has 300 API keys, .* api-keys list .*--key-project/);
    expect(await mint(scene(at))).toEqual({ kind: 'refused', why });
  });

  test('it is full if deleted keys count, which nobody knows', async () => {
    const { scene, at } = await full(200, 100);
    const why = expect.stringMatching(/^project demo-project has 200 API keys and 100 deleted ones, .*--key-project/);
    expect(await mint(scene(at))).toEqual({ kind: 'unsure', why });
  });

  test('it has room, so it was a matter of pace', async () => {
    const { scene, at } = await full(200, 99);
    expect(await mint(scene(at))).toEqual({ kind: 'unsure', why: 'Quota exceeded', hold: false, passes: true });
  });

  test('they cannot be counted', async () => {
    const { scene, at, ports, issuer } = await full(300, 0);
    const list: typeof issuer.list = (project, withDeleted) => {
      if (withDeleted) throw new Fault('unavailable', 'no list');
      return issuer.list(project, withDeleted);
    };
    const half = scene(at, { ports: { ...ports, issuer: { ...issuer, list } } });
    expect(await mint(half)).toEqual({ kind: 'unsure', why: 'Quota exceeded', hold: false, passes: true });
  });
});
