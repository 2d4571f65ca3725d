import { describe, expect, test } from '@jest/globals';
import { parseRecord } from '../../../src/core/values/json.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { PROMISES, type Lived, type Promised } from '../../../src/cli/commands/drill/promises.ts';
import { SCENARIO_NAMES, SCENARIOS } from '../../../src/cli/commands/drill/scenarios.ts';
import { run } from '../../support/captured.ts';

const KINDS = [
  ['slack', {}],
  ['google-chat', {}],
  ['teams', {}],
  ['pagerduty', {}],
  ['alertmanager', { url: 'https://alerts.example' }],
  ['webhook', { url: 'https://hooks.example' }],
  ['jira-service-management', {}],
  ['email', { url: 'smtps://relay.example', from: 'key-warden@corp.example', to: ['oncall@corp.example'] }],
] as const;

function channels(...more: readonly object[]): string {
  const of = (kind: string, at: number) => ({ name: `c${at}`, kind, credential: `projects/ops/secrets/c${at}` });
  return JSON.stringify(more.length === 0 ? KINDS.map(([kind, url], at) => ({ ...of(kind, at), ...url })) : more);
}

const played = (names: readonly string[], environment: Readonly<Record<string, string>>, ...more: readonly string[]) =>
  run(['drill', ...names, ...more], { environment });

const SLACK = { name: 'ops', kind: 'slack', credential: 'projects/ops/secrets/slack' };

describe('a drill', () => {
  test.each(SCENARIO_NAMES)('holds with the settings as they come and a channel: %s', async (name) => {
    const { code, out } = await played([name], { KEY_WARDEN_CHANNELS: channels(SLACK) });
    expect(out).not.toContain('✗');
    expect([code, out.includes('1 drill: every promise held')]).toEqual([0, true]);
  });

  test('tells who did what, for people', async () => {
    const { out } = await played(['leak'], { KEY_WARDEN_CHANNELS: channels(), KEY_WARDEN_PROJECTS: 'search-prod' });
    expect(out).toMatch(/03:00 {2}story {5}the key is found in a public repository/);
    expect(out).toMatch(/03:00 {2}worker {4}app-key · the key was reported as leaked · search-prod/);
    for (const [kind] of KINDS) expect(out).toMatch(new RegExp(`channel {3}${kind}\\S* takes a message`));
    expect(out).toMatch(/consumer {2}the app gets version 2, which works/);
    expect(out).toMatch(/✓ held {3}the leaked key is deleted, and the leak is open until that is proven \(I18\)/);
    expect(out).not.toMatch(/AIza|AQ\.|whsec_/);
  });

  test('calls nobody where the worker replaces a leaked key by itself', async () => {
    const { code, out } = await played(['leak'], {
      KEY_WARDEN_CHANNELS: channels(SLACK),
      KEY_WARDEN_ROTATE_WHEN_DEAD: '1',
    });
    expect([code, out.includes('who was called types')]).toEqual([0, false]);
  });

  test.each([
    ['there is no channel', {}],
    ['the only channel is for another project', { KEY_WARDEN_CHANNELS: channels({ ...SLACK, projects: ['shop-*'] }) }],
    ['the only channel is for another secret', { KEY_WARDEN_CHANNELS: channels({ ...SLACK, secrets: ['chat-app'] }) }],
  ])('breaks, and ends with 1, where %s', async (_, environment) => {
    const { code, out } = await played(['leak'], environment);
    expect(code).toBe(1);
    expect(out).toMatch(/✗ broke {2}somebody hears of the leak in time \(I15\): nobody was told/);
    expect(out).toMatch(/✗ broke {2}consumers have another key within two hours of the leak/);
    expect(out).toMatch(/✗ broke {2}the leaked key is deleted/);
  });

  test('is about the secret that a channel takes', async () => {
    const environment = { KEY_WARDEN_CHANNELS: channels({ ...SLACK, secrets: ['chat-app'] }) };
    expect((await played(['leak'], environment, '--secret', 'chat-app')).code).toBe(0);
  });

  test('has the labels that a channel chooses by', async () => {
    const of = (team: string) => ({ ...SLACK, name: team, labels: { team: [team] } });
    const environment = { KEY_WARDEN_CHANNELS: channels(of('search'), of('shop')) };
    const { out } = await played(['leak'], environment, '--label', 'team=shop');
    expect([out.includes('slack/shop takes'), out.includes('slack/search takes')]).toEqual([true, false]);
    expect(await played(['leak'], environment, '--label', 'team')).toMatchObject({ code: 2 });
  });

  test('breaks where checks are so rare that nobody hears of a leak in time', async () => {
    const { code, out } = await played(['leak'], {
      KEY_WARDEN_CHANNELS: channels(SLACK),
      KEY_WARDEN_RUN_EVERY_MINUTES: '720',
    });
    expect([code, /✗ broke {2}consumers have another key/.test(out)]).toEqual([1, true]);
  });

  test('is one object for a program', async () => {
    const { code, out } = await played(['rollback'], { KEY_WARDEN_CHANNELS: channels(SLACK) }, '--json');
    expect(code).toBe(0);
    expect(parseRecord(out)).toMatchObject({
      schema: 'key-warden/drill/v1',
      broken: 0,
      drills: [
        {
          name: 'rollback',
          promises: expect.arrayContaining([expect.objectContaining({ promise: 'back', invariants: ['I1', 'I7'] })]),
          timeline: expect.arrayContaining([expect.objectContaining({ at: '2027-03-02T12:00:00.000Z', who: 'story' })]),
        },
      ],
    });
  });
});

test('a drill that there is not is a usage error, settings that cannot be used end with 4', async () => {
  expect(await played(['leek'], {})).toMatchObject({ code: 2, err: expect.stringContaining('did you mean leak?') });
  expect(await played([], { KEY_WARDEN_RUN_EVERY_MINUTES: 'often' })).toMatchObject({
    code: 4,
    err: expect.stringContaining('KEY_WARDEN_RUN_EVERY_MINUTES'),
  });
});

describe('every promise can break', () => {
  const at = instantOf(Date.parse('2027-03-02T03:00:00Z'));
  const later = (minutes: number) => plusMs(at, minutes * 60_000);
  const fine: Lived = {
    leakedAt: at,
    refused: [],
    delivered: [{ at: later(5), channel: 'slack/ops' }],
    notices: [{ at: later(20), type: 'rotation.completed' }],
    moves: [{ at: later(25), to: 'version 2' }],
    versions: [{ number: 1, state: 'DISABLED', isKeyDeleted: true, disabledAt: later(24 * 60) }],
    mintedFor: ['kw-1'],
    orphans: 0,
    openLeaks: 0,
    exposed: 0,
    drainHoursMin: 6,
    toldMinutes: 30,
  };
  const held = { notices: [{ at: later(1), type: 'rotation.held' }] };
  const inUse = [{ number: 1, state: 'ENABLED', isKeyDeleted: false }];
  const back = { moves: [...fine.moves, { at: later(90), to: 'version 1' }] };

  test.each([
    [
      'readers',
      { refused: [{ at, consumer: 'the app', version: 'version 1' }] },
      'the app was refused with version 1 at 03:00',
    ],
    ['told', { delivered: [] }, 'nobody was told'],
    ['told', { delivered: [{ at: later(45), channel: 'slack/ops' }] }, 'it took 45 minutes'],
    ['replaced', { moves: [] }, 'consumers still read the leaked key'],
    ['replaced', { moves: [{ at: later(180), to: 'version 2' }] }, 'it took 180 minutes'],
    ['dead', { versions: inUse }, 'the leaked key is alive at the issuer'],
    ['dead', { openLeaks: 1 }, 'the leak was not proven over'],
    ['one-key', { mintedFor: ['kw-1', 'kw-1'] }, '2 keys were made by fewer rotations'],
    ['one-key', { orphans: 2 }, '2 keys left over at the issuer'],
    ['drain', { moves: [] }, 'no new key was ever current'],
    ['drain', { versions: inUse }, 'the old version is still enabled'],
    ['drain', { drainHoursMin: 48 }, 'it was disabled after 23.6 hours of 48'],
    ['done-or-told', { notices: [] }, 'it was neither done nor given up'],
    ['done-or-told', { ...held, delivered: [] }, 'no channel of the settings was told'],
    ['back', {}, 'the alias went version 2'],
    ['back', back, 'the old key was taken away'],
    ['kept-for-users', {}, 'the version was disabled under its reader'],
    ['kept-for-users', { versions: inUse }, 'the drain was not held'],
    ['kept-for-users', { ...held, versions: inUse, delivered: [] }, 'no channel of the settings was told'],
    ['ends', { underWay: 'minted' }, 'a rotation is still minted'],
    ['secrecy', { exposed: 1 }, '1 text held a key'],
  ] as const)('%s (%#)', (name, wrong, says) => {
    const promised: Promised = PROMISES[name];
    expect(promised.broken({ ...fine, ...wrong })).toContain(says);
  });

  test('and each of them is held to in a drill', () => {
    const used = new Set(Object.values(SCENARIOS).flatMap(({ promises }) => promises as readonly string[]));
    expect([...used].toSorted()).toEqual(Object.keys(PROMISES).toSorted());
  });
});
