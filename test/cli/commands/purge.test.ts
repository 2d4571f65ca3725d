import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { writeRetired } from '../../support/annotations.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { run } from '../../support/captured.ts';
import { pretendCloud, START } from '../../support/cloud.ts';

let cloud: PretendCloud;

beforeEach(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
});

afterEach(() => cloud.close());

const on = (...words: readonly string[]) =>
  run(words, {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    },
  });

/** A key that was retired long ago, and another that nobody knows the issuer of. */
function seedOld(annotation: string): void {
  cloud.secrets.seed({
    project: SHOWCASE_PROJECT,
    secretId: 'old-keys',
    payloads: ['a', 'b'],
    labels: { 'key-warden': 'managed' },
    aliases: { current: 2 },
    annotations: { [RETIRED_ANNOTATION]: annotation },
  });
}

const AT = instantOf(START - 99 * 86_400_000);
const key = { name: 'projects/demo-project/locations/global/keys/gone', uid: 'u' };

describe('purge', () => {
  test('says when there is nothing', async () => {
    const nothing = { code: 0, out: expect.stringMatching(/^nothing awaits deletion \(6 secrets looked at\)\n/) };
    expect(await on('purge')).toEqual({
      ...nothing,
      err: expect.stringMatching(/^ {2}by hand: on the pretend cloud at /),
    });
    expect(await on('purge', '--dry-run')).toEqual({ ...nothing, err: '' });
  });

  test('in a dry run says what would go', async () => {
    seedOld(writeRetired([{ version: 1, key, at: AT, rotation: 'kw-0' }]) ?? '');
    const { code, out } = await on('purge', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/would\s+delete\s+old-keys version 1\s+deleted at the issuer/);
    expect(out).toContain('nothing was changed: this was a dry run');
  });

  test('takes one step, and prints JSON of the function’s schema', async () => {
    seedOld(writeRetired([{ version: 1, key, at: AT, rotation: 'kw-0' }]) ?? '');
    const { code, out } = await on('purge', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'key-warden/purge/v1',
      purged: [{ version: 1, step: 'delete', outcome: 'done' }],
    });
  });

  test('ends with 3 when a ledger is not understood', async () => {
    seedOld('{"v":9}');
    const { code, out } = await on('purge');
    expect(code).toBe(3);
    expect(out).toContain('problem  the annotation key-warden.retired of');
  });

  test('ends with 5 when something stands in the way, and names waiting ones', async () => {
    const done = { deletedAt: AT, provenDeadAt: AT };
    seedOld(
      writeRetired([
        { version: 1, key, at: AT, rotation: 'kw-0', ...done },
        { version: 2, at: instantOf(cloud.clock.now()), rotation: 'kw-1' },
      ]) ?? '',
    );
    const { code, out } = await on('purge');
    expect(code).toBe(5);
    expect(out).toMatch(/refused\s+destroy\s+old-keys version 1\s+somebody enabled version 1 again/);
    expect(out).toMatch(/waiting\s+nothing\s+old-keys version 2\s+its key is none of the issuer/);
  });
});

test('an emergency deletes the old key at the issuer at once, and a sweep finds no orphan', async () => {
  const before = cloud.keyring.all().length;
  const { code } = await on('rotate', '--secret', 'public-repo', '--emergency', '--standard', '--wait');
  expect(code).toBe(0);
  expect(cloud.keyring.all()).toHaveLength(before + 1);
  const out = JSON.parse((await on('purge', '--dry-run', '--json')).out) as { purged: unknown[]; swept: unknown[] };
  expect(out).toMatchObject({ purged: [{ version: 1, step: 'wait' }], swept: [] });
});
