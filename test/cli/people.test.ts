import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { run } from '../support/captured.ts';
import { PASTED } from '../support/fixtures/pasted-texts.ts';
import { AROUND, INSIDE } from '../support/fixtures/stored-by-people.ts';
import { pretendCloud } from '../support/cloud.ts';

const GOOD = `AI${'za'}SyGood${'k9Zq3'.repeat(6).slice(0, 29)}`;
const LEAKED = `AI${'za'}SyLeak${'m7Yw1'.repeat(6).slice(0, 29)}`;
const AUTH = `A${'Q.'}Ab8${'Rn5tG2'.repeat(8).slice(0, 47)}`;
const KEY_BYTES = /Zq3k9|m7Yw1m|5tG2Rn/;

const causeIn = (text: string) => (JSON.parse(text) as { cause: string }).cause;

describe('what people paste', () => {
  const texts = Object.entries(PASTED).flatMap(([cause, some]) => some.map((text) => [text, cause] as const));

  test.each(texts)(
    '%j means %s, as an argument, on standard input, and with what the person knows',
    async (text, cause) => {
      const names = ['--secret', 'app-key', '--project', 'search-prod'];
      expect(causeIn((await run(['explain', '--json', '--', text])).out)).toBe(cause);
      expect(causeIn((await run(['explain', '--json'], { input: text })).out)).toBe(cause);
      expect(causeIn((await run(['explain', '--json', ...names], { input: `\n${text}\n` })).out)).toBe(cause);
      for (const kind of ['standard', 'auth']) {
        const told = await run(['explain', '--json', '--key-kind', kind, ...names], { input: text });
        // Apps refuse the form of auth keys alone.
        expect([cause, ...(kind === 'auth' ? ['app_refuses_auth_keys'] : [])]).toContain(causeIn(told.out));
      }
    },
  );
});

describe('what people store', () => {
  let cloud: PretendCloud;
  let folder: string;

  beforeAll(async () => {
    cloud = await pretendCloud({});
    const project = cloud.names.add('demo-project');
    const now = cloud.clock.now();
    const { uid } = cloud.keyring.put(GOOD, 'works', { project, kind: 'standard' }, now);
    const apiTargets = [{ service: 'generativelanguage.googleapis.com' }];
    cloud.keyring.change(uid, { restrictions: { apiTargets } }, now);
    cloud.keyring.put(AUTH, 'works', { project, kind: 'auth' }, now);
    cloud.keyring.put(LEAKED, 'leaked', { project, kind: 'standard' }, now);
    folder = await mkdtemp(join(tmpdir(), 'key-warden-people-'));
  });

  afterAll(async () => {
    await cloud.close();
    await rm(folder, { recursive: true });
  });

  /** What `check` says of the secret that holds it, and `doctor` of the file. */
  async function causesOf(stored: string | Uint8Array): Promise<readonly unknown[]> {
    const secretId = `app-${cloud.clock.now()}-${(made += 1)}`;
    cloud.secrets.seed({ project: 'demo-project', secretId, payloads: [stored], aliases: { current: 1 } });
    const environment = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0' };
    const checked = await run(['check', '--json', '--secret', `projects/demo-project/secrets/${secretId}`], {
      environment,
    });
    const file = join(folder, 'key');
    await writeFile(file, stored);
    const examined = await run(['doctor', '--json', '--dotenv', join(folder, 'none'), '--file', file], { environment });
    expect(`${checked.out}${examined.out}`).not.toMatch(KEY_BYTES); // I9
    const { secrets } = JSON.parse(checked.out) as { secrets: readonly { cause: string }[] };
    const { places } = JSON.parse(examined.out) as { places: readonly { diagnosis?: { cause: string } }[] };
    return [secrets[0]?.cause, places.at(-1)?.diagnosis?.cause];
  }
  let made = 0;

  test.each(Object.entries({ ...AROUND, ...INSIDE }))(
    '%s: a good key is found in it, of either kind',
    async (_, form) => {
      for (const key of [GOOD, AUTH])
        for (const cause of await causesOf(form(key))) expect(['ok', 'stored_bytes_unclean']).toContain(cause);
    },
  );

  test.each(Object.entries(AROUND))('%s: a leaked key is found in it', async (_, form) => {
    expect(await causesOf(form(LEAKED))).toEqual(['key_leaked', 'key_leaked']);
  });

  test.each(Object.entries(INSIDE))('%s: no refusal of what we made of it condemns a key', async (_, form) => {
    expect(await causesOf(form(LEAKED))).toEqual(['stored_bytes_not_a_key', 'stored_bytes_not_a_key']);
  });
});
