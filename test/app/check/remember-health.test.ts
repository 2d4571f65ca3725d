import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { recordFinding } from '../../../src/app/check/remember-health.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { findingOf } from '../../support/findings.ts';
import { GOOD_KEY, MANAGED, ORDER, stage, type Stage } from '../../support/stage.ts';

const { checks: policy } = ORDER.secretPolicy;
const STALE = new Fault('stale', 'The etag provided in the request does not match');

async function recorded(on: Stage, name: string, cause: Cause) {
  const { sighting } = await on.found(name);
  return recordFinding(on.ports, sighting, findingOf(name, cause), policy);
}

/** A leaked key as alarms count it, whether or not that could be recorded. */
const openSince = (on: Stage, secret: string) => ({
  secret,
  project: 'demo-project',
  cause: 'key_leaked',
  severity: 'critical',
  openedAt: on.clock.now(),
});

describe('recording a finding', () => {
  test('of a healthy secret writes once that it was seen, and announces nothing', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    expect(await recorded(on, name, 'ok')).toEqual({ health: 'well', announced: [], problems: [] });
    expect((await on.found(name)).sighting.annotations['key-warden.health']).toBe(
      '{"v":1,"is":"well","episodes":0,"since":"2027-01-15T08:00:00.000Z"}',
    );
    const writes = () => on.vault.calls.filter((call) => call === 'commit').length;
    const before = writes();
    expect(await recorded(on, name, 'ok')).toEqual({ health: 'well', announced: [], problems: [] });
    expect(writes()).toBe(before);
    expect(on.announced).toEqual([]);
  });

  test('of a dead key announces it once and remembers it', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    expect(await recorded(on, name, 'key_leaked')).toEqual({
      health: 'sick',
      announced: [`key.unhealthy ${name}#20270115-1`],
      problems: [],
      open: openSince(on, name),
      told: expect.objectContaining({ id: `${name}#20270115-1`, cause: 'key_leaked' }),
    });
    expect(await recorded(on, name, 'key_leaked')).toEqual({
      health: 'sick',
      announced: [],
      problems: [],
      open: openSince(on, name),
    });
    expect(on.announced).toMatchObject([
      { type: 'key.unhealthy', episode: { cause: 'key_leaked' }, finding: { secret: name } },
    ]);
  });

  test('I10: keeps other people’s labels, aliases and annotations', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { annotations: { 'example.com/owner': 'search' } });
    await recorded(on, name, 'key_leaked');
    const { labels, aliases, annotations } = await on.vault.look(name);
    expect(labels).toEqual(MANAGED);
    expect(aliases).toEqual({ current: 1 });
    expect(Object.keys(annotations).sort()).toEqual(['example.com/owner', 'key-warden.health']);
  });

  test('says a reminder once, although somebody wrote the secret meanwhile', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    await recorded(on, name, 'key_leaked');
    await on.clock.sleep(policy.remindAfterHours * 3_600_000);
    on.vault.failNext('commit', STALE);
    expect(await recorded(on, name, 'key_leaked')).toMatchObject({ health: 'sick', problems: [] });
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy', 'key.reminder']);
  });

  test('tells what it can neither mark nor record, and again under the same id in the next run', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    const first = async () => {
      for (let time = 0; time < 2; time += 1) on.vault.failNext('commit', new Fault('denied', 'may not'));
      return recorded(on, name, 'key_leaked');
    };
    expect(await first()).toEqual({
      health: 'unknown',
      announced: [`key.unhealthy ${name}#20270115-1`],
      problems: [`key-warden.health of ${name} was not recorded: may not`],
      open: openSince(on, name),
      told: expect.objectContaining({ id: `${name}#20270115-1` }),
    });
    expect(on.logged).toEqual([`WARNING key-warden.health of ${name} was not recorded: may not`]);
    await first();
    expect(on.announced.map((notice) => 'episode' in notice && notice.episode.id)).toEqual([
      `${name}#20270115-1`,
      `${name}#20270115-1`,
    ]);
  });

  test('does not record it as told when it could not announce, so that the next run announces', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    const mute = { ...on.ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
    const { sighting } = await on.found(name);
    expect(await recordFinding(mute, sighting, findingOf(name, 'key_leaked'), policy)).toMatchObject({
      health: 'unknown',
      announced: [],
    });
    expect(await recorded(on, name, 'timeout')).toMatchObject({ announced: [`key.unhealthy ${name}#20270115-1`] });
    expect(await recorded(on, name, 'key_leaked')).toMatchObject({ health: 'sick', announced: [] });
  });

  test('I7: after a lost race reads again and judges what the other one wrote', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    const { sighting } = await on.found(name);
    await on.vault.commit(sighting, { labels: { team: 'ads' } });
    expect(await recordFinding(on.ports, sighting, findingOf(name, 'key_leaked'), policy)).toMatchObject({
      health: 'sick',
      problems: [],
    });
    expect(on.announced).toHaveLength(1);
    expect((await on.vault.look(name)).labels).toEqual({ ...MANAGED, team: 'ads' });
  });

  test('I7: of a key that a rotation replaced meanwhile is forgotten: the next run looks at the new one', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY, GOOD_KEY], { current: 1 });
    const { sighting } = await on.found(name);
    await on.vault.commit(sighting, { aliases: { current: 2 } });
    expect(await recordFinding(on.ports, sighting, findingOf(name, 'key_leaked'), policy)).toEqual({
      health: 'unknown',
      announced: [],
      problems: [],
    });
    expect((await on.vault.look(name)).annotations).toEqual({});
  });

  test('gives up after three lost races, says who to look for, and has told it all the same', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    for (let race = 0; race < 4; race += 1) on.vault.failNext('commit', STALE);
    const outcome = await recorded(on, name, 'key_leaked');
    expect(outcome.problems).toEqual([
      `key-warden.health of ${name} was not recorded: somebody else wrote the secret 3 times in the meantime; its audit log names who`,
    ]);
    expect(on.announced).toHaveLength(1);
  });

  test('leaves an annotation of a newer release alone, and announces all the same, once a day under one id', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { annotations: { 'key-warden.health': '{"v":2}' } });
    const outcome = await recorded(on, name, 'key_leaked');
    expect(outcome).toMatchObject({ health: 'unknown', announced: [`key.unhealthy ${name}#20270115-1`] });
    expect(outcome.problems[0]).toContain('it was left alone');
    expect((await on.vault.look(name)).annotations).toMatchObject({ 'key-warden.health': '{"v":2}' });
    expect(await recorded(on, name, 'key_leaked')).toMatchObject({ announced: [], problems: [outcome.problems[0]] });
    expect(await recorded(on, name, 'ok')).toMatchObject({ announced: [] });
    await on.clock.sleep(86_400_000);
    expect(await recorded(on, name, 'key_leaked')).toMatchObject({ announced: [`key.unhealthy ${name}#20270116-1`] });
    expect(on.announced).toHaveLength(2);
  });

  test('counts an episode that was announced in the year 9999 as none, and begins anew', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    await recorded(on, name, 'key_leaked');
    const written = (await on.vault.look(name)).annotations['key-warden.health'] ?? '';
    const forged = written.replace(/"announcedAt":"[^"]+"/, '"announcedAt":"9999-12-31T00:00:00.000Z"');
    await on.vault.commit(await on.vault.look(name), { annotations: { 'key-warden.health': forged } });
    expect(await recorded(on, name, 'key_leaked')).toMatchObject({
      health: 'sick',
      announced: [`key.unhealthy ${name}#20270115-2`],
      problems: [],
    });
    expect((await on.vault.look(name)).annotations['key-warden.health']).not.toContain('9999');
    expect(await recorded(on, name, 'key_leaked')).toMatchObject({ announced: [] });
  });
});
