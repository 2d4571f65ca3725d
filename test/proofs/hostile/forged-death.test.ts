import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { writeHealth } from '../../support/annotations.ts';
import { HOUR_MS } from '../../support/journals.ts';
import { sick } from '../../support/members.ts';
import { PROJECT, START } from '../../support/cloud.ts';
import { violationsIn } from './witness.ts';
import { hostileWorld, MINE, THEIRS, type HostileWorld } from './world.ts';

/** Where a second person is asked, and dead keys are replaced without asking anybody. */
const ASKS = { KEY_WARDEN_APPROVAL: '1', KEY_WARDEN_APPROVALS: `projects/${PROJECT}/secrets/book` };
const WORLDS = [
  ['the approval of a second person', ASKS],
  ['a window that is not open', { KEY_WARDEN_WINDOWS: '2030-01-01 UTC' }],
] as const;

describe.each(WORLDS)('whoever calls the key of his own secret dead passes %s by it', (_, more) => {
  let world: HostileWorld;
  beforeAll(async () => {
    world = await hostileWorld({ KEY_WARDEN_ROTATE_WHEN_DEAD: '1', ...more });
  });
  beforeEach(() => world.startOver());
  afterAll(() => world.close());

  const at = plusMs(instantOf(START), -HOUR_MS);
  const called = (cause: Cause) =>
    world.write({ 'key-warden.health': writeHealth(sick({ cause, openedAt: at, announcedAt: at })) });
  const made = () =>
    world.cloud.keyring.all().filter(({ annotations }) => [MINE, THEIRS].includes(annotations[SECRET_MARK] ?? ''));

  test.each(['key_invalid', 'key_expired', 'key_leaked'] as const)('not while Google takes it: %s', async (cause) => {
    const before = made().length;
    for (let run = 0; run < 6; run += 1) {
      called(cause);
      expect(await world.call('reconcile')).toBe(200);
      await world.cloud.advance(HOUR_MS);
    }
    expect([made().length - before, violationsIn(world)]).toEqual([0, []]);
  });

  test('but where it is dead: that is the measure', async () => {
    const before = made().length;
    world.cloud.keyring.change(world.own.current.uid, { deletedAt: START }, START);
    await world.cloud.advance(HOUR_MS);
    called('key_invalid');
    expect(await world.call('reconcile')).toBe(200);
    expect(made().length - before).toBe(1);
  });
});
