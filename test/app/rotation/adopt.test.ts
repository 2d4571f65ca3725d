import { describe, expect, test } from '@jest/globals';
import { adopt } from '../../../src/app/rotation/adopt.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { DEAD_KEY, GOOD_KEY, MANAGED, ORDER, stage } from '../../support/stage.ts';

describe('putting a secret under care', () => {
  test('sets the label and the alias in one write, and keeps what was there', async () => {
    const on = stage();
    const name = await on.secret('app-key', [DEAD_KEY, GOOD_KEY], { labels: { team: 'ads' }, current: null });
    const adoption = await adopt(on.ports, name, ORDER.secretPolicy.checks, false);
    expect(adoption).toMatchObject({
      outcome: 'adopted',
      changes: ['label key-warden=managed', 'alias current → version 2'],
    });
    expect(await on.vault.look(name)).toMatchObject({
      labels: { team: 'ads', 'key-warden': 'managed' },
      aliases: { current: 2 },
    });
    expect(on.vault.calls.filter((call) => call === 'commit')).toHaveLength(1);
  });

  test('does only what is missing', async () => {
    const on = stage();
    const labelled = await on.secret('a', [GOOD_KEY], { current: null });
    const aliased = await on.secret('b', [GOOD_KEY], { labels: {} });
    expect(await adopt(on.ports, labelled, ORDER.secretPolicy.checks, false)).toMatchObject({
      changes: ['alias current → version 1'],
    });
    expect(await adopt(on.ports, aliased, ORDER.secretPolicy.checks, false)).toMatchObject({
      changes: ['label key-warden=managed'],
    });
  });

  test('twice changes nothing the second time', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    expect(await adopt(on.ports, name, ORDER.secretPolicy.checks, false)).toMatchObject({
      outcome: 'already',
      changes: [],
    });
  });

  test('as a dry run says what it would do and writes nothing', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { labels: {}, current: null });
    expect(await adopt(on.ports, name, ORDER.secretPolicy.checks, true)).toMatchObject({
      outcome: 'would_adopt',
      changes: ['label key-warden=managed', 'alias current → version 1'],
    });
    expect((await on.vault.look(name)).labels).toEqual({});
  });

  test.each([
    ['a dead key', [DEAD_KEY], 'Google does not know this key: API key not valid. Please pass a valid API key.'],
    ['bytes that are no key', [' '], expect.stringContaining('the value is empty')],
    ['no version', [], expect.stringContaining('the version does not exist')],
  ])('is refused for %s, and nothing is written', async (_, payloads, why) => {
    const on = stage();
    const name = await on.secret('app-key', payloads, { labels: {}, current: null });
    expect(await adopt(on.ports, name, ORDER.secretPolicy.checks, false)).toMatchObject({ outcome: 'refused', why });
    expect(on.vault.calls).not.toContain('commit');
  });

  test('of a secret that is not there rejects with what Secret Manager said', async () => {
    await expect(adopt(stage().ports, 'projects/1/secrets/ghost', ORDER.secretPolicy.checks, false)).rejects.toThrow(
      Fault,
    );
    await expect(adopt(stage().ports, 'nonsense', ORDER.secretPolicy.checks, false)).rejects.toThrow(Fault);
  });

  test('I7: that somebody else wrote meanwhile is refused by the etag', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { labels: {}, current: null });
    on.vault.failNext('commit', new Fault('stale', 'The etag does not match'));
    await expect(adopt(on.ports, name, ORDER.secretPolicy.checks, false)).rejects.toMatchObject({ code: 'stale' });
    expect((await on.vault.look(name)).labels).not.toEqual(MANAGED);
  });
});
