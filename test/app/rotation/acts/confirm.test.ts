import { describe, expect, test } from '@jest/globals';
import { confirm } from '../../../../src/app/rotation/acts/confirm.ts';
import type { Holder, Holders } from '../../../../src/app/listing/holders.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import type { InFlight } from '../../../../src/core/record/journal.ts';
import { KeyText } from '../../../../src/core/key/key-text.ts';
import { plusMs } from '../../../../src/core/values/time.ts';
import { deepRequestsMax } from '../../../../src/core/health/deep-schedule.ts';
import { DAY_MS } from '../../../support/cloud.ts';
import { hourly, usage } from '../../../support/used-hours.ts';
import { ago, FIRST_LOOK_MS, FROM_KEY, HOUR_MS, LAG_MS, NOW } from '../../../support/journals.ts';
import { NOBODY, OVERLOADED, rotationStage } from '../../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, SCOPE, STANDARD_KEY } from '../../../support/stage.ts';

const PROMOTED_AT = plusMs(NOW, -FIRST_LOOK_MS);
const NAMED = { fromKey: FROM_KEY };
const AT = { phase: 'promoted', to: 2, promotedAt: PROMOTED_AT, fromKey: FROM_KEY } as const;

/** In use every hour until the promotion, which is when its rhythm is known. */
const PAST = hourly(plusMs(PROMOTED_AT, -2 * DAY_MS), PROMOTED_AT, 100);
const IDLE = { use: 'idle', requests: 0, hours: 6, pauseHours: 2, at: NOW } as const;

/** Versions 1 and 2 as after a promotion; the old key's meter shows the past, and these requests in every hour since. */
async function confirmStage(requests = 0) {
  const set = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  const since = requests === 0 ? [] : hourly(PROMOTED_AT, plusMs(NOW, -LAG_MS), requests);
  set.meter.script(FROM_KEY.uid, usage([...PAST, ...since]));
  return { ...set, confirmed: (journal: Partial<InFlight> = {}) => confirm(set.scene({ ...AT, ...journal })) };
}

describe('the drain', () => {
  test('is not looked at before it can be over (I4)', async () => {
    const { confirmed, meter, prober } = await confirmStage();
    expect(await confirmed({ promotedAt: NOW })).toEqual({
      kind: 'wait',
      until: plusMs(NOW, FIRST_LOOK_MS),
      why: 'the old key is kept while consumers take up the new one',
      learned: { drain: { use: 'unknown', at: NOW } },
    });
    expect(meter.questions).toEqual([]);
    expect(prober.probes.map(({ depth }) => depth)).toEqual(['list', 'generate']);
  });

  test('counts from the phase when the journal does not say when it was promoted', async () => {
    const { confirmed } = await confirmStage();
    expect(await confirmed({ promotedAt: undefined, since: NOW })).toMatchObject({ until: plusMs(NOW, FIRST_LOOK_MS) });
  });

  test('is over when the old key was used before and is silent now', async () => {
    const { confirmed, meter, prober } = await confirmStage();
    expect(await confirmed()).toEqual({ kind: 'done', ...NAMED, drain: IDLE });
    const asked = { project: SCOPE.project, uid: FROM_KEY.uid };
    expect(meter.questions).toEqual([
      { ...asked, from: plusMs(PROMOTED_AT, -28 * DAY_MS), until: plusMs(NOW, -LAG_MS) },
    ]);
    expect(prober.probes.map(({ depth }) => depth)).toEqual(['list', 'generate']);
  });

  test('is not ended by a clock that disagrees with Google’s; an emergency is', async () => {
    const { scene } = await confirmStage();
    const wrong = (journal: Partial<InFlight>) => {
      const { ports, ...input } = scene({ ...AT, ...journal });
      return confirm({
        ...input,
        ports: { ...ports, clock: { ...ports.clock, aheadMs: () => Promise.resolve(DAY_MS) } },
      });
    };
    expect(await wrong({})).toEqual({
      kind: 'wait',
      until: plusMs(NOW, 600_000),
      why: expect.stringContaining('clock is 86400 s ahead of Google’s'),
      learned: { ...NAMED, drain: IDLE },
    });
    expect(await wrong({ emergency: true })).toMatchObject({ kind: 'done' });
  });

  test('goes on while the old key is used', async () => {
    const { confirmed, meter } = await confirmStage(5);
    expect(await confirmed()).toEqual({
      kind: 'wait',
      until: plusMs(NOW, 6 * HOUR_MS),
      why: 'the old key was used 30 times in 6 hours',
      learned: { ...NAMED, drain: { ...IDLE, use: 'busy', requests: 30 } },
    });
    expect(meter.questions).toHaveLength(1);
  });

  describe('names, while the old key is used, who else serves it, where the run can tell (I13)', () => {
    const USED = 'the old key was used 30 times in 6 hours';
    const ads = { secret: 'projects/p/secrets/ads', version: 4, readAs: 'current' };
    async function whyWith(others: readonly Holder[] | Fault, requests = 5) {
      const { scene, ports } = await confirmStage(requests);
      const asked: string[] = [];
      const holders: Holders = {
        ...NOBODY,
        othersOf: (key, secret) => {
          asked.push(`${key.equals(new KeyText(GOOD_KEY))} ${secret}`);
          return others instanceof Fault ? Promise.reject(others) : Promise.resolve(others);
        },
      };
      const input = scene(AT);
      const { why } = { why: '', ...(await confirm({ ...input, ports: { ...ports, holders } })) };
      return { why, asked, secret: input.secret };
    }

    test('as its users, beside our own check of them', async () => {
      const { why, asked, secret } = await whyWith([ads]);
      expect(why).toBe(
        `${USED}. Others serve the same key, and may be its users, or our own check of them: ${ads.secret} version 4 (current)`,
      );
      expect(asked).toEqual([`true ${secret}`]);
    });

    test.each([
      ['nobody', []],
      ['only what another rotation left as previous', [{ ...ads, readAs: 'previous' }]],
    ])('not where that is %s', async (_, others) => {
      expect((await whyWith(others)).why).toBe(USED);
    });

    test('or why that is not known', async () => {
      const { why } = await whyWith(new Fault('unavailable', 'no answer'));
      expect(why).toBe(`${USED}; who else serves it is not known: no answer`);
    });

    test('and asks nobody while the old key rests', async () => {
      expect((await whyWith([ads], 0)).asked).toEqual([]);
    });

    test('or while the old version holds nothing that looks like a key', async () => {
      const { ports, meter, scene } = await rotationStage(['{}', STANDARD_KEY]);
      meter.script(FROM_KEY.uid, usage([...PAST, ...hourly(PROMOTED_AT, plusMs(NOW, -LAG_MS), 5)]));
      expect(await confirm({ ...scene(AT), ports: { ...ports, holders: NOBODY } })).toMatchObject({ why: USED });
    });
  });

  test('that does not end is held for a person, and ends when that person has its users cut off', async () => {
    const { confirmed, meter } = await confirmStage();
    const drain = { ...IDLE, use: 'busy', requests: 600, overdue: true } as const;
    meter.script(FROM_KEY.uid, usage(hourly(ago(200), plusMs(NOW, -LAG_MS), 100)));
    expect(await confirmed({ promotedAt: ago(175) })).toMatchObject({ kind: 'unsure', hold: true, learned: { drain } });
    expect(await confirmed({ promotedAt: ago(175), drain })).toEqual({ kind: 'done', ...NAMED });
  });

  describe('takes its longest time where silence proves nothing: unknown is never zero', () => {
    const unknown = (why: string, names: Partial<InFlight> = NAMED) => ({
      kind: 'wait',
      until: plusMs(PROMOTED_AT, 24 * HOUR_MS),
      why: expect.stringContaining(`(${why})`),
      learned: { ...names, drain: { use: 'unknown', why, at: NOW } },
    });

    test('a mint has looked for the old key, and it is none of the project’s', async () => {
      const { confirmed, issuer } = await confirmStage();
      const none =
        'the old key is none of the keys of project demo-project; once its version is disabled, delete it where it was made';
      expect(await confirmed({ fromKey: undefined })).toEqual(unknown(none, { fromKeyUnknown: none }));
      const said = { fromKey: undefined, fromKeyUnknown: 'as the mint said' };
      expect(await confirmed(said)).toEqual(unknown('as the mint said', said));
      expect(issuer.calls).toEqual([]);
    });

    test('Monitoring cannot be asked', async () => {
      const { confirmed, meter } = await confirmStage();
      meter.script(FROM_KEY.uid, { known: false, why: 'access is missing' });
      expect(await confirmed()).toEqual(unknown('access is missing'));
    });

    test('Monitoring has never seen this key', async () => {
      const { confirmed, meter } = await confirmStage();
      meter.script(FROM_KEY.uid, usage([]));
      expect(await confirmed()).toEqual(unknown('Monitoring has never counted a request with the old key'));
    });
  });

  test('takes what a check may have asked at its own moment for no use by others', async () => {
    const { confirmed, meter, secret } = await confirmStage();
    const hours = hourly(plusMs(PROMOTED_AT, -20 * DAY_MS), PROMOTED_AT, 2);
    const ours = hours.filter(({ endsAt }) => deepRequestsMax(secret, 24, endsAt) > 0);
    expect(ours).toHaveLength(60);
    meter.script(FROM_KEY.uid, usage(ours));
    const learned = { drain: { use: 'unknown', why: expect.stringContaining('our own probes') } };
    expect(await confirmed()).toMatchObject({ kind: 'wait', learned });
    meter.script(FROM_KEY.uid, usage(hours));
    expect(await confirmed()).toMatchObject({ learned: { drain: { hours: 7, pauseHours: 5 } } });
  });

  describe('is measured by the name of the old key, which is looked for where nothing was minted', () => {
    /** Versions 1 to 4: nobody’s, ours, ours, and the same as version 2; 9 more keys at the issuer. */
    async function adoptedStage() {
      const set = await confirmStage();
      const [old, young] = [await set.key('old'), await set.key('young')];
      const [from, to] = [await set.add(old.characters), await set.add(young.characters)];
      set.meter.script(old.issued.uid, usage(PAST));
      const at = { from, to, fromKey: undefined, candidate: 'adopted' } as const;
      const [fromKey, toKey] = [old, young].map(({ issued: { name, uid } }) => ({ name, uid }));
      return { ...set, at, old, young, fromKey, toKey };
    }

    test('and so is that of the new one', async () => {
      const { confirmed, at, fromKey, toKey } = await adoptedStage();
      expect(await confirmed(at)).toEqual({ kind: 'done', fromKey, toKey, toKeyMadeAt: NOW, drain: IDLE });
      expect(await confirmed({ ...at, candidate: 'supplied' })).toEqual({
        kind: 'done',
        fromKey,
        toKey,
        toKeyMadeAt: NOW,
        drain: IDLE,
      });
    });

    test('in an emergency too, so that the key can be deleted at once', async () => {
      const { confirmed, at, fromKey, toKey } = await adoptedStage();
      expect(await confirmed({ ...at, emergency: true })).toEqual({ kind: 'done', fromKey, toKey, toKeyMadeAt: NOW });
    });

    describe('and where it leaked, in every project of the settings', () => {
      const ELSEWHERE = 'elsewhere';

      /** The key of version 1 is one that another project made. */
      async function foreignStage() {
        const set = await confirmStage();
        const foreign = set.issuer.plant({ project: ELSEWHERE, keyId: 'foreign' });
        const from = await set.add((await set.issuer.keyString(foreign.name)).reveal());
        const { name, uid } = foreign;
        const looked = (journal: Partial<InFlight>, keyProjects: readonly string[]) =>
          confirm(set.scene({ ...AT, from, fromKey: undefined, emergency: true, ...journal }, { keyProjects }));
        return { ...set, from, looked, fromKey: { name, uid } };
      }

      test('it is found in another one, after one that cannot be asked', async () => {
        const { looked, issuer, fromKey } = await foreignStage();
        expect(await looked({}, [SCOPE.project, ELSEWHERE])).toMatchObject({ kind: 'done', fromKey });
        issuer.failNext('list', new Fault('denied', 'not yours'));
        expect(await looked({}, [SCOPE.project, 'closed', ELSEWHERE])).toMatchObject({ kind: 'done', fromKey });
      });

      test('it stays a person’s where no project has it, nobody can read it, or nothing leaked', async () => {
        const { looked, vault, secret, from } = await foreignStage();
        const unknown = { fromKeyUnknown: expect.stringContaining('none of the keys of project demo-project') };
        expect(await looked({}, [SCOPE.project])).toMatchObject(unknown);
        expect(await looked({ emergency: false }, [SCOPE.project, ELSEWHERE])).not.toHaveProperty('learned.fromKey');
        await vault.disable(secret, await vault.lookVersion(secret, from));
        expect(await looked({}, [SCOPE.project, ELSEWHERE])).toMatchObject(unknown);
      });

      test('it is not asked for again where the version that holds it cannot be read for now', async () => {
        const { looked, vault } = await foreignStage();
        const read = vault.read.bind(vault);
        let reads = 0;
        vault.read = (...asked) =>
          (reads += 1) === 2 ? Promise.reject(new Fault('unavailable', 'x')) : read(...asked);
        expect(await looked({}, [SCOPE.project, ELSEWHERE])).not.toHaveProperty('fromKey');
      });
    });

    test('among keys that go away meanwhile', async () => {
      const { confirmed, at, issuer, fromKey, toKey } = await adoptedStage();
      issuer.plant({ project: SCOPE.project, keyId: 'other' });
      issuer.failNext('keyString', new Fault('not_found', 'deleted just now'));
      const swapped = { ...at, from: at.to, to: at.from };
      expect(await confirmed(swapped)).toMatchObject({ learned: { fromKey: toKey } });
      expect(await confirmed(at)).toMatchObject({ fromKey, toKey });
    });

    test.each([
      ['none of the project’s', 1, 'is none of the keys of project demo-project'],
      ['not readable any more', 3, 'nobody can read a key in version 3 any more'],
    ])('or waits its longest when it is %s', async (_, from, why) => {
      const { confirmed, at, toKey, vault, secret } = await adoptedStage();
      await vault.disable(secret, await vault.lookVersion(secret, 3));
      const learned = { toKey, fromKeyUnknown: expect.stringContaining(why), drain: { use: 'unknown' } };
      expect(await confirmed({ ...at, from })).toMatchObject({ kind: 'wait', learned });
    });

    test('or when the new version holds the very same key, which must not be deleted (I5)', async () => {
      const { confirmed, at, add, young, toKey } = await adoptedStage();
      const fromKeyUnknown = 'the new version holds the very same key, so the key stays';
      const outcome = await confirmed({ ...at, from: at.to, to: await add(young.characters) });
      expect(outcome).toMatchObject({ kind: 'wait', learned: { toKey, fromKeyUnknown } });
      expect(outcome).not.toHaveProperty('learned.fromKey', expect.anything());
    });

    test.each(['denied', 'timeout'] as const)('or when the issuer cannot be asked: %s', async (code) => {
      const { confirmed, at, issuer, vault } = await adoptedStage();
      const why = expect.stringContaining('the old key was not found at its issuer (no list)');
      issuer.failNext('list', new Fault(code, 'no list'));
      expect(await confirmed(at)).toMatchObject({ kind: 'wait', why, learned: { fromKeyUnknown: why } });
      issuer.failNext('keyString', new Fault(code, 'no list'));
      expect(await confirmed({ ...at, emergency: true })).toMatchObject({ kind: 'done', fromKeyUnknown: why });
      vault.failNext('read', new Fault('unavailable', 'not this one'));
      expect(await confirmed(at)).toMatchObject({ kind: 'unsure' });
    });
  });

  test('is skipped in an emergency, the proof of the new key is not (I2)', async () => {
    const { confirmed, meter, prober } = await confirmStage(5);
    expect(await confirmed({ emergency: true, promotedAt: NOW })).toEqual({ kind: 'done', ...NAMED });
    expect(meter.questions).toEqual([]);
    expect(prober.probes.map(({ depth }) => depth)).toEqual(['list', 'generate']);
    prober.script(STANDARD_KEY, 'list', OVERLOADED);
    expect(await confirmed({ emergency: true })).toMatchObject({ kind: 'unsure' });
  });
});

describe('the new key is watched meanwhile', () => {
  test('consumers get the old one back when it is dead', async () => {
    const { confirmed, add } = await confirmStage();
    const to = await add(DEAD_KEY);
    const drain = { use: 'idle', at: ago(1) } as const;
    const first = await confirmed({ to, drain });
    expect(first).toMatchObject({
      kind: 'wait',
      until: plusMs(NOW, 60_000),
      why: expect.stringMatching(/^the new key: key_invalid: .* it is asked again in a minute$/),
      learned: { drain: { ...drain, deadSince: NOW } },
    });
    expect(await confirmed({ to, drain: { ...drain, deadSince: plusMs(NOW, -59_999) } })).toMatchObject({
      kind: 'wait',
      until: plusMs(NOW, 1),
    });
    expect(await confirmed({ to, drain: { ...drain, deadSince: plusMs(NOW, -60_000) } })).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/^the new key: key_invalid: /),
    });
  });

  test('at once where a check has found it dead for a minute', async () => {
    const { scene, add } = await confirmStage();
    const input = scene({ ...AT, to: await add(DEAD_KEY) });
    expect(await confirm({ ...input, foundDeadAt: plusMs(NOW, -60_000) })).toMatchObject({ kind: 'refused' });
    expect(await confirm({ ...input, foundDeadAt: plusMs(NOW, -1_000) })).toMatchObject({
      kind: 'wait',
      learned: { drain: { use: 'unknown', at: NOW, deadSince: plusMs(NOW, -1_000) } },
    });
  });

  test('and a key that works again is forgotten to have been dead', async () => {
    const { confirmed } = await confirmStage();
    const drain = { use: 'idle', at: ago(1), deadSince: ago(1) } as const;
    expect(await confirmed({ drain })).toEqual({ kind: 'done', ...NAMED, drain: IDLE });
  });

  test.each(['disabled', 'destroyed'] as const)('and when its version was %s', async (code) => {
    const { confirmed, vault } = await confirmStage();
    vault.failNext('read', new Fault(code, 'is gone'));
    expect(await confirmed()).toEqual({ kind: 'refused', why: 'is gone' });
  });

  test('and when its version holds no key', async () => {
    const { confirmed, add } = await confirmStage();
    expect(await confirmed({ to: await add(' ') })).toEqual({ kind: 'refused', why: 'the new version holds no key' });
  });

  test('never because we could not tell', async () => {
    const { confirmed, vault, prober } = await confirmStage();
    vault.failNext('read', new Fault('timeout', 'no answer'));
    expect(await confirmed()).toEqual({ kind: 'unsure', why: 'no answer', hold: false, passes: true });
    prober.script(STANDARD_KEY, 'generate', OVERLOADED);
    expect(await confirmed()).toMatchObject({
      kind: 'unsure',
      why: expect.stringMatching(/^the new key: overloaded: /),
    });
  });

  test('as consumers read it when the journal names no version', async () => {
    const { confirmed, prober } = await confirmStage();
    await confirmed({ to: undefined });
    expect(prober.probes[0]?.key.equals(new KeyText(GOOD_KEY))).toBe(true);
  });
});
