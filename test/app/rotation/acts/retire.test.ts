import { describe, expect, test } from '@jest/globals';
import { retire } from '../../../../src/app/rotation/acts/retire.ts';
import type { Vault } from '../../../../src/app/ports/ports.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import type { InFlight } from '../../../../src/core/record/journal.ts';
import { isMarkedFor, SECRET_MARK } from '../../../../src/app/keys/key-marks.ts';
import { rotationStage, type RotationStage } from '../../../support/rotation-stage.ts';
import { GOOD_KEY, SCOPE, STANDARD_KEY } from '../../../support/stage.ts';

const [OURS, THEIRS, TOP] = [`${STANDARD_KEY}-ours`, `${STANDARD_KEY}-theirs`, `${STANDARD_KEY}-top`];

/** The secret once the new version is current. */
const promoted = async (vault: Vault, secret: string, current = 2) => ({
  ...(await vault.look(secret)),
  aliases: { current, previous: 1 },
});

/** Retires at this journal over versions with these texts; answers the outcome and the states that are left. */
async function retired(payloads: readonly string[], journal: Partial<InFlight> = {}) {
  const { vault, secret, scene, states } = await rotationStage(payloads);
  const sighting = await promoted(vault, secret, journal.to);
  const outcome = await retire(scene({ phase: 'drained', ...journal }), sighting);
  return [outcome.kind, (await states()).map((state) => state === 'enabled')] as const;
}

describe('retiring disables', () => {
  test('the old version, and not the new one', async () => {
    expect(await retired([GOOD_KEY, OURS])).toEqual(['done', [false, true]]);
  });

  test('copies of the new key that a lost answer left', async () => {
    expect(await retired([GOOD_KEY, OURS, OURS, TOP])).toEqual(['done', [false, true, false, true]]);
  });

  test('copies of the old key that an earlier discard added again', async () => {
    const rest = { failures: 1, passedOver: [2] };
    expect(await retired([GOOD_KEY, GOOD_KEY, OURS], { to: 3, rest })).toEqual(['done', [false, false, true]]);
  });
});

test('what goes beside the old version is named on its key first, for no list of old keys knows of it', async () => {
  const { scene, key, vault, secret, issuer } = await rotationStage([]);
  const [old, fresh] = [await key('kw-0'), await key('kw-1')];
  for (const { issued } of [old, fresh]) await issuer.mark(issued.name, { 'key-warden-rotation': 'kw' });
  for (const { characters } of [old, old, fresh, fresh]) await vault.add(secret, new TextEncoder().encode(characters));
  await vault.add(secret, new TextEncoder().encode(TOP));
  const handle = ({ issued: { name, uid } }: typeof old) => ({ name, uid });
  const journal = { to: 3, fromKey: handle(old), toKey: handle(fresh), rest: { failures: 1, passedOver: [2] } };
  const aliased = await vault.commit(await vault.look(secret), { aliases: { current: 3 } });
  expect(await retire(scene({ phase: 'drained', ...journal }), aliased)).toEqual({ kind: 'done' });
  const left = async ({ issued }: typeof old) => (await issuer.look(issued.name)).annotations['key-warden-left'];
  expect([await left(old), await left(fresh)]).toEqual(['2', '4']);
});

describe('retiring waits for a person while consumers cannot read the new version (I4)', () => {
  test.each(['disabled', 'destroyed', 'gone'] as const)('%s', async (state) => {
    const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, OURS, TOP]);
    const version = await vault.lookVersion(secret, 2);
    if (state === 'disabled') await vault.disable(secret, version);
    if (state === 'destroyed') await vault.destroy(secret, version);
    const to = state === 'gone' ? 9 : 2;
    expect(await retire(scene({ phase: 'drained', to }), await vault.look(secret))).toEqual({
      kind: 'refused',
      why: expect.stringContaining(`version ${to}, which consumers read, is ${state}, so the old key stays`),
    });
    expect((await states())[0]).toBe('enabled');
  });
});

describe('retiring a version that consumers read is refused, whatever the journal says (I16)', () => {
  test.each([
    ['current', { current: 1 }, 1],
    ['latest', { current: 1 }, 2],
  ] as const)('as %s', async (readAs, aliases, from) => {
    const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, OURS]);
    const sighting = { ...(await vault.look(secret)), aliases };
    const to = from === 1 ? 2 : 1;
    expect(await retire(scene({ phase: 'drained', from, to }), sighting)).toEqual({
      kind: 'refused',
      why: expect.stringContaining(`consumers read version ${from} as ${readAs}, so it is not disabled`),
    });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });
});

describe('a version that somebody reads by an alias of their own', () => {
  const READERS = { current: 2, previous: 1, stable: 1, blue: 1 };
  const withReaders = async (journal: Partial<InFlight>, aliases: Readonly<Record<string, number>> = READERS) => {
    const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, OURS]);
    const sighting = { ...(await vault.look(secret)), aliases };
    const outcome = await retire(scene({ phase: 'drained', ...journal }), sighting);
    return [outcome, (await states())[0]] as const;
  };

  test('is held for it, with every alias named (I10)', async () => {
    const [outcome, state] = await withReaders({});
    expect(outcome).toEqual({
      kind: 'refused',
      why: 'the aliases blue, stable name version 1, so it stays enabled: whoever reads it so would be without a key. Move it to the new version, or remove it, then resume',
    });
    expect(state).toBe('enabled');
  });

  test('is disabled all the same in an emergency, which keeps no leaked key alive', async () => {
    expect(await withReaders({ emergency: true })).toEqual([{ kind: 'done' }, 'disabled']);
  });

  test('is none while that alias stands elsewhere', async () => {
    expect(await withReaders({}, { current: 2, previous: 1, stable: 2 })).toEqual([{ kind: 'done' }, 'disabled']);
  });
});

describe('retiring marks the old key as the secret’s, which the purge asks for (I16)', () => {
  /** Retires with a journal that names the key, made with these annotations; answers the outcome and the marks left. */
  async function marked(
    annotations: Readonly<Record<string, string>>,
    change?: (stage: RotationStage, name: string) => unknown,
  ) {
    const stage = await rotationStage([GOOD_KEY, OURS]);
    const { name, uid } = stage.issuer.plant({ project: SCOPE.project, keyId: 'old', annotations });
    await change?.(stage, name);
    const sighting = await promoted(stage.vault, stage.secret);
    const outcome = await retire(stage.scene({ phase: 'drained', fromKey: { name, uid } }), sighting);
    return [outcome, stage.issuer.keys()[0]?.annotations, stage.secret] as const;
  }

  test('once', async () => {
    const [outcome, annotations, secret] = await marked({ team: 'search' });
    expect([outcome, annotations]).toEqual([{ kind: 'done' }, { team: 'search', [SECRET_MARK]: secret }]);
  });

  test('beside the mark of another secret that served it, once too, so that either may have it deleted', async () => {
    const [outcome, annotations = {}, secret] = await marked({ [SECRET_MARK]: 'other' });
    expect(outcome).toEqual({ kind: 'done' });
    expect(annotations).toEqual({
      [SECRET_MARK]: 'other',
      [`${SECRET_MARK}-fb204173`]: secret,
    });
    expect([isMarkedFor({ annotations }, secret), isMarkedFor({ annotations }, 'third')]).toEqual([true, false]);
    expect((await marked(annotations))[1]).toEqual(annotations);
  });

  test('and leaves what is deleted already', async () => {
    const [outcome, annotations] = await marked({}, ({ issuer }, name) => issuer.delete(name, false));
    expect([outcome, annotations]).toEqual([{ kind: 'done' }, {}]);
  });

  test('unless the issuer has forgotten it; trouble is no reason to do without', async () => {
    const gone = new Fault('not_found', 'gone');
    expect((await marked({}, ({ issuer }) => issuer.failNext('look', gone)))[0]).toEqual({ kind: 'done' });
    const busy = new Fault('unavailable', 'busy');
    expect((await marked({}, ({ issuer }) => issuer.failNext('look', busy)))[0]).toMatchObject({ kind: 'unsure' });
  });
});

describe('an old version that the alias previous does not name (I16)', () => {
  /** Retires on a journal that names a key, where version 1 holds it or does not; another alias stands on version 1. */
  async function unnamed(holds: boolean, change?: (stage: RotationStage) => void) {
    const stage = await rotationStage([GOOD_KEY]);
    const { issued, characters } = await stage.key('old');
    await stage.add(holds ? characters : THEIRS);
    await stage.add(OURS);
    change?.(stage);
    const fromKey = { name: issued.name, uid: issued.uid };
    const sighting = { ...(await stage.vault.look(stage.secret)), aliases: { current: 3, previous: 1 } };
    const outcome = await retire(stage.scene({ phase: 'drained', from: 2, to: 3, fromKey }), sighting);
    return [outcome.kind, 'why' in outcome ? outcome.why : '', (await stage.states())[1]];
  }

  test('is disabled where it holds the key that was replaced', async () => {
    expect(await unnamed(true)).toEqual(['done', '', 'disabled']);
  });

  test('is held where it holds another one, or nobody knows which', async () => {
    const held = ['unsure', expect.stringContaining('is not proven to be the one that was replaced'), 'enabled'];
    expect(await unnamed(false)).toEqual(held);
    const gone = ({ issuer }: RotationStage) => issuer.failNext('keyString', new Fault('not_found', 'gone'));
    expect(await unnamed(true, gone)).toEqual(held);
    const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, OURS]);
    const sighting = { ...(await vault.look(secret)), aliases: { current: 2 } };
    expect(await retire(scene({ phase: 'drained' }), sighting)).toMatchObject({ kind: 'unsure', hold: true });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });

  test('waits while the issuer does not answer', async () => {
    const busy = ({ issuer }: RotationStage) => issuer.failNext('keyString', new Fault('unavailable', 'busy'));
    expect(await unnamed(true, busy)).toEqual(['unsure', 'busy', 'enabled']);
  });
});

describe('retiring leaves alone', () => {
  test('what a person added (I10)', async () => {
    expect(await retired([GOOD_KEY, OURS, THEIRS, TOP])).toEqual(['done', [false, true, true, true]]);
  });

  test('a copy of the old key that a person added (I10)', async () => {
    expect(await retired([GOOD_KEY, GOOD_KEY, OURS], { to: 3 })).toEqual(['done', [false, true, true]]);
  });

  test('the newest version, which readers of latest get', async () => {
    expect(await retired([GOOD_KEY, OURS, OURS])).toEqual(['done', [false, true, true]]);
  });

  test('copies of a version that a person added to be adopted (I10)', async () => {
    expect(await retired([GOOD_KEY, THEIRS, THEIRS, TOP], { candidate: 'adopted' })).toEqual([
      'done',
      [false, true, true, true],
    ]);
  });

  test('everything but the old version where the journal names no new one, or that one holds no key', async () => {
    expect(await retired([GOOD_KEY, OURS, OURS, TOP], { to: undefined })).toEqual(['done', [false, true, true, true]]);
    expect(await retired([GOOD_KEY, ' ', ' ', TOP])).toEqual(['done', [false, true, true, true]]);
  });
});

test('an old version that is disabled already is done with, and its copies are not searched for', async () => {
  const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, GOOD_KEY, OURS]);
  await vault.disable(secret, await vault.lookVersion(secret, 1));
  const journal = { phase: 'drained', to: 3, rest: { failures: 0, passedOver: [2] } } as const;
  expect(await retire(scene(journal), await promoted(vault, secret, 3))).toEqual({ kind: 'done' });
  expect(await states()).toEqual(['disabled', 'enabled', 'enabled']);
});

describe('a rollback that began meanwhile is not undone (I7)', () => {
  test('when it wrote the secret', async () => {
    const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, OURS]);
    const sighting = await promoted(vault, secret);
    await vault.commit(sighting, { labels: { touched: 'yes' } });
    expect(await retire(scene({ phase: 'drained' }), sighting)).toEqual({
      kind: 'unsure',
      why: 'somebody wrote the secret meanwhile',
      hold: false,
      passes: false,
    });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });

  test('when it enabled the old version', async () => {
    const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, OURS]);
    const look = async (name: string) => {
      await vault.enable(secret, await vault.lookVersion(secret, 1));
      return vault.look(name);
    };
    const { ports } = scene({});
    const raced = scene({ phase: 'drained' }, { ports: { ...ports, vault: { ...vault, look } } });
    expect(await retire(raced, await promoted(vault, secret))).toMatchObject({ kind: 'unsure' });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });
});

test.each([
  ['timeout', false],
  ['denied', true],
] as const)('trouble is no refusal: %s', async (code, hold) => {
  const { vault, secret, scene } = await rotationStage([GOOD_KEY, OURS]);
  vault.failNext('disable', new Fault(code, 'no answer'));
  expect(await retire(scene({ phase: 'drained' }), await promoted(vault, secret))).toEqual({
    kind: 'unsure',
    why: 'no answer',
    hold,
    passes: !hold,
  });
});
