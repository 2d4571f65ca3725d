import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { tombstoneOf } from '../../../src/app/keys/tombstone.ts';
import { restore } from '../../../src/app/rotation/acts/restore.ts';
import { verify } from '../../../src/app/rotation/acts/verify.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { examineSupply } from '../../../src/app/rotation/supply.ts';
import { rollbackOf } from '../../../src/app/rotation/wishes.ts';
import { severityOf } from '../../../src/core/alerts/notice.ts';
import { risksOf } from '../../../src/core/health/secret-risk.ts';
import { changeOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { NO_TOMBSTONES, TOMBSTONES_MAX, type Tombstones } from '../../../src/core/record/tombstones.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { ago, HOUR_MS, inFlight, NOW } from '../../support/journals.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const THIRD = `AI${'za'}SyThird${'t'.repeat(28)}`;
const unseen = (): void => undefined;
const stoneOf = ({ secret }: RotationStage, key: string) => tombstoneOf(secret, new KeyText(key)) ?? '';
const stones = async ({ vault, secret }: RotationStage): Promise<Tombstones | undefined> =>
  valueOf((await vault.look(secret)).record.tombstones);
const remember = async ({ vault, secret }: RotationStage, change: RecordChange, aliases = {}) => {
  const seen = await vault.look(secret);
  return vault.commit(seen, { annotations: changeOf(seen.record, change), aliases });
};

/** A rotation from `GOOD_KEY` to `STANDARD_KEY`, taken to its end. */
async function rotated(emergency = false) {
  const on = await rotationStage([GOOD_KEY]);
  const asked = { reason: 'request', candidate: 'supplied', emergency: false, requestId: 'r-1' } as const;
  await drive(on.ports, on.order({ asked, supplied: new KeyText(STANDARD_KEY) }), unseen);
  const journal = await on.journal();
  if (emergency && journal?.phase === 'promoted') await on.write({ ...journal, emergency: true, notBefore: undefined });
  await on.clock.sleep(24 * HOUR_MS);
  await drive(on.ports, on.order(), unseen);
  return on;
}

describe('a key that was retired is never a candidate again (I14)', () => {
  test.each([
    [false, 'version 3 holds a key that was retired here, so it is not promoted: another tool wrote it back'],
    [true, 'version 3 holds a key that was retired here because it leaked, so it is not promoted'],
  ])('where another tool writes it back, after an emergency: %s', async (emergency, why) => {
    const on = await rotated(emergency);
    const stone = stoneOf(on, GOOD_KEY);
    const kept = emergency ? { retired: [], leaked: [stone] } : { retired: [stone], leaked: [] };
    expect(await stones(on)).toEqual(kept);
    expect(await on.add(GOOD_KEY)).toBe(3);
    await drive(on.ports, on.order(), unseen);
    const { aliases, annotations } = await on.vault.look(on.secret);
    expect(aliases).toMatchObject({ current: 2 });
    expect(on.announced.at(-1)).toMatchObject({
      type: 'rotation.abandoned',
      why: expect.stringMatching(new RegExp(`^${why}.*External Secrets \\(PushSecret\\), Terraform`)),
    });
    expect(Object.values(annotations).join('\n')).not.toContain(GOOD_KEY);
    await on.clock.sleep(48 * HOUR_MS);
    const told = on.announced.length;
    await drive(on.ports, on.order(), unseen);
    expect(on.announced).toHaveLength(told);
  });

  test('where a person hands it over', async () => {
    const on = await rotated();
    const supply = { bytes: new TextEncoder().encode(GOOD_KEY), emergency: false };
    const taken = await examineSupply(on.ports, on.secret, supply, DEFAULT_CHECK_POLICY);
    expect(taken).toEqual({
      refused: expect.stringMatching(/^this is a key that was retired here: .* key-warden rollback/),
    });
  });

  test('or is taken to be none where what was retired cannot be read: the rotation is held for that', async () => {
    const on = await rotated();
    const annotations = { 'key-warden.tombstones': '{"v":9}' };
    await on.vault.commit(await on.vault.look(on.secret), { annotations });
    const supply = { bytes: new TextEncoder().encode(GOOD_KEY), emergency: false };
    expect(await examineSupply(on.ports, on.secret, supply, DEFAULT_CHECK_POLICY)).toHaveProperty('key');
    const asked = { reason: 'request', candidate: 'supplied', emergency: false } as const;
    const step = await drive(on.ports, on.order({ asked, supplied: new KeyText(GOOD_KEY) }), unseen);
    expect(step).toMatchObject({ did: 'held', why: expect.stringContaining('key-warden.tombstones') });
  });

  test('but a rollback within its time brings it back, and lifts that', async () => {
    const on = await rotated();
    const asked = await rollbackOf(on.vault, on.secret);
    if (typeof asked === 'string') throw new Error(asked);
    await drive(on.ports, on.order({ asked }), unseen);
    expect((await on.vault.look(on.secret)).aliases).toMatchObject({ current: 1 });
    expect(await stones(on)).toEqual(NO_TOMBSTONES);
  });

  test('and no rollback goes back to one that leaked', async () => {
    const on = await rotated(true);
    expect(await rollbackOf(on.vault, on.secret)).toContain('the earlier key leaked, so nobody goes back to it');
  });
});

describe('an old key gets no tombstone', () => {
  const verified = async (old: string, added: string) => {
    const on = await rotationStage([old, added]);
    return verify(on.scene({ phase: 'written', candidate: 'adopted', to: 2 }));
  };

  test('where it has not the shape of one, lives on in a cleaner form, or holds none', async () => {
    for (const [old, added] of [
      ['hunter2', GOOD_KEY],
      [`${GOOD_KEY}\n`, GOOD_KEY],
    ] as const)
      expect(await verified(old, added)).toEqual({ kind: 'done' });
  });

  test('that nobody can read any more; where that cannot be told, it is asked again', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const at = { phase: 'written', candidate: 'adopted', to: 2 } as const;
    await on.vault.disable(on.secret, await on.vault.lookVersion(on.secret, 1));
    expect(await verify(on.scene(at))).toEqual({ kind: 'done' });
    const other = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const reads = { at: 0 };
    const vault = {
      ...other.vault,
      read: (...order: Parameters<typeof other.vault.read>) => {
        reads.at += 1;
        return reads.at === 3 ? Promise.reject(new Fault('unavailable', 'busy')) : other.vault.read(...order);
      },
    };
    const scene = other.scene(at, { ports: { ...other.ports, vault } });
    expect(await verify(scene)).toMatchObject({ kind: 'unsure', why: 'busy' });
  });

  test('where there is no room for one more, because forty leaked: it is held', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const leaked = Array.from({ length: TOMBSTONES_MAX }, (_, number) => String(number).padStart(16, '0'));
    await remember(on, { tombstones: { retired: [], leaked } }, { current: 2, previous: 1 });
    await on.write(inFlight({ phase: 'drained', tombstone: 'a'.repeat(16) }));
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({
      did: 'held',
      why: expect.stringContaining('40 keys'),
    });
  });

  test('a rollback of a rotation in flight learns it, and lifts nothing', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const outcome = await restore(on.scene({ phase: 'reverting' }), await on.vault.look(on.secret));
    expect(outcome).toEqual({ kind: 'done', tombstone: stoneOf(on, GOOD_KEY) });
  });
});

describe('`current` that somebody moves', () => {
  const movedTo = async (leaked: boolean, last = { version: 2 }, current: number | null = 1) => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY, THIRD]);
    const stone = stoneOf(on, last.version === 1 || current === 1 ? GOOD_KEY : STANDARD_KEY);
    const tombstones = leaked ? { retired: [], leaked: [stone] } : { retired: [stone], leaked: [] };
    await remember(on, { tombstones, lastCurrent: last }, { current });
    const step = await drive(on.ports, on.order(), unseen);
    return { on, step };
  };

  test('to a key that leaked is an alarm, and not followed', async () => {
    const { on, step } = await movedTo(true);
    expect(step).toMatchObject({ did: 'held', why: expect.stringContaining('retired because it leaked') });
    expect(on.announced).toMatchObject([{ type: 'secret.warning', because: 'current_leaked' }]);
    expect(on.announced.map(severityOf)).toEqual(['critical']);
    const risks = risksOf(await on.vault.look(on.secret), NOW);
    expect(risks).toEqual([{ because: 'current_leaked', version: 1 }]);
    expect((await on.journal())?.phase).toBe('resting');
    await drive(on.ports, on.order(), unseen);
    expect(on.announced).toHaveLength(1);
  });

  test('to a version that is disabled because its key leaked is the same alarm', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await on.vault.disable(on.secret, await on.vault.lookVersion(on.secret, 1));
    const old = { version: 1, at: NOW, rotation: 'kw-0' };
    await remember(on, { lastCurrent: { version: 2 }, retired: [{ ...old, urgent: true }] }, { current: 1 });
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({ did: 'held' });
    await remember(on, { lastCurrent: { version: 2 }, retired: [old] });
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({ did: 'wait' });
  });

  test('to one that is kept for a rollback was meant, and is retired no more', async () => {
    const { on } = await movedTo(false);
    expect(await stones(on)).toEqual(NO_TOMBSTONES);
    expect(await on.journal()).toMatchObject({ passedOver: [2] });
  });

  test('away from a key that leaked is not put back', async () => {
    const { on, step } = await movedTo(true, { version: 1 }, null);
    expect(step).toMatchObject({ did: 'held' });
    expect(on.announced).toMatchObject([{ because: 'current_missing' }]);
  });

  test('to what nobody can read, or holds no key, is followed; trouble is no answer', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY, 'no key']);
    await remember(on, { lastCurrent: { version: 2 } }, { current: 1 });
    on.vault.failNext('read', new Fault('unavailable', 'busy'));
    await expect(drive(on.ports, on.order(), unseen)).rejects.toThrow('busy');
    await on.vault.disable(on.secret, await on.vault.lookVersion(on.secret, 1));
    await drive(on.ports, on.order(), unseen);
    expect(valueOf((await on.vault.look(on.secret)).record.lastCurrent)).toMatchObject({ version: 1, movedTo: 1 });
    await remember(on, { lastCurrent: { version: 1, movedAt: ago(1) } }, { current: 3 });
    await drive(on.ports, on.order(), unseen);
    expect(valueOf((await on.vault.look(on.secret)).record.lastCurrent)).toEqual({
      version: 3,
      movedTo: 3,
      movedAt: NOW,
    });
  });
});
