import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRetired } from '../../support/annotations.ts';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { run } from '../../support/captured.ts';
import { pretendCloud } from '../../support/cloud.ts';

const PROJECT = 'search-prod';

let cloud: PretendCloud;
let folder: string;

beforeEach(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 }, projects: { [PROJECT]: '222222222222' } });
  folder = await mkdtemp(join(tmpdir(), 'key-warden-'));
});

afterEach(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

const on = (words: readonly string[], input?: string) =>
  run(words, {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    },
    ...(input === undefined ? {} : { input }),
  });

function secret(secretId: string, state: 'works' | 'leaked' | 'no key', labels: Readonly<Record<string, string>> = {}) {
  const key = cloud.identities.keyString('auth');
  if (state !== 'no key') cloud.keyring.put(key, state, { project: cloud.names.numberOf(PROJECT) }, cloud.clock.now());
  cloud.secrets.seed({
    project: PROJECT,
    secretId,
    payloads: [state === 'no key' ? 'a password of somebody' : key],
    labels,
  });
}

/** Three of a team, one of which holds no key, and one of nobody. */
function team(): void {
  secret('chat', 'works', { team: 'search' });
  secret('feed', 'leaked', { team: 'search' });
  secret('password', 'no key', { team: 'search' });
  secret('other', 'works');
}

const managed = async () => {
  const { secrets } = JSON.parse((await on(['status', '--json'])).out) as { secrets: { secret: string }[] };
  return secrets.map(({ secret: name }) => name.split('/').at(-1)).toSorted();
};

describe('many secrets at once', () => {
  test('init takes what a filter finds, keys that are dead too, and passes over what is none', async () => {
    team();
    const rehearsal = await on(['init', '--filter', 'labels.team=search', '--dry-run']);
    expect(rehearsal.out).toContain('3 secrets: 1 passed over, 2 would be managed');
    expect(await managed()).toEqual([]);
    const { code, out } = await on(['init', '--filter', 'labels.team=search']);
    expect(code).toBe(1);
    expect(out).toMatch(/passed over {2}password: .*; if it is meant, name it with --secret/);
    expect(out).toMatch(
      /managed {2}feed: label key-warden=managed, alias current → version 1, its key counts as made \S+ \S+ UTC, which its issuer says\n {2}its key is dead: /,
    );
    expect(await managed()).toEqual(['chat', 'feed']);
    expect((await on(['init', '--filter', 'labels.team=search'])).out).toContain('2 already managed');
  });

  test('init and forget take names from a file, or from standard input', async () => {
    team();
    const path = join(folder, 'names.txt');
    await writeFile(path, `# ours\nchat\nother # of nobody\n\nprojects/${PROJECT}/secrets/chat\n`);
    expect(await on(['init', '--from-file', path])).toMatchObject({ code: 0 });
    expect(await managed()).toEqual(['chat', 'other']);
    expect(await on(['forget', '--from-file', '-'], 'other\n')).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^forgotten {2}other: without label key-warden, annotations .*\n {2}stays: alias current on version 1\n$/,
      ),
    });
    expect(await managed()).toEqual(['chat']);
  });

  test('one that cannot be looked at keeps nobody from the others, and is the exit code', async () => {
    team();
    const { code, out } = await on(['init', '--secret', 'ghost', 'chat', '--json']);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
      secrets: [
        { outcome: 'failed', why: expect.stringContaining('ghost') },
        { outcome: 'adopted', holders: [] },
      ],
    });
    expect(await on(['forget', '--secret', 'ghost'])).toMatchObject({
      code: 4,
      out: expect.stringMatching(/^failed {2}ghost: /),
    });
  });

  test.each([
    [['init'], 'which secret? name it: key-warden init --secret SECRET_ID --project PROJECT_ID'],
    [['forget'], 'which secret? name it: key-warden forget --secret SECRET_ID --project PROJECT_ID, or say --all'],
    [['init', '--secret', 'a', '--filter', 'name:a'], 'in one way'],
    [['forget', '--all', '--from-file', 'x'], 'in one way'],
    [['init', '--from-file', '/nowhere/names'], 'cannot be read (ENOENT)'],
    [['init', '--from-file', '-'], 'no name stands there'],
    [['init', '--from-file', '-', '--key-field', '#'], '--key-field'],
  ])('%j is a usage error', async (words, says) => {
    expect(await on(words)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  });

  test('a project that cannot be listed is said', async () => {
    expect(await on(['init', '--filter', 'name:a', '--project', 'nowhere-at-all'])).toMatchObject({
      code: 4,
      out: expect.stringContaining('problem  project nowhere-at-all (global) was not listed'),
    });
    expect(await on(['forget', '--all', '--project', 'nowhere-at-all'])).toMatchObject({
      code: 4,
      out: expect.stringContaining('no secret was found'),
    });
  });
});

describe('forget', () => {
  test('of all says what stays, and nothing awaits care after it', async () => {
    team();
    await on(['init', '--secret', 'chat', 'feed']);
    expect(await on(['forget', '--all', '--dry-run'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 secrets: 2 would be forgotten'),
    });
    const { code, out } = await on(['forget', '--all', '--remove-aliases', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'key-warden/forget/v1',
      secrets: [
        { outcome: 'forgotten', stays: [] },
        { outcome: 'forgotten', stays: [] },
      ],
    });
    expect(await managed()).toEqual([]);
    expect((await on(['forget', '--secret', 'chat'])).out).toBe('nothing to forget  chat\n');
  });

  test('is refused while an old key is left, with the command that ends it', async () => {
    team();
    await on(['init', '--secret', 'chat']);
    const key = { name: `projects/${PROJECT}/locations/global/keys/old`, uid: 'u' };
    const retired = writeRetired([{ version: 1, key, at: instantOf(Date.now()), rotation: 'kw-0' }]) ?? '';
    cloud.secrets.seed({
      project: PROJECT,
      secretId: 'old-keys',
      payloads: ['a'],
      labels: { 'key-warden': 'managed' },
      annotations: { [RETIRED_ANNOTATION]: retired },
    });
    const { code, out } = await on(['forget', '--secret', 'old-keys']);
    expect(code).toBe(5);
    expect(out).toMatch(/^refused {2}old-keys\n {2}first: the old key of version 1 is not deleted: .*key-warden purge/);
    expect(out).toContain('--leave-keys goes on although old keys are left');
    expect(await on(['forget', '--secret', 'old-keys', '--leave-keys'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('stays: the old key of version 1 is not deleted'),
    });
  });
});
