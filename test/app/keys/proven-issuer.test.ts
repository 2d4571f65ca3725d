import { beforeEach, describe, expect, test } from '@jest/globals';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { keyProjectsFor } from '../../../src/app/keys/key-projects.ts';
import { provenIssuer } from '../../../src/app/keys/proven-issuer.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { IssuedKey, Issuer, MintOrder } from '../../../src/app/ports/ports.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { SCOPE } from '../../support/stage.ts';

let stage: RotationStage;
let proven: Issuer;
/** Made by a person, and in version 1 of the secret. */
let own: IssuedKey;
/** Made for another secret. */
let foreign: IssuedKey;

beforeEach(async () => {
  stage = await rotationStage();
  const { issuer, ports, secret, add } = stage;
  own = issuer.plant({ project: SCOPE.project, keyId: 'own' });
  foreign = issuer.plant({
    project: SCOPE.project,
    keyId: 'foreign',
    annotations: { [SECRET_MARK]: 'projects/123456789012/secrets/other' },
  });
  await add((await issuer.keyString(own.name)).reveal());
  proven = provenIssuer(ports, { secret, keyProjects: [SCOPE.project], versions: [1, 2, 9] });
});

/** Everything that can be done with a key's name. */
const USES: readonly (readonly [string, (issuer: Issuer, name: string) => Promise<unknown>])[] = [
  ['look', (issuer, name) => issuer.look(name)],
  ['keyString', (issuer, name) => issuer.keyString(name)],
  ['mark', (issuer, name) => issuer.mark(name, { a: 'b' })],
  ['delete', (issuer, name) => issuer.delete(name, false)],
  ['undelete', (issuer, name) => issuer.undelete(name)],
];

describe.each(USES)('I16: %s', (_, use) => {
  test('is done with a key whose string a version of the secret holds', async () => {
    await expect(use(proven, own.name)).resolves.not.toThrow();
  });

  test('is done with a key that bears our mark for the secret', async () => {
    const { issued } = await stage.key('kw-1');
    await expect(use(proven, issued.name)).resolves.not.toThrow();
  });

  test('is refused with a key of another secret, and that one is as it was', async () => {
    const before = stage.issuer.keys();
    await expect(use(proven, foreign.name)).rejects.toMatchObject({ code: 'unproven' });
    expect(stage.issuer.keys()).toEqual(before);
  });

  test.each(['projects/999/locations/global/keys/x', 'projects/999/secrets/x', '', 'x'])(
    'is not even asked for outside of the projects of the settings: %j',
    async (name) => {
      const other = provenIssuer(stage.ports, { secret: stage.secret, keyProjects: ['777777'], versions: [] });
      await expect(use(other, name)).rejects.toMatchObject({ code: 'unproven' });
    },
  );

  test('without the proof would be done with any key: this is what it is for', async () => {
    await expect(use(stage.issuer, foreign.name)).resolves.not.toThrow();
  });
});

test('a key of the same id in another project is not the one that was named', async () => {
  const elsewhere = foreign.name.replace(/projects\/\d+/, 'projects/999999999999');
  await expect(proven.delete(elsewhere, false)).rejects.toMatchObject({ code: 'unproven' });
  expect(stage.issuer.keys().every(({ deletedAt }) => deletedAt === undefined)).toBe(true);
});

test('only a key of these projects counts as forgotten by its issuer, whether they are spelled by number or by id', async () => {
  const { ports, secret, issuer } = stage;
  const gone = 'projects/123456789012/locations/global/keys/gone';
  const look = (keyProjects: readonly string[]) =>
    provenIssuer(ports, { secret, keyProjects, versions: [] }).look(gone);
  await expect(look(['123456789012'])).rejects.toMatchObject({ code: 'not_found' });
  await expect(look([SCOPE.project])).rejects.toMatchObject({ code: 'not_found' });
  await expect(look([])).rejects.toMatchObject({ code: 'unproven' });
  issuer.failNext('list', new Fault('unavailable', 'busy'));
  await expect(look([SCOPE.project])).rejects.toMatchObject({ code: 'unavailable' });
});

test('what is proven is asked for once in an act', async () => {
  await proven.keyString(own.name);
  const before = stage.issuer.calls.length;
  await proven.keyString(own.name);
  await proven.look(own.name);
  expect(stage.issuer.calls.slice(before)).toEqual(['keyString', 'look']);
});

test('what a run has proven is asked for once in the run, and another name that a journal gives is proven all the same', async () => {
  const { issuer, vault, secret } = stage;
  const claim = { secret, keyProjects: [SCOPE.project], versions: [2], proven: new Set<string>() };
  await provenIssuer(stage, claim).keyString(own.name);
  const before = issuer.calls.length;
  await provenIssuer({ vault, issuer }, claim).keyString(own.name);
  expect(issuer.calls.slice(before)).toEqual(['keyString']);
  await expect(provenIssuer(stage, claim).keyString(foreign.name)).rejects.toMatchObject({ code: 'unproven' });
});

test('a key that somebody marks and disables meanwhile is proven all the same', async () => {
  const { issuer, vault, secret } = stage;
  const late = issuer.plant({ project: SCOPE.project, keyId: 'late' });
  const racing: Issuer = {
    ...issuer,
    keyString: async (name) => {
      const key = await issuer.keyString(name);
      await issuer.mark(name, { [SECRET_MARK]: secret });
      return key;
    },
  };
  const claim = { secret, keyProjects: [SCOPE.project], versions: [1] };
  expect(await provenIssuer({ vault, issuer: racing }, claim).look(late.name)).toMatchObject({ name: late.name });
});

test('trouble is trouble, and no proof of anything', async () => {
  stage.issuer.failNext('look', new Fault('unavailable', 'busy'));
  await expect(proven.delete(own.name, false)).rejects.toMatchObject({ code: 'unavailable' });
});

describe('keys', () => {
  const order: MintOrder = {
    project: SCOPE.project,
    keyId: 'kw-2',
    displayName: 'd',
    restrictions: {},
    annotations: {},
  };

  test('are made in the projects of the settings alone, and what was just made is known', async () => {
    const minted = await proven.mint(order);
    await expect(proven.keyString(minted.name)).resolves.toBeDefined();
    await expect(proven.mint({ ...order, project: '999999' })).rejects.toMatchObject({ code: 'unproven' });
  });

  test('that the issuer lists may be compared, and nothing else', async () => {
    const listed = await Array.fromAsync(proven.list(SCOPE.project, false));
    expect(listed).toHaveLength(2);
    await expect(proven.keyString(foreign.name)).resolves.toBeDefined();
    await expect(proven.delete(foreign.name, false)).rejects.toMatchObject({ code: 'unproven' });
    await expect(Array.fromAsync(proven.list('999999', false))).rejects.toMatchObject({ code: 'unproven' });
  });
});

test('the projects are the secret’s own, in both spellings, and those that the settings name', () => {
  const names = ['projects/4711/secrets/s', 'projects/p-1/secrets/s'];
  expect(keyProjectsFor(DEFAULT_SECRET_POLICY, ...names)).toEqual(['4711', 'p-1']);
  const settings = { ...DEFAULT_SECRET_POLICY, mint: { keyProject: 'keys-1' }, keyProjects: ['p-1', 'p-2'] };
  expect(keyProjectsFor(settings, ...names)).toEqual(['4711', 'p-1', 'keys-1', 'p-2']);
});

test('a version that cannot be read just now proves nothing against a name: it is looked at again', async () => {
  const vault = { ...stage.vault, read: () => Promise.reject(new Fault('limited', 'not now')) };
  const busy = provenIssuer(
    { ...stage.ports, vault },
    { secret: stage.secret, keyProjects: [SCOPE.project], versions: [1] },
  );
  await expect(busy.look(own.name)).rejects.toMatchObject({ code: 'limited' });
});
