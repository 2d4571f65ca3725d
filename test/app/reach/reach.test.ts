import { describe, expect, test } from '@jest/globals';
import { reachFleet } from '../../../src/app/reach/reach-fleet.ts';
import { reachJson } from '../../../src/app/reach/reach-json.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Past } from '../../../src/core/record/ledger.ts';
import { DAY_MS, plusMs } from '../../../src/core/values/time.ts';
import { inFlight, resting } from '../../support/journals.ts';
import { writeHistory } from '../../support/annotations.ts';
import { readBy } from '../../support/reach-stage.ts';
import { policyOf, promoted } from '../../support/promoted-stage.ts';
import { GOOD_KEY, SCOPE } from '../../support/stage.ts';

const NAMES = Array.from({ length: 12 }, (_, at) => `s${String(at).padStart(2, '0')}`);

describe('a new key is brought to its consumers', () => {
  test('one, then more and more at once, and each once', async () => {
    const { run, counts, mark, clock } = await promoted(NAMES);
    const before = clock.now();
    expect(await counts()).toEqual({ on: 12 });
    expect(run.asked).toEqual(NAMES);
    expect(NAMES.map((name) => run.marks(name)[0])).toEqual(NAMES.map(() => mark));
    // Waves of 1, 1, 2, 4 and 4, each ready after 20 s.
    expect(clock.now() - before).toBe(5 * 20_000);
    expect(await counts()).toEqual({ on: 12 });
    expect(run.asked).toHaveLength(12);
  });

  test('by any run from where another stopped', async () => {
    const { run, counts } = await promoted(NAMES);
    expect(await counts({ budgetSeconds: 45 })).toEqual({ on: 2, underway: 2, due: 8 });
    expect(await counts()).toEqual({ on: 12 });
    expect(run.asked).toEqual(NAMES);
  });

  test('by two runs at once, of which the etag lets one through', async () => {
    const { run, reach } = await promoted(NAMES);
    await Promise.all([reach(), reach()]);
    expect(run.asked.toSorted()).toEqual(NAMES);
  });

  test('while somebody deploys one and deletes another', async () => {
    const { run, reach, counts, ports } = await promoted(NAMES);
    const { revise } = run.reviser;
    const reviser: typeof run.reviser = {
      ...run.reviser,
      revise: async (seen, revision) => {
        if (run.asked.length === 3) {
          run.deploy('s05');
          run.remove('s09');
          run.deploy(seen.name.slice(-3));
        }
        return revise(seen, revision);
      },
    };
    await reachFleet(
      { ...ports, reach: { ...run, reviser } },
      { scopes: [SCOPE], secretPolicy: policyOf({}), concurrency: 1, dryRun: false, again: false, budgetSeconds: 3600 },
    );
    expect(await counts()).toEqual({ on: 11 });
    expect((await reach()).problems).toEqual([]);
  });

  test('once for a rotation that somebody invented on the secret, and to nobody who reads another', async () => {
    const { run, add, counts, write, clock } = await promoted(['s00', 's01']);
    add('other', { template: [readBy({ project: SCOPE.project, secret: 'other' })] });
    expect(await counts()).toEqual({ on: 2 });
    await write(inFlight({ phase: 'promoted', id: 'kw-2-fake', promotedAt: plusMs(clock.now(), 9_000 * DAY_MS) }));
    expect(await counts()).toEqual({ on: 2 });
    expect(await counts()).toEqual({ on: 2 });
    expect(run.asked).toEqual(['s00', 's01', 's00', 's01']);
    expect(['s00', 's01', 'other'].map((name) => run.pin(name))).toEqual(['current', 'current', 'current']);
    // Versions that current does not name are no move at all.
    await write(inFlight({ phase: 'promoted', id: 'kw-3-fake', from: 7, to: 8, promotedAt: clock.now() }));
    expect(await counts()).toEqual({});
    expect(run.asked).toHaveLength(4);
  });

  test('where the policy says so, also to one that names a version by its number', async () => {
    const { run, add, counts } = await promoted(['s00']);
    add('pinned', { template: [readBy({ project: SCOPE.project, version: '1' })] });
    expect(await counts()).toEqual({ on: 1, left: 1 });
    expect(await counts({ secretPolicy: policyOf({ reachPinned: 1 }) })).toEqual({ on: 2 });
    expect(run.pin('pinned')).toBe('2');
  });

  test('to readers of `latest`, while that is the version that `current` names', async () => {
    const { add, counts, vault, secret } = await promoted([]);
    add('newest', { template: [readBy({ project: SCOPE.project, version: 'latest' })] });
    expect(await counts({ dryRun: true })).toEqual({ due: 1 });
    await vault.add(secret, new TextEncoder().encode('staged'));
    expect(await counts()).toEqual({ left: 1 });
  });
});

describe('a consumer that does not come up', () => {
  test('gets its template back, is told, and those after it go one at a time', async () => {
    const { run, counts, announced, mark } = await promoted(NAMES);
    run.failing.add('s03');
    expect(await counts()).toEqual({ on: 11, undone: 1 });
    expect(run.marks('s03')).toEqual([undefined, mark]);
    expect(announced).toContainEqual(
      expect.objectContaining({
        type: 'secret.warning',
        because: 'consumers_kept',
        why: expect.stringContaining('s03 in europe-west1: its port is closed'),
        next: 'key-warden reach --secret projects/demo-project/secrets/gemini --again',
      }),
    );
  });

  test('is tried once more where somebody asks for that, and only then', async () => {
    const { run, counts } = await promoted(['s00', 's01']);
    run.failing.add('s01');
    expect(await counts()).toEqual({ on: 1, undone: 1 });
    const tried = run.asked.length;
    expect(await counts()).toEqual({ on: 1, undone: 1 });
    expect(run.asked).toHaveLength(tried);
    expect(await counts({ again: true })).toEqual({ on: 1, undone: 1 });
    run.failing.clear();
    expect(await counts({ again: true })).toEqual({ on: 2 });
    expect(run.marks('s01')[1]).toBeUndefined();
  });

  test('stops all others where too many do not', async () => {
    const { run, counts } = await promoted(NAMES);
    for (const name of NAMES) run.failing.add(name);
    expect(await counts({ secretPolicy: policyOf({ reachFailuresMax: 1 }) })).toEqual({ undone: 2, due: 10 });
  });
});

describe('what is left alone', () => {
  test('is told: no permission for one, a label with a typo, traffic split by hand', async () => {
    const { run, add, counts, announced } = await promoted(['s00', 's01', 's02']);
    run.faults.set('s01', new Fault('denied', 'run.services.get is missing'));
    add('typo', { labels: { 'key-warden-reech': 'on' } });
    add('split', { follows: false });
    expect(await counts()).toEqual({ on: 2, left: 3 });
    expect(announced).toHaveLength(1);
  });

  test('is not asked for again in a run that may not change it', async () => {
    const { run, counts, ports, clock } = await promoted(['s00', 's01']);
    const { revise } = run.reviser;
    let refused = 0;
    const reviser: typeof run.reviser = {
      ...run.reviser,
      revise: (seen, revision) => {
        if (!seen.name.endsWith('s00')) return revise(seen, revision);
        refused += 1;
        return Promise.reject(new Fault('denied', 'actAs is missing'));
      },
    };
    const order = { scopes: [SCOPE], secretPolicy: policyOf({}), concurrency: 1, dryRun: false, again: false };
    const before = clock.now();
    const done = reachJson(
      await reachFleet({ ...ports, reach: { ...run, reviser } }, { ...order, budgetSeconds: 600 }),
    );
    expect(done.counts).toMatchObject({ on: 1, left: 1 });
    expect(refused).toBe(1);
    expect(clock.now() - before).toBeLessThan(60_000);
    expect(await counts({ dryRun: true })).toEqual({ on: 1, due: 1 });
  });

  test('trouble that passes is waited out', async () => {
    const { run, counts } = await promoted(['s00', 's01']);
    run.faults.set('s01', new Fault('unavailable', 'try again'));
    expect(await counts({ budgetSeconds: 60 })).toEqual({ underway: 1, due: 1 });
    run.faults.clear();
    expect(await counts()).toEqual({ on: 2 });
  });

  test('nothing is done in a dry run, or where the settings say nobody', async () => {
    const { run, counts, reach } = await promoted(NAMES);
    expect(await counts({ dryRun: true })).toEqual({ due: 12 });
    expect(await counts({ secretPolicy: policyOf({ reachConsumers: 0 }) })).toEqual({});
    expect(run.asked).toEqual([]);
    expect(await reach({ secrets: ['projects/demo-project/secrets/none'] })).toMatchObject({
      secrets: 0,
      problems: [expect.stringContaining('none')],
    });
  });

  test('where nobody could look is said', async () => {
    const { run, reach, ports } = await promoted(['s00']);
    run.notLooked.push('project ads: not allowed');
    expect((await reach()).problems).toEqual(['project ads: not allowed']);
    const roll = () => Promise.reject(new Fault('denied', 'nobody may look'));
    const order = { scopes: [SCOPE], secretPolicy: policyOf({}), concurrency: 1, dryRun: false, again: false };
    expect(await reachFleet({ ...ports, reach: { ...run, roll } }, { ...order, budgetSeconds: 60 })).toMatchObject({
      reached: [],
      problems: ['nobody may look'],
    });
  });

  test('consumers are looked for once, and the secret itself before anything is changed and no sooner', async () => {
    const { run, ports } = await promoted(['s00']);
    const callsOf = async (dryRun: boolean) => {
      const calls: string[] = [];
      const look = (secret: string) => (calls.push('look'), ports.vault.look(secret));
      const reviser: typeof run.reviser = {
        ...run.reviser,
        revise: (seen, revision) => (calls.push('revise'), run.reviser.revise(seen, revision)),
      };
      const roll = () => (calls.push('roll'), run.roll());
      const order = { scopes: [SCOPE], secretPolicy: policyOf({}), concurrency: 1, dryRun, again: false };
      const vault = { ...ports.vault, look };
      await reachFleet({ ...ports, vault, reach: { ...run, reviser, roll } }, { ...order, budgetSeconds: 60 });
      return calls;
    };
    expect(await callsOf(true)).toEqual(['roll']);
    expect((await callsOf(false)).slice(0, 3)).toEqual(['roll', 'look', 'revise']);
    expect(await callsOf(false)).toEqual(['roll']);
  });
});

describe('a rotation that was given up, and has ended', () => {
  /** Version 1 is current again, and its key was added once more as version 3, above the one that was given up. */
  async function givenUp(names: readonly string[]) {
    const given = await promoted(names);
    const { vault, secret, clock, write, add } = given;
    add('newest', { template: [readBy({ project: SCOPE.project, version: 'latest' })] });
    const end = async (wasPromoted: boolean) => {
      if (wasPromoted) await given.reach();
      await write(inFlight({ phase: 'abandoned', promotedAt: clock.now(), since: clock.now() }));
      await vault.commit(await vault.look(secret), { aliases: { current: 1 } });
      const underway = await given.counts();
      await vault.add(secret, new TextEncoder().encode(GOOD_KEY));
      const past: Past = { id: 'kw-1-abc', reason: 'request', outcome: 'abandoned', from: 1, to: 2, at: clock.now() };
      await write(resting({ passedOver: [2, 3] }));
      const history = writeHistory([past]) ?? '';
      await vault.commit(await vault.look(secret), { annotations: { 'key-warden.history': history } });
      return underway;
    };
    return { ...given, end };
  }

  test('brings back who reads `latest` too, when the old key is the newest version again', async () => {
    const { run, counts, end, announced } = await givenUp(['s00']);
    expect(await end(true)).toEqual({ on: 1 });
    expect(run.asked).toEqual(['s00', 'newest', 's00']);
    expect(await counts()).toEqual({ on: 2 });
    expect(run.asked).toEqual(['s00', 'newest', 's00', 'newest']);
    expect(run.marks('newest')[0]).toMatch(/=1@kw-1-abc$/);
    expect(announced).toEqual([]);
  });

  test('and who was marked and had not come back, but starts nobody anew of whom nothing is known', async () => {
    const { run, counts, end, mark } = await givenUp(['s00', 's01']);
    run.deploy('s01');
    await end(false);
    run.asked.length = 0;
    run.remove('newest');
    const { look } = run.reviser;
    Object.assign(run.reviser, {
      look: async (name: string) => ({ ...(await look(name)), ...(name.endsWith('s00') ? { reached: mark } : {}) }),
    });
    expect(await counts({ budgetSeconds: 5 })).toEqual({ underway: 1, on: 1 });
    expect(run.asked).toEqual(['s00']);
  });

  test('tells who reads a version above, which somebody else has added', async () => {
    const { counts, end, vault, secret, announced } = await givenUp([]);
    await end(false);
    await vault.add(secret, new TextEncoder().encode('another'));
    expect(await counts()).toEqual({ left: 1 });
    expect(announced).toContainEqual(
      expect.objectContaining({
        because: 'consumers_kept',
        why: expect.stringContaining('1 consumer may keep the key of version 2, which was given up: newest'),
      }),
    );
  });
});

describe('moves that there are', () => {
  test('a secret at rest, or with a record that cannot be read, has none', async () => {
    const { run, counts, vault, secret, reach } = await promoted(['s00']);
    await vault.commit(await vault.look(secret), { annotations: { 'key-warden.rotation': null } });
    expect(await counts()).toEqual({});
    await vault.commit(await vault.look(secret), { annotations: { 'key-warden.rotation': '{"v":99}' } });
    expect((await reach()).reached).toEqual([]);
    expect(run.asked).toEqual([]);
  });

  test('the one of an emergency is followed after its end', async () => {
    const { counts, vault, secret, clock, mark, run } = await promoted(['s00']);
    const past: Past = { id: 'kw-1-abc', reason: 'leaked', outcome: 'completed', from: 1, to: 2, at: clock.now() };
    const history = writeHistory([past]) ?? '';
    const found = await vault.look(secret);
    await vault.commit(found, { annotations: { 'key-warden.rotation': null, 'key-warden.history': history } });
    expect(await counts()).toEqual({ on: 1 });
    expect(run.marks('s00')[0]).toBe(mark);
  });
});
