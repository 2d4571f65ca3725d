import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { run } from '../../support/captured.ts';
import { pretendCloud } from '../../support/cloud.ts';

let cloud: PretendCloud;
/** The key of chat-app, which other secrets serve too. */
let shared: string;

const OTHER_PROJECT = 'ads-prod';
const ADS = 'projects/222222222222/secrets/ads';
const MANAGED = { 'key-warden': 'managed' };

beforeEach(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 }, projects: { [OTHER_PROJECT]: '222222222222' } });
  setUpShowcase(cloud);
  shared = cloud.keyring.all().find(({ displayName }) => displayName === 'chat-app')?.keyString ?? '';
  cloud.secrets.seed({
    project: OTHER_PROJECT,
    secretId: 'ads',
    payloads: [JSON.stringify({ key: shared })],
    labels: MANAGED,
    aliases: { current: 1 },
  });
});

afterEach(() => cloud.close());

const on = (...words: readonly string[]) =>
  run(words, {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: `${SHOWCASE_PROJECT},${OTHER_PROJECT}`,
      KEY_WARDEN_KEY_PROJECT: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    },
  });
const CHAT = ['--secret', 'chat-app', '--project', SHOWCASE_PROJECT];
const EMERGENCY = ['rotate', ...CHAT, '--emergency', '--standard'];
const isAlive = () => cloud.keyring.all().find(({ keyString }) => keyString === shared)?.deletedAt === undefined;
const SHARES = `the same key serves 1 other secret: ${ADS} version 1 (current)`;

describe('a key that another secret serves too, in a project that the command does not name (I13)', () => {
  test('is told of before an emergency begins, and is kept while that one serves it', async () => {
    const { err } = await on(...EMERGENCY);
    const [first, second, third] = err.split('\n').slice(2); // behind by whom, and who hears of it
    expect(first).toBe(`  ${SHARES}`);
    expect(second).toContain(`adding --all-holders: key-warden rotate --secret ${ADS} --emergency`);
    expect(third).toContain('open → opened');
    expect(err).toContain('other secrets serve this very key, so it is not deleted');
    expect(isAlive()).toBe(true);
  });

  test('is deleted on the date that was asked for, whoever serves it then', async () => {
    const { err } = await on(...EMERGENCY, '--at-the-latest', '60');
    expect(err).toMatch(/is deleted from \S+ \S+ UTC on, whoever serves it then\n/);
    expect(isAlive()).toBe(true);
    expect((await on('purge', ...CHAT)).out).toContain('It is deleted all the same from');
  });

  test.each([
    [['--emergency', '--at-the-latest', '5'], 'minutes from 30 (KEY_WARDEN_SHARED_KEY_MINUTES_MIN) to 10080, not 5'],
    [['--emergency', '--at-the-latest', 'soon'], 'not soon'],
    [['--at-the-latest', '60'], '--at-the-latest goes with --emergency'],
  ])('is not dated by %j', async (options, why) => {
    const { code, err } = await on('rotate', ...CHAT, ...options);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  test('is deleted once the command that was printed, and the next purge, were given', async () => {
    await on(...EMERGENCY);
    await on('rotate', '--secret', ADS, '--emergency', '--standard');
    await on('purge', ...CHAT);
    expect(isAlive()).toBe(false);
  });

  test('is deleted at once in an emergency for all who serve it, each with a key of its own in its own form', async () => {
    const { err } = await on(...EMERGENCY, '--all-holders');
    expect(err).toContain('each of them is rotated too, after this one');
    expect(isAlive()).toBe(false);
    const find = await run(['find', '--from-stdin'], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: `${SHOWCASE_PROJECT},${OTHER_PROJECT}` },
      input: shared,
    });
    expect(find.code).toBe(1);
    const { out } = await on('check', '--secret', ADS, '--secret', `projects/${SHOWCASE_PROJECT}/secrets/chat-app`);
    expect(out).toContain('2 secrets checked: 2 works');
    const purges = [await on('purge'), await on('purge')];
    expect(purges.map(({ code }) => code)).toEqual([0, 0]);
    expect(purges[1]?.out).toMatch(/waiting .* ads version 1 .*\n?/);
  });

  test('one that cannot be rotated stops no other, and the command ends with its trouble', async () => {
    cloud.secrets.seed({
      project: OTHER_PROJECT,
      secretId: 'a-list',
      payloads: [`old: ${shared}, and more`],
      labels: MANAGED,
      aliases: { current: 1 },
    });
    const { code, out } = await on(...EMERGENCY, '--all-holders');
    expect(code).toBe(5);
    expect(out).toMatch(/^not begun {2}projects\/222222222222\/secrets\/a-list: /m);
    expect(isAlive()).toBe(true);
  });

  test('is not rotated a second time where a rotation is under way already', async () => {
    await on('rotate', '--secret', ADS, '--standard');
    cloud.secrets.seed({
      project: OTHER_PROJECT,
      secretId: 'bids',
      payloads: [shared],
      labels: MANAGED,
      aliases: { current: 1 },
    });
    const { code, out } = await on('rotate', ...CHAT, '--standard', '--all-holders');
    expect(code).toBe(0);
    expect(out.match(/^under way {2}\S+/gm)).toEqual([
      `under way  projects/${SHOWCASE_PROJECT}/secrets/chat-app:`,
      'under way  projects/222222222222/secrets/bids:',
    ]);
  });

  test('is rotated at once in an emergency where a rotation is under way already', async () => {
    await on('rotate', '--secret', ADS, '--standard');
    await on(...EMERGENCY, '--all-holders');
    expect(isAlive()).toBe(false);
  });

  test('is told of when a secret that serves it is put under care', async () => {
    const { code, out } = await on('init', ...CHAT, '--dry-run');
    expect([code, out]).toEqual([0, expect.stringContaining(`  shared: ${SHARES}\n`)]);
    expect(JSON.parse((await on('init', ...CHAT, '--json')).out)).toMatchObject({
      secrets: [{ holders: [{ secret: ADS, version: 1, readAs: 'current' }], holdersNotLooked: [] }],
    });
  });

  test('is told of by status, where somebody asks for the keys to be read', async () => {
    const status = ['status', ...CHAT];
    expect((await on(...status)).out).not.toContain('shared');
    const read = await on(...status, '--holders');
    expect(read.out).toContain(`shared  a key of chat-app serves others too: ${ADS} version 1 (current)\n`);
    const holders = { known: 'by reading', others: [{ secret: ADS, version: 1, readAs: 'current' }] };
    expect(JSON.parse((await on(...status, '--holders', '--json')).out)).toMatchObject({ secrets: [{ holders }] });
  });

  test('is told of by status from the records alone, once rotations have found it in both', async () => {
    for (const secret of ['chat-app', ADS])
      await on('rotate', '--secret', secret, '--project', SHOWCASE_PROJECT, '--standard');
    const { out } = await on('status', '--json');
    expect(JSON.parse(out)).toMatchObject({
      secrets: expect.arrayContaining([
        expect.objectContaining({
          secret: ADS,
          holders: { known: 'on record', others: [expect.objectContaining({ readAs: 'previous' })] },
        }),
      ]),
    });
  });

  test('is told of before it is revoked, whoever else reads it', async () => {
    const { out } = await on('revoke', ...CHAT);
    expect(out).toContain(`also read in  ${ADS} version 1 (current)`);
  });

  test('is told of in a dry run, in words and in JSON', async () => {
    const dry = ['rotate', ...CHAT, '--standard', '--dry-run'];
    expect((await on(...dry)).out).toContain(`shared  ${SHARES}`);
    expect(JSON.parse((await on(...dry, '--json')).out)).toMatchObject({
      holders: [{ secret: ADS, version: 1, readAs: 'current' }],
      holdersNotLooked: [],
    });
  });

  test('is not looked for where that may not be done, which is said and stops nothing', async () => {
    cloud.faults.plant({ path: `/projects/${OTHER_PROJECT}/secrets` }, 1, {
      act: 'answer',
      reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } },
    });
    const { code, err } = await on('rotate', ...CHAT, '--standard');
    expect(err).toContain('others may serve the same key: 1 place not looked at');
    expect(code).toBe(0);
  });

  test.each([[['--from-stdin']], [['--form', 'bare']]])('is not rotated in all with %j', async (option) => {
    const { code, err } = await on('rotate', ...CHAT, '--all-holders', ...option);
    expect([code, err]).toEqual([2, expect.stringContaining('--all-holders: each holder gets a minted key')]);
  });
});
