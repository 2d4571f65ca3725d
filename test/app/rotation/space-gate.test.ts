import { describe, expect, test } from '@jest/globals';
import { rehearse } from '../../../src/app/rehearsal/rehearse.ts';
import { start } from '../../../src/app/rotation/start.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const ASKED = { reason: 'request', candidate: 'supplied', emergency: false } as const;
const order = (on: RotationStage, more: Partial<Asked> = {}) => ({
  ...on.order({ supplied: new KeyText(STANDARD_KEY) }),
  asked: { ...ASKED, ...more },
});
const begin = (on: RotationStage, more?: Partial<Asked>) => start(on.ports, order(on, more), () => undefined);

/** A secret with `current` and so many more aliases, and so many bytes in an annotation of somebody else's. */
async function crowded({ aliases = 0, bytes = 0 }): Promise<RotationStage> {
  const on = await rotationStage([GOOD_KEY]);
  const others = Array.from({ length: aliases }, (_, number) => [`reader-${number}`, 1] as const);
  await on.vault.commit(await on.vault.look(on.secret), {
    aliases: Object.fromEntries(others),
    ...(bytes > 0 ? { annotations: { 'example.com_notes': 'x'.repeat(bytes) } } : {}),
  });
  return on;
}

describe('a rotation that could not be ended for want of room is not begun', () => {
  test('with all aliases taken, before anything is minted or written', async () => {
    const on = await crowded({ aliases: 49 });
    expect(await begin(on)).toMatchObject({ outcome: 'begun', step: { did: 'held' } });
    const { outcome, why } = await rehearse(on.ports, order(on));
    expect(outcome).toBe('held');
    expect(why).toMatch(
      /^\S+ has no room: it has 50 of 50 aliases, and a rotation needs 1 more, `current` and `previous`/,
    );
    expect(why).toContain('gcloud secrets update gemini --remove-version-aliases=ALIAS --project=');
    expect(on.issuer.calls).toEqual([]);
    expect(await on.states()).toEqual(['enabled']);
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
  });

  test('with annotations nearly full', async () => {
    const on = await crowded({ bytes: 10_000 });
    expect(await begin(on)).toMatchObject({
      step: {
        did: 'held',
        why: expect.stringMatching(/its annotations take 10017 of 16384 bytes, and a rotation may need \d+ more/),
      },
    });
    expect(await on.states()).toEqual(['enabled']);
  });

  test('where there is room it is, to the last alias', async () => {
    const on = await crowded({ aliases: 48, bytes: 3_500 });
    expect(await begin(on)).toMatchObject({ step: { did: 'wait' } });
    expect(await on.journal()).toMatchObject({ phase: 'promoted' });
    const { aliases } = await on.vault.look(on.secret);
    expect(Object.keys(aliases)).toHaveLength(50);
  });

  test('but going back is never barred: it ends what took some', async () => {
    const on = await crowded({ aliases: 49 });
    await on.add(STANDARD_KEY);
    await on.vault.commit(await on.vault.look(on.secret), { aliases: { current: 2 } });
    const started = await begin(on, { reason: 'rollback', candidate: 'adopted', from: 1, to: 2 });
    expect(started).toMatchObject({ outcome: 'begun' });
    expect(JSON.stringify(started)).not.toContain('no room');
    expect((await on.vault.look(on.secret)).aliases['current']).toBe(1);
  });
});
