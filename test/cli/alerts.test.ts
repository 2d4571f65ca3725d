import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { alertReceivers, type Receivers } from '../../src/emulator/showcase/receivers.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';

let cloud: PretendCloud;
let receivers: Receivers;

beforeEach(async () => {
  receivers = alertReceivers();
  cloud = await pretendCloud({ services: [receivers] });
  setUpShowcase(cloud);
  for (const [secretId, payload] of [
    ['slack-ops', `${cloud.url}/_receivers/slack/ops`],
    ['hook-ops', JSON.stringify({ url: `${cloud.url}/_receivers/webhook/ops` })],
  ] as const)
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads: [payload] });
});

afterEach(() => cloud.close());

const CHANNELS = JSON.stringify([
  { name: 'ops', kind: 'slack', credential: `projects/${SHOWCASE_PROJECT}/secrets/slack-ops` },
  { name: 'second', kind: 'slack', credential: `projects/${SHOWCASE_PROJECT}/secrets/slack-ops` },
]);

const on = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  run(words, {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      USER: 'ada',
      ...more,
    },
  });

describe('alert test', () => {
  test('sends a marked test to every channel and says what each said', async () => {
    const { code, out } = await on(['alert', 'test'], { KEY_WARDEN_CHANNELS: CHANNELS });
    expect(code).toBe(0);
    expect(out).toBe('arrived  ops     it took the test\narrived  second  it took the test\n');
    expect(receivers.received().map(({ receiver }) => receiver)).toEqual(['slack', 'slack']);
    expect(receivers.received()[0]?.text).toContain('ada');
  });

  test('to one channel, as JSON', async () => {
    const { code, out } = await on(['alert', 'test', '--channel', 'ops', '--json'], { KEY_WARDEN_CHANNELS: CHANNELS });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'key-warden/alert-test/v1',
      results: [{ to: 'ops', arrived: true, says: 'it took the test' }],
    });
  });

  test('ends with 3 when a channel refuses, and the others still get it', async () => {
    cloud.faults.plant({ path: '/_receivers/slack' }, 1, { act: 'answer', reply: { status: 404, body: {} } });
    const { code, out } = await on(['alert', 'test'], { KEY_WARDEN_CHANNELS: CHANNELS });
    expect(code).toBe(3);
    expect(out).toContain('did not');
    expect(out).toContain('arrived');
  });

  test('goes through the topic where one is set', async () => {
    const topic = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
    await fetch(`${cloud.url}/v1/${topic}`, { method: 'PUT', body: '{}' });
    const { code, out } = await on(['alert', 'test'], { KEY_WARDEN_ALERT_TOPIC: topic });
    expect(code).toBe(0);
    expect(out).toContain(`arrived  ${topic}  it took the test: notify delivers it`);
    const missing = await on(['alert', 'test'], { KEY_WARDEN_ALERT_TOPIC: `${topic}-2` });
    expect(missing.code).toBe(3);
    expect(missing.out).toContain('did not');
  });

  test('says what to set where nothing is, and which channels there are', async () => {
    expect(await on(['alert', 'test'])).toMatchObject({ code: 4, err: expect.stringContaining('KEY_WARDEN_CHANNELS') });
    expect(await on(['alert', 'test', '--channel', 'x'], { KEY_WARDEN_CHANNELS: CHANNELS })).toMatchObject({
      code: 2,
      err: expect.stringContaining('known: ops, second'),
    });
    expect(await on(['alert', 'test', '--channel', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('known: none'),
    });
    expect((await on(['alert', 'tset'])).code).toBe(2);
  });
});

describe('freeze and unfreeze', () => {
  const place = { KEY_WARDEN_SILENCES: `projects/${SHOWCASE_PROJECT}/secrets/silences` };
  const frozen = (...words: readonly string[]) => on(words, place);
  const wish = ['--until', '2d', '--reason', 'year end'];

  beforeEach(() => {
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'silences', labels: {}, payloads: [] });
  });

  test('let no planned rotation begin, show what is frozen, and lift it', async () => {
    expect((await frozen('freeze')).out).toBe('nothing is frozen by hand\n');
    const { code, out } = await frozen('freeze', '--everything', ...wish);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /^no planned rotation of all secrets begins until 20\S+ \d\d:\d\d UTC; .*\n {2}lift it: key-warden unfreeze --id \S+\n$/s,
      ),
    ]);
    await frozen('freeze', '--secret', 'search-app', ...wish);
    const rotated = await frozen('rotate', '--secret', 'search-app');
    expect([rotated.code, rotated.out]).toEqual([5, expect.stringMatching(/ada\s+froze\s+all\s+secrets/)]);
    const stands = await frozen('status', '--secret', 'search-app');
    expect(stands.out).toMatch(/frozen {2}ada froze all secrets until .*: year end\n/);
    expect(JSON.parse((await frozen('status', '--json')).out).freezes).toMatchObject([{ about: 'all secrets' }, {}]);
    const calendar = { KEY_WARDEN_WINDOWS: 'mon-sun UTC', KEY_WARDEN_FREEZES: '2020-01-01 UTC' };
    const list = await on(['freeze'], { ...place, ...calendar });
    expect(list.out).toMatch(/all secrets +20\S+ \d\d:\d\d UTC +ada +year end/);
    expect(list.out).toContain('windows of the settings: mon-sun UTC\nfrozen days of the settings: 2020-01-01 UTC\n');
    const json = JSON.parse((await frozen('freeze', '--json')).out);
    expect(json).toMatchObject({ schema: 'key-warden/freezes/v1', did: 'listed', freezes: [{}, {}] });
    expect((await frozen('unfreeze', '--everything')).out).toContain('all secrets: no longer frozen by ada');
    expect((await frozen('unfreeze', '--id', json.freezes[1].id)).out).toContain('no longer frozen by ada');
    expect((await frozen('unfreeze', '--everything')).out).toContain('no such freeze holds');
    expect(JSON.parse((await frozen('unfreeze', '--id', 'x', '--json')).out)).toMatchObject({ did: 'nothing' });
  });

  test('end at the time that a wall shows, where there is one such time', async () => {
    const until = (text: string) => frozen('freeze', '--everything', '--reason', 'x', '--dry-run', '--until', text);
    expect((await until('2027-03-28T02:30[Europe/Berlin]')).err).toContain('does not exist');
    expect((await until('2026-10-25T02:30[Europe/Berlin]')).err).toContain('comes twice');
    const days = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    expect((await until(`${days}T08:00[UTC]`)).out).toContain(`until ${days} 08:00 UTC`);
  });

  test.each([
    [['freeze', ...wish], 'what about? one of --secret'],
    [['freeze', '--everything', '--secret', 'search-app', ...wish], 'what about?'],
    [['freeze', '--everything', '--reason', 'x'], 'a freeze has an end, a reason and an owner; say --until 2d'],
    [['freeze', '--everything', '--until', '2d'], 'say --reason "year end"'],
    [['freeze', '--everything', '--until', '91d', '--reason', 'x'], 'more than 90 days'],
  ])('are refused where it is not said what about, why or until when: %j', async (words, why) => {
    expect(await frozen(...words)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
  });

  test('are refused where no place for it is set, or what stands there is not understood', async () => {
    expect(await on(['freeze', '--everything', ...wish])).toMatchObject({
      code: 4,
      err: expect.stringMatching(/KEY_WARDEN_SILENCES names no secret/),
    });
    expect((await on(['freeze'])).out).toBe('nothing is frozen by hand\n');
    const name = `projects/${SHOWCASE_PROJECT}/secrets/silences`;
    const typo = { name, annotations: { 'key-warden.freezes': 'ice' } };
    cloud.secrets.call('updateSecret', {}, { secret: typo, updateMask: 'annotations' });
    expect(await frozen('freeze')).toMatchObject({ code: 3, err: expect.stringContaining('is not understood') });
    expect((await frozen('rotate', '--secret', 'search-app')).out).toMatch(
      /which\s+freezes\s+are\s+set\s+is\s+not\s+known/,
    );
  });
});

describe('silence', () => {
  const annotation = async () => {
    const { annotations = {} } = cloud.secrets.call(
      'getSecret',
      {},
      { name: `projects/${SHOWCASE_PROJECT}/secrets/search-app` },
    ) as { annotations?: Record<string, string> };
    return Promise.resolve(annotations['key-warden.silence']);
  };
  const asked = ['silence', '--secret', 'search-app', '--reason', 'moving house'];

  test('is set with its owner, reason and end, and ended', async () => {
    const { code, out } = await on([...asked, '--until', '4h']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^channels are quiet about \S+ until 20\S+ \d\d:\d\d UTC; recoveries and the heartbeat still go out\n {2}end it: /,
    );
    expect(JSON.parse((await annotation()) ?? '')).toMatchObject({
      v: 1,
      owner: 'ada',
      reason: 'moving house',
      by: { who: 'ada', is: 'claimed' },
    });
    const end = ['silence', '--secret', 'search-app', '--end'];
    expect((await on(end)).out).toContain('is heard again');
    expect(Date.parse(JSON.parse((await annotation()) ?? '').until)).toBeLessThanOrEqual(Date.now());
    expect((await on(end)).out).toContain('was not silenced');
  });

  test('is shown as long as it lasts, and so is what is not understood', async () => {
    const list = ['silence', '--project', SHOWCASE_PROJECT];
    expect(await on(list)).toMatchObject({ code: 0, out: 'channels are quiet about nothing\n' });
    await on([...asked, '--until', '4h']);
    expect((await on(list)).out).toMatch(
      /^SECRET +QUIET UNTIL +OWNER +REASON\nprojects\/\S+\/secrets\/search-app +20\S+ \d\d:\d\d UTC +ada +moving house\n$/,
    );
    const name = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
    const typo = { name, annotations: { 'key-warden.silence': 'hush' } };
    cloud.secrets.call('updateSecret', {}, { secret: typo, updateMask: 'annotations' });
    expect((await on([...list, '--secret', 'search-app'])).out).toContain('never');
    expect(JSON.parse((await on([...list, '--json'])).out)).toMatchObject({
      schema: 'key-warden/silences/v1',
      did: 'listed',
      silences: [{ secret: expect.stringContaining('search-app'), problem: expect.stringContaining('is ignored') }],
      problems: [],
    });
    await on(['silence', '--secret', 'search-app', '--end']);
    expect((await on(list)).out).toBe('channels are quiet about nothing\n');
  });

  describe('of more than one secret', () => {
    const place = { KEY_WARDEN_SILENCES: `projects/${SHOWCASE_PROJECT}/secrets/silences` };
    const wide = (...words: readonly string[]) => on(['silence', ...words], place);
    const wish = ['--until', '4h', '--reason', 'moving house'];

    beforeEach(() => {
      cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'silences', labels: {}, payloads: [] });
    });

    test('is set with its owner, reason and end, shown and ended', async () => {
      const { code, out } = await wide('--outages', '--project', SHOWCASE_PROJECT, ...wish);
      expect(code).toBe(0);
      expect(out).toMatch(/^channels are quiet about outages in demo-project until 20\S+ \d\d:\d\d UTC; /);
      expect(out).toContain('end it: key-warden silence --end --outages --project demo-project');
      expect((await wide('--cause', 'billing_disabled', ...wish)).code).toBe(0);
      expect((await wide()).out).toMatch(
        /outages in demo-project +20\S+ \d\d:\d\d UTC +ada +moving house\n“billing is off” +20/,
      );
      const json = JSON.parse((await wide('--end', '--outages', '--project', SHOWCASE_PROJECT, '--json')).out);
      expect(json).toMatchObject({ did: 'ended', silences: [], wide: [] });
      expect(JSON.parse((await wide('--json')).out)).toMatchObject({
        wide: [{ about: { cause: 'billing_disabled' }, owner: 'ada', until: expect.stringMatching(/Z$/) }],
      });
      const everything = await wide('--everything', '--project', SHOWCASE_PROJECT, ...wish, '--json');
      expect(JSON.parse(everything.out)).toMatchObject({
        did: 'silenced',
        wide: [{ about: { project: SHOWCASE_PROJECT } }],
      });
    });

    test.each([
      [['--everything', ...wish], '--everything of which project'],
      [['--everything', '--outages', '--project', SHOWCASE_PROJECT, ...wish], 'a silence is about one secret, or'],
      [['--outages', '--secret', 'search-app', ...wish], 'a silence is about one secret, or'],
      [['--cause', 'tired', ...wish], 'tired is no cause'],
      [['--cause', 'key_leaked', ...wish], 'a leak is silenced secret by secret'],
    ])('is refused, where it is not said what about: %j', async (words, why) => {
      expect(await wide(...words)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
    });

    test('is refused where no place for it is set', async () => {
      const unset = (...words: readonly string[]) => on(['silence', '--outages', ...words]);
      expect(await unset(...wish)).toMatchObject({
        code: 4,
        err: expect.stringMatching(/no silence was set: KEY_WARDEN_SILENCES .* such as projects\/\S+\/secrets\/\S+/),
      });
      expect(await unset('--end')).toMatchObject({
        code: 4,
        err: expect.stringContaining('none was ended: KEY_WARDEN_SILENCES'),
      });
    });

    test('names the ways to say what about, where nothing does', async () => {
      expect(await on(['silence', '--project', SHOWCASE_PROJECT, ...wish])).toMatchObject({
        code: 2,
        err: expect.stringMatching(/name one secret: .*--outages, --cause CAUSE, or --everything/),
      });
    });
  });

  test('says what it did as JSON', async () => {
    const json = async (words: readonly string[]) => JSON.parse((await on([...words, '--json'])).out);
    const end = ['silence', '--secret', 'search-app', '--end'];
    expect(await json([...asked, '--until', '4h', '--dry-run'])).toMatchObject({ did: 'silenced', dryRun: true });
    expect(await json([...asked, '--until', '4h'])).toMatchObject({
      did: 'silenced',
      dryRun: false,
      silences: [{ secret: expect.stringContaining('search-app'), owner: 'ada', until: expect.stringMatching(/Z$/) }],
    });
    expect(await json(end)).toMatchObject({ did: 'ended', silences: [] });
    expect(await json(end)).toMatchObject({ did: 'nothing', silences: [] });
  });

  test('that cannot be looked for is no answer', async () => {
    const { code, out } = await on(['silence', '--secret', 'ghost']);
    expect(code).toBe(3);
    expect(out).toContain('problem  projects/demo-project/secrets/ghost: ');
  });

  test('is only described with --dry-run', async () => {
    expect(await on([...asked, '--until', '4h', '--dry-run'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^nothing was changed; without --dry-run: channels are quiet about /),
    });
    expect(await annotation()).toBeUndefined();
  });

  test('says in its help what it never silences', async () => {
    expect((await on(['silence', '--help'])).out).toMatch(/the heartbeat are\s+never silenced/);
  });

  test('takes a moment, and another owner', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await on([...asked, '--until', until, '--owner', 'grace'])).out).toContain(
      `until ${until.slice(0, 16).replace('T', ' ')} UTC`,
    );
    expect(await annotation()).toContain('grace');
  });

  test.each([
    [['--until', '40d'], 'no silence was set: it ends more than 30 days from now'],
    [['--until', '4h', '--owner', ''], 'no silence was set: it names no owner'],
    [['--until', '2020-01-01T00:00:00Z'], 'its end 2020-01-01 00:00 UTC is past'],
    [['--until', 'tomorrow'], 'a silence has an end, a reason and an owner'],
    [[], 'a silence has an end, a reason and an owner'],
  ])('is refused with a reason: %j', async (words, why) => {
    expect(await on([...asked, ...words])).toMatchObject({ code: 2, err: expect.stringContaining(why) });
    expect(await annotation()).toBeUndefined();
  });
});
