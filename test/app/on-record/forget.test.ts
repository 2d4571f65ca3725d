import { describe, expect, test } from '@jest/globals';
import { forget, type ForgetOrder } from '../../../src/app/on-record/forget.ts';
import { adopt } from '../../../src/app/rotation/adopt.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { FROM_KEY, inFlight } from '../../support/journals.ts';
import { GOOD_KEY, ORDER, stage } from '../../support/stage.ts';

const AT = instantOf(1_800_000_000_000);
const order = (secret: string, more: Partial<ForgetOrder> = {}): ForgetOrder => ({
  secret,
  aliases: false,
  leaveKeys: false,
  dryRun: false,
  ...more,
});

async function adopted() {
  const on = stage();
  const secret = await on.secret('app-key', [GOOD_KEY], { labels: { team: 'ads' }, current: null });
  const before = await on.vault.look(secret);
  await adopt(on.ports, { secret, secretPolicy: ORDER.secretPolicy, dryRun: false });
  return { on, secret, before };
}

describe('ending the care of a secret', () => {
  test('undoes what init did, in one write; the alias only where somebody wants that', async () => {
    const { on, secret, before } = await adopted();
    expect(await forget(on.ports, order(secret))).toEqual({
      outcome: 'forgotten',
      why: [],
      changes: ['label key-warden', 'annotations key-warden.managed-since, key-warden.current'],
      stays: ['alias current on version 1'],
    });
    expect(await forget(on.ports, order(secret))).toMatchObject({ outcome: 'nothing' });
    const rest = await forget(on.ports, order(secret, { aliases: true }));
    expect(rest).toMatchObject({ changes: ['alias current, which was on version 1'], stays: [] });
    const { labels, annotations, aliases } = await on.vault.look(secret);
    expect({ labels, annotations, aliases }).toEqual({
      labels: before.labels,
      annotations: before.annotations,
      aliases: before.aliases,
    });
    expect(on.announced).toEqual([]);
  });

  test('as a dry run says what it would do and writes nothing', async () => {
    const { on, secret } = await adopted();
    const seen = await on.vault.look(secret);
    expect(await forget(on.ports, order(secret, { dryRun: true }))).toMatchObject({ outcome: 'would_forget' });
    expect(await on.vault.look(secret)).toEqual(seen);
  });

  test('leaves what people wrote', async () => {
    const { on, secret } = await adopted();
    const policy = '{"v":1,"maxAgeDays":30}';
    await on.vault.commit(await on.vault.look(secret), { annotations: { 'key-warden.policy': policy } });
    const { stays } = await forget(on.ports, order(secret));
    expect(stays).toContain('annotation key-warden.policy, which people wrote');
    expect((await on.vault.look(secret)).annotations).toEqual({ 'key-warden.policy': policy });
  });

  test('is refused while a rotation is in flight, whatever is asked for', async () => {
    const { on, secret } = await adopted();
    const seen = await on.vault.look(secret);
    await on.vault.commit(seen, { annotations: changeOf(seen.record, { rotation: inFlight() }) });
    expect(await forget(on.ports, order(secret, { leaveKeys: true }))).toMatchObject({
      outcome: 'refused',
      why: [expect.stringContaining('rotation kw-1-abc is written')],
    });
    expect((await on.vault.look(secret)).labels).toMatchObject({ 'key-warden': 'managed' });
  });

  test('is refused while old keys are left, unless somebody says that they may be', async () => {
    const { on, secret } = await adopted();
    const seen = await on.vault.look(secret);
    const retired = [{ version: 1, key: FROM_KEY, at: AT, rotation: 'kw-0' }];
    await on.vault.commit(seen, { annotations: changeOf(seen.record, { retired }) });
    const left = [expect.stringContaining(FROM_KEY.name)];
    expect(await forget(on.ports, order(secret))).toMatchObject({ outcome: 'refused', why: left });
    expect(await forget(on.ports, order(secret, { leaveKeys: true }))).toMatchObject({
      outcome: 'forgotten',
      stays: ['alias current on version 1', ...left],
    });
  });

  test('tells those who were called that nobody will see the end of an open episode', async () => {
    const { on, secret } = await adopted();
    const seen = await on.vault.look(secret);
    const episode = {
      id: `${secret}#1`,
      openedAt: AT,
      cause: 'key_leaked',
      severity: 'critical',
      announcedAt: AT,
      reminders: 0,
    } as const;
    const health = { is: 'sick', episodes: 1, episode } as const;
    await on.vault.commit(seen, { annotations: changeOf(seen.record, { health }) });
    await forget(on.ports, order(secret));
    expect(on.announced).toMatchObject([
      { type: 'key.unwatched', because: 'label_removed', episode: { id: episode.id } },
    ]);
  });
});
