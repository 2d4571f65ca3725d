import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { tick, type Step } from '../../../src/app/rotation/tick.ts';
import { risksOf } from '../../../src/core/health/secret-risk.ts';
import type { LastCurrent } from '../../../src/core/record/last-current.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { inFlight, NOW, resting } from '../../support/journals.ts';
import { OVERLOADED, rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const HOURS = 3_600_000;

/** A secret of which this is remembered, with `current` where somebody left it. */
async function left(current: number | null, last: LastCurrent | string, payloads = [GOOD_KEY, STANDARD_KEY]) {
  const on = await rotationStage(payloads);
  const seen = await on.vault.look(on.secret);
  const annotations =
    typeof last === 'string' ? { 'key-warden.current': last } : changeOf(seen.record, { lastCurrent: last });
  await on.vault.commit(seen, { annotations, aliases: { current } });
  const steps: Step[] = [];
  const go = (fields = {}) => drive(on.ports, on.order(fields), (step) => void steps.push(step));
  const remembered = async () => valueOf((await on.vault.look(on.secret)).record.lastCurrent);
  const aliases = async () => (await on.vault.look(on.secret)).aliases;
  return { ...on, go, steps, remembered, aliases };
}

const toldOf = ({ announced }: RotationStage) =>
  announced.map((notice) => ('because' in notice ? notice.because : notice.type));

describe('`current` that somebody took away', () => {
  test('comes back once, proven and told, and the second time it is held and told (I1)', async () => {
    const on = await left(null, { version: 2 });
    expect(await on.go()).toMatchObject({ did: 'rest' });
    expect(await on.aliases()).toEqual({ current: 2 });
    expect(await on.remembered()).toEqual({ version: 2, is: 'put_back' });
    expect(toldOf(on)).toEqual(['current_removed']);
    await on.vault.commit(await on.vault.look(on.secret), { aliases: { current: null } });
    expect(await on.go()).toMatchObject({ did: 'held', why: expect.stringContaining('is not put back') });
    expect(await on.aliases()).toEqual({});
    expect(toldOf(on)).toEqual(['current_removed', 'current_missing']);
    await on.go();
    expect(toldOf(on)).toHaveLength(2);
    const told = risksOf(await on.vault.look(on.secret), NOW);
    expect(told).toEqual([{ because: 'current_missing', version: 2 }]);
  });

  test('comes back also for a single step that nobody listens to', async () => {
    const on = await left(null, { version: 2 });
    expect(await tick(on.ports, on.order())).toMatchObject({ did: 'moved' });
    expect(await on.aliases()).toEqual({ current: 2 });
  });

  test('does not come back to a version that is disabled, or holds a dead key', async () => {
    const disabled = await left(null, { version: 2 });
    await disabled.vault.disable(disabled.secret, await disabled.vault.lookVersion(disabled.secret, 2));
    const dead = await left(null, { version: 2 }, [GOOD_KEY, DEAD_KEY]);
    for (const on of [disabled, dead]) {
      expect(await on.go()).toMatchObject({ did: 'held' });
      expect(await on.aliases()).toEqual({});
      expect(toldOf(on)).toEqual(['current_missing']);
    }
  });

  test('nor to one that holds no key', async () => {
    const on = await left(null, { version: 2 }, [GOOD_KEY, 'no key at all']);
    expect(await on.go()).toMatchObject({ did: 'held' });
    expect(await on.remembered()).toMatchObject({ is: 'missing' });
  });

  test('waits while Gemini or Secret Manager do not answer; a rotation in flight goes on without it', async () => {
    const on = await left(null, { version: 2 });
    on.prober.script(STANDARD_KEY, 'list', OVERLOADED);
    expect(await on.go()).toMatchObject({ did: 'wait', why: expect.stringContaining('cannot be told now') });
    on.vault.failNext('read', new Fault('unavailable', 'busy'));
    await expect(on.go()).rejects.toThrow('busy');
    await on.write(inFlight({ phase: 'promoted', from: 1, to: 2 }));
    await on.go();
    expect(on.steps.at(-1)).toMatchObject({ did: 'wait', journal: { phase: 'promoted' } });
    expect(await on.aliases()).toEqual({});
  });

  test('comes back in a drain too, and what is asked for does not wait for it', async () => {
    const on = await left(null, { version: 2 });
    await on.write(inFlight({ phase: 'promoted', from: 1, to: 2 }));
    await on.go();
    expect(await on.aliases()).toEqual({ current: 2 });
    const other = await left(null, { version: 2 });
    const asked = { reason: 'request', candidate: 'minted', emergency: false } as const;
    await other.go({ asked });
    expect(other.steps[0]).toMatchObject({ did: 'moved', by: 'open' });
  });

  test('is told in the log where the announcement fails, and comes back all the same', async () => {
    const on = await left(null, { version: 2 });
    const announcer = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    await drive({ ...on.ports, announcer }, on.order(), () => undefined);
    expect(await on.aliases()).toEqual({ current: 2 });
    expect(on.logged.join('\n')).toContain('current_removed could not be announced: no topic');
  });

  test('is somebody else’s business where a newer release remembers it', async () => {
    const on = await left(1, '{"v":9}', [GOOD_KEY]);
    const asked = { reason: 'request', candidate: 'minted', emergency: false } as const;
    await on.go({ asked });
    expect((await on.vault.look(on.secret)).annotations['key-warden.current']).toBe('{"v":9}');
  });
});

describe('`current` that a person moved', () => {
  test('stays: the version that was left is passed over, and nothing is begun for a day (runbook)', async () => {
    const on = await left(1, { version: 2 });
    expect(await on.go()).toMatchObject({ did: 'wait', until: NOW + 24 * HOURS });
    expect(await on.journal()).toEqual(resting({ passedOver: [2], notBefore: expect.any(Number) as never }));
    await on.clock.sleep(25 * HOURS);
    expect(await on.go()).toMatchObject({ did: 'rest' });
    expect(await on.aliases()).toEqual({ current: 1 });
    expect(await on.remembered()).toEqual({ version: 1, movedTo: 1, movedAt: NOW });
    expect(toldOf(on)).toEqual([]);
  });

  test('forward is followed too, and a newer version is proven as ever', async () => {
    const on = await left(2, { version: 1 });
    expect(await on.go()).toMatchObject({ did: 'rest' });
    expect(await on.remembered()).toMatchObject({ version: 2 });
  });

  test('again to the same version within a day is a tool’s doing: held, told once, and named every day', async () => {
    const on = await left(1, { version: 2, movedTo: 1, movedAt: NOW });
    expect(await on.go()).toMatchObject({ did: 'held', why: expect.stringContaining('ignore_changes') });
    await on.go();
    expect(toldOf(on)).toEqual(['current_contested']);
    expect(on.announced[0]).toMatchObject({ why: expect.stringContaining('External Secrets') });
    expect(risksOf(await on.vault.look(on.secret), NOW)).toEqual([{ because: 'current_contested', version: 1 }]);
  });

  test('at the same moment as another writes is looked at again', async () => {
    const on = await left(1, { version: 2 });
    on.vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    await on.go();
    expect(on.steps[0]).toMatchObject({ did: 'lost' });
    const broken = await left(1, { version: 2 });
    broken.vault.failNext('commit', new Fault('denied', 'no'));
    await expect(broken.go()).rejects.toThrow('no');
  });
});
