import { describe, expect, test } from '@jest/globals';
import { reachFleet } from '../../../src/app/reach/reach-fleet.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { MINUTE_MS } from '../../../src/core/values/time.ts';
import { writeJournal } from '../../support/annotations.ts';
import { inFlight } from '../../support/journals.ts';
import { policyOf, promoted } from '../../support/promoted-stage.ts';
import { readBy } from '../../support/reach-stage.ts';
import { GOOD_KEY, MANAGED, SCOPE } from '../../support/stage.ts';

type Promoted = Awaited<ReturnType<typeof promoted>>;

/** Another secret whose rotation has just promoted version 2. */
async function movedAsWell(vault: Promoted['vault'], clock: Promoted['clock'], id: string) {
  const name = vault.create(SCOPE, id, {
    labels: MANAGED,
    annotations: {
      [ROTATION_ANNOTATION]:
        writeJournal(inFlight({ id: `kw-2-${id}`, phase: 'promoted', promotedAt: clock.now() })) ?? '',
    },
  });
  for (const characters of [GOOD_KEY, `${GOOD_KEY.slice(0, -3)}two`])
    await vault.add(name, new TextEncoder().encode(characters));
  await vault.commit(await vault.look(name), { aliases: { current: 2 } });
  return name;
}

/** What else may come in a wave is in `reach.test.ts` beside this, and over the wire in `test/proofs/reach`. */
describe('bringing a key to its consumers bears', () => {
  test('a revision that never gets ready, and never fails: its template goes back after a quarter of an hour, and the wave goes on', async () => {
    const { run, counts, clock, announced, mark } = await promoted(['s00', 's01', 's02']);
    run.slow.add('s01');
    const before = clock.now();
    expect(await counts()).toEqual({ on: 2, undone: 1 });
    expect(run.asked).toEqual(['s00', 's01', 's01', 's02']);
    expect(run.marks('s01')).toEqual([undefined, mark]);
    expect(Math.round((clock.now() - before) / MINUTE_MS)).toBe(16);
    expect(announced).toHaveLength(2);
  });

  test('two rotations that share a consumer: it is given a revision for each, and keeps the marks of both', async () => {
    const { run, add, counts, vault, clock, mark } = await promoted(['own']);
    const name = await movedAsWell(vault, clock, 'maps');
    const { project } = SCOPE;
    add('both', { template: [readBy({ project }), readBy({ project, secret: 'maps' })] });
    expect(await counts()).toEqual({ on: 3 });
    expect(run.asked.toSorted()).toEqual(['both', 'both', 'own']);
    const marks = run.marks('both')[0]?.split(' ');
    expect(marks?.toSorted()).toEqual([mark, `${(await vault.look(name)).name}=2@kw-2-maps`].toSorted());
    // An undone mark of one is no word about the other.
    expect(await counts()).toEqual({ on: 3 });
    expect(run.asked).toHaveLength(3);
  });

  test('hundreds of consumers: paced, in as many runs as it takes, and each once', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `s${String(at).padStart(3, '0')}`);
    const { run, counts, clock } = await promoted(names);
    const before = clock.now();
    const asked: number[] = [];
    let runs = 0;
    do {
      await counts({ budgetSeconds: 120, secretPolicy: policyOf({ reachWaveMax: 100 }) });
      asked.push(run.asked.length);
      runs += 1;
    } while (run.asked.length < names.length && runs < 20);
    expect(await counts()).toEqual({ on: 300 });
    expect(run.asked.toSorted()).toEqual(names);
    expect(runs).toBeGreaterThan(1);
    // 60 changes a minute at most: whoever has 300 waits for five minutes at least.
    expect(clock.now() - before).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    for (const [at, sum] of asked.entries()) expect(sum - (asked[at - 1] ?? 0)).toBeLessThanOrEqual(3 * 60);
  });

  test('hundreds of secrets: no more than 200 are looked at before a minute is over', async () => {
    const { vault, clock, add, ports, run } = await promoted([]);
    for (let at = 0; at < 250; at += 1) {
      await movedAsWell(vault, clock, `more-${at}`);
      add(`s${at}`, { template: [readBy({ project: SCOPE.project, secret: `more-${at}` })] });
    }
    const before = clock.now();
    const looks: number[] = [];
    const look = (secret: string) => (looks.push(clock.now()), ports.vault.look(secret));
    const order = { scopes: [SCOPE], secretPolicy: policyOf({}), concurrency: 300, dryRun: false, again: false };
    await reachFleet({ ...ports, vault: { ...ports.vault, look }, reach: run }, { ...order, budgetSeconds: 900 });
    expect(run.asked).toHaveLength(250);
    expect(looks[200]).toBeGreaterThanOrEqual(before + MINUTE_MS);
  });
});
