import { describe, expect, test } from '@jest/globals';
import { start } from '../../../src/app/rotation/start.ts';
import { plannedGate } from '../../../src/app/rotation/planned-gate.ts';
import type { CalendarPolicy } from '../../../src/core/calendar/calendar-policy.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import type { Step } from '../../../src/app/rotation/tick.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { stillClock } from '../../support/still-clock.ts';
import { STANDARD_KEY } from '../../support/stage.ts';

/** The stage stands at 08:00 UTC on Friday, 2027-01-15. */
const CLOSED = { windows: 'sat 10:00-12:00 Europe/Berlin' };
const BY = { is: 'claimed', who: 'jane' } as const;

async function begin(
  on: RotationStage,
  calendar: CalendarPolicy,
  asked: Partial<Asked> = {},
  lines: string[] = [],
  watch: (step: Step) => void = () => undefined,
) {
  const order = on.order({ supplied: new KeyText(STANDARD_KEY) });
  const secretPolicy = { ...order.secretPolicy, calendar };
  return start(
    { ...on.ports, nameReaders: (said) => void lines.push(...said) },
    { ...order, secretPolicy, asked: { reason: 'request', candidate: 'supplied', emergency: false, ...asked } },
    watch,
  );
}

describe('out of a window', () => {
  test('a planned rotation is refused to whoever asks: why, when the next one may begin, and what works', async () => {
    const on = await rotationStage();
    const started = await begin(on, CLOSED, { by: BY });
    expect(started).toMatchObject({ outcome: 'begun', step: { did: 'held', journal: { phase: 'resting' } } });
    expect('step' in started ? started.step.why : '').toMatch(
      /^it waits: the settings let rotations begin only sat 10:00-12:00 Europe\/Berlin; the next one may begin 2027-01-16 09:00 UTC. Then: key-warden rotate --secret \S+. A key that leaked does not wait: key-warden rotate --secret \S+ --emergency$/,
    );
    expect(on.issuer.calls).toEqual([]);
    expect(await on.states()).toEqual(['enabled']);
  });

  test('what the worker begins by itself waits, without a write', async () => {
    const on = await rotationStage();
    const before = await on.vault.look(on.secret);
    expect(await begin(on, CLOSED)).toMatchObject({ step: { did: 'wait', until: Date.parse('2027-01-16T09:00:00Z') } });
    expect(await on.vault.look(on.secret)).toEqual(before);
  });

  test('what never opens waits for a person', async () => {
    const on = await rotationStage();
    expect(await begin(on, { windows: '2020-01-01 UTC' })).toMatchObject({
      step: { did: 'held', why: expect.stringContaining('within 400 days there is no moment') },
    });
  });

  test('in a window it begins', async () => {
    const on = await rotationStage();
    expect(await begin(on, { windows: 'fri UTC', freezes: '2027-01-16 UTC' })).toMatchObject({ step: { did: 'wait' } });
    expect(await on.journal()).toMatchObject({ phase: 'promoted' });
  });

  test('an emergency passes, and says so', async () => {
    const on = await rotationStage();
    const lines: string[] = [];
    await begin(on, CLOSED, { reason: 'leaked', emergency: true }, lines);
    expect((await on.vault.look(on.secret)).aliases['current']).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/^this does not wait although the settings let rotations begin only/),
    ]);
  });

  test.each([
    [undefined, 'did not wait until 2027-01-16 09:00 UTC for windows and freezes'],
    ['the laptop was lost', 'the laptop was lost; did not wait until 2027-01-16 09:00 UTC for windows and freezes'],
    ['x'.repeat(200), `${'x'.repeat(119)}…; did not wait until 2027-01-16 09:00 UTC for windows and freezes`],
  ])('which stays on record with it, behind the words of whoever asked: %s', async (note, kept) => {
    const on = await rotationStage();
    const notes: (string | undefined)[] = [];
    const watch = (step: Step) => {
      if (step.did === 'moved' && step.after.phase !== 'resting') notes.push(step.after.note);
    };
    await begin(on, CLOSED, { reason: 'leaked', emergency: true, note }, [], watch);
    expect(new Set(notes)).toEqual(new Set([kept]));
  });

  test('what never opens is passed, too', async () => {
    const policy = { ...DEFAULT_SECRET_POLICY, calendar: { windows: '2020-01-01 UTC' } };
    const about = { secret: 's', policy, now: stillClock().now() };
    expect(await plannedGate(undefined, about, { reason: 'dead', emergency: false })).toMatchObject({
      passed: { note: 'did not wait for windows and freezes' },
    });
  });

  test.each(['dead', 'leaked', 'rollback'] as const)('so does %s', async (reason) => {
    const about = { secret: 's', policy: { ...DEFAULT_SECRET_POLICY, calendar: CLOSED } };
    const on = { ...about, now: stillClock().now() };
    expect(await plannedGate(undefined, on, { reason, emergency: false })).toMatchObject({
      is: 'now',
      passed: { note: 'did not wait until 2027-01-16 09:00 UTC for windows and freezes' },
    });
  });

  test('a secret’s own windows count beside the settings’, and a mistake in them is held', async () => {
    const on = await rotationStage();
    const own = (windows: string) =>
      on.vault
        .look(on.secret)
        .then((seen) =>
          on.vault.commit(seen, { annotations: { 'key-warden.policy': JSON.stringify({ v: 1, windows }) } }),
        );
    await own('sat UTC');
    expect(await begin(on, { windows: 'fri,sat UTC' })).toMatchObject({ step: { did: 'wait' } });
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
    await own('2020-01-01 UTC');
    expect(await begin(on, { windows: 'fri UTC' })).toMatchObject({
      step: { did: 'held', why: expect.stringContaining('within 400 days there is no moment') },
    });
  });
});
