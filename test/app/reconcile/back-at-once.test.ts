import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/app/check/check.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { ago, ahead, inFlight, MINUTE_MS } from '../../support/journals.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, ORDER, SCOPE, STANDARD_KEY } from '../../support/stage.ts';

/** In the middle of a drain that nobody need look at for hours. */
async function draining(): Promise<RotationStage> {
  const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  await on.vault.commit(await on.vault.look(on.secret), { aliases: { current: 2, previous: 1 } });
  await on.write(inFlight({ phase: 'promoted', promotedAt: ago(1), since: ago(1), notBefore: ahead(5) }));
  return on;
}

/** The two schedules, as often as they come by in a quarter of an hour. */
async function aQuarterOfAnHour(on: RotationStage): Promise<void> {
  const { secretPolicy, me } = on.order();
  const order = { ...ORDER, scopes: [SCOPE], secretPolicy, me, rotationsMax: 20 };
  for (let run = 0; run < 3; run += 1) {
    if (run !== 1) await check(on.ports, { ...ORDER, secretPolicy });
    await reconcile(on.ports, order);
    await on.clock.sleep(5 * MINUTE_MS);
  }
}

const currentOf = async (on: RotationStage) => (await on.vault.look(on.secret)).aliases['current'];

describe('the new version is taken away by hand while the old key drains', () => {
  test.each(['disable', 'destroy'] as const)(
    'consumers get the old key back in the next runs: %s (I1)',
    async (how) => {
      const on = await draining();
      await on.vault[how](on.secret, await on.vault.lookVersion(on.secret, 2));
      await aQuarterOfAnHour(on);
      expect(await currentOf(on)).toBe(1);
      expect((await on.states())[0]).toBe('enabled');
    },
  );

  test('and nothing of that happens while it stands enabled', async () => {
    const on = await draining();
    await aQuarterOfAnHour(on);
    expect(await currentOf(on)).toBe(2);
    expect(await on.journal()).toMatchObject({ phase: 'promoted' });
  });
});
