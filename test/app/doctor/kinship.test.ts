import { describe, expect, test } from '@jest/globals';
import { kinshipsOf, saysOf, isBehind } from '../../../src/app/doctor/kinship.ts';
import { withKinships } from '../../../src/app/doctor/with-kinships.ts';
import { conclusions, type Source, type SourceFinding } from '../../../src/app/doctor/doctor.ts';
import { tombstoneOf } from '../../../src/app/keys/tombstone.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { TOMBSTONES_FORM } from '../../../src/core/record/tombstones.ts';
import { DEAD_KEY, GOOD_KEY, MANAGED, stage, STANDARD_KEY } from '../../support/stage.ts';

const place = (text: string | undefined) => ({
  bytes: text === undefined ? undefined : new TextEncoder().encode(text),
});
const numbered = (number: number) => `AI${'za'}SyNumber${String(number).padStart(27, '0')}`;
/** A key of the shape that every whole key has, whose hash is remembered. */
const OTHER = numbered(77);

async function kinshipIn(payloads: readonly string[], held: string, current = payloads.length) {
  const { vault, secret } = stage();
  const name = await secret('app-key', payloads, { current });
  const [kinship] = await kinshipsOf(vault, name, [place(held)]);
  return { kinship, calls: vault.calls, name };
}

describe('what the key of another place is to a secret', () => {
  test('the current one, which costs no look at the versions', async () => {
    const { kinship, calls } = await kinshipIn([STANDARD_KEY, GOOD_KEY], `${GOOD_KEY}\n`);
    expect(kinship).toMatchObject({ is: 'current', version: 2 });
    expect(calls).not.toContain('versions');
  });

  test('that of an older version, or of one that nobody is to read yet', async () => {
    const older = await kinshipIn([STANDARD_KEY, GOOD_KEY], STANDARD_KEY);
    expect(older.kinship).toMatchObject({ is: 'older', version: 1, current: 2 });
    const next = await kinshipIn([OTHER, STANDARD_KEY, GOOD_KEY], STANDARD_KEY);
    expect(next.kinship).toMatchObject({ is: 'older', version: 2, current: 3 });
    expect(next.calls.filter((call) => call === 'read')).toHaveLength(2);
    const newer = await kinshipIn([STANDARD_KEY, GOOD_KEY], GOOD_KEY, 1);
    expect(newer.kinship).toMatchObject({ is: 'newer', version: 2, current: 1 });
  });

  test('of no version that can be read, however many there are; the newest are looked at', async () => {
    expect((await kinshipIn([STANDARD_KEY, 'no key at all'], GOOD_KEY)).kinship).toMatchObject({
      is: 'unknown',
      versions: 1,
      all: true,
    });
    const many = Array.from({ length: 25 }, (_, at) => numbered(at));
    const { kinship, calls } = await kinshipIn(many, GOOD_KEY);
    expect(kinship).toMatchObject({ is: 'unknown', versions: 21, all: false });
    expect(calls.filter((call) => call === 'read')).toHaveLength(21);
  });

  test('a disabled version and one that cannot be read tell nothing', async () => {
    const { vault, secret } = stage();
    const name = await secret('app-key', [OTHER, STANDARD_KEY, GOOD_KEY]);
    const [, second] = await vault.versions(name);
    if (second !== undefined) await vault.disable(name, second);
    const reads = { ...vault, read: vault.read };
    expect(await kinshipsOf(reads, name, [place(STANDARD_KEY)])).toMatchObject([{ is: 'unknown', versions: 2 }]);
    const flaky: typeof reads = {
      ...vault,
      read: (one, version) =>
        version === 1 ? Promise.reject(new Fault('unavailable', 'gone')) : vault.read(one, version),
    };
    expect(await kinshipsOf(flaky, name, [place(OTHER)])).toMatchObject([{ is: 'unknown', versions: 1 }]);
  });

  test('one that was retired here, or leaked, although no version holds it any more', async () => {
    const { vault, secret } = stage();
    const name = await secret('app-key', [GOOD_KEY]);
    const { name: full } = await vault.look(name);
    const of = (key: string) => tombstoneOf(full, new KeyText(key)) ?? '';
    const tombstones = { retired: [of(OTHER)], leaked: [of(STANDARD_KEY)] };
    const marked = await secret('marked', [GOOD_KEY], { labels: MANAGED });
    const change = TOMBSTONES_FORM.write(tombstones);
    await vault.commit(await vault.look(name), { annotations: { [TOMBSTONES_FORM.annotation]: change } });
    const held = [place(OTHER), place(STANDARD_KEY), place('some-other-word'), place(numbered(5)), place(undefined)];
    const kinships = await kinshipsOf(vault, name, held);
    expect(kinships.map((kinship) => kinship?.is)).toEqual(['retired', 'leaked', 'unknown', 'unknown', undefined]);
    expect(await kinshipsOf(vault, marked, [place(undefined), place('')])).toEqual([undefined, undefined]);
  });

  test('is none that was retired where what is remembered cannot be read', async () => {
    const { vault, secret } = stage();
    const annotations = { [TOMBSTONES_FORM.annotation]: 'of a later release' };
    const name = await secret('app-key', [GOOD_KEY], { annotations });
    expect(await kinshipsOf(vault, name, [place(OTHER)])).toMatchObject([{ is: 'unknown' }]);
  });

  test('could not be told where the secret cannot be read', async () => {
    const { vault, secret } = stage();
    const name = await secret('app-key', [GOOD_KEY]);
    vault.failNext('look', new Fault('denied', 'no'));
    expect(await kinshipsOf(vault, name, [place(GOOD_KEY)])).toEqual([{ is: 'not_seen', secret: name, why: 'no' }]);
  });
});

describe('what is said of it', () => {
  const finding = (title: string, at: SourceFinding['place'], verdict: 'works' | 'dead' = 'works'): SourceFinding =>
    ({
      title,
      place: at,
      state: 'key',
      lint: [],
      diagnosis: { verdict, cause: verdict === 'works' ? 'ok' : 'key_not_valid' },
    }) as unknown as SourceFinding;

  test('is one sentence for each, without a byte of a key', () => {
    const secret = 'projects/p/secrets/s';
    expect(
      [
        { is: 'current', secret, version: 5 } as const,
        { is: 'older', secret, version: 3, current: 5 } as const,
        { is: 'newer', secret, version: 6, current: 5 } as const,
        { is: 'retired', secret } as const,
        { is: 'leaked', secret } as const,
        { is: 'unknown', secret, versions: 4, all: true } as const,
        { is: 'unknown', secret, versions: 21, all: false } as const,
        { is: 'not_seen', secret, why: 'it is denied.' } as const,
      ].map((kinship) => `${isBehind(kinship) ? 'behind: ' : ''}${saysOf(kinship)}`),
    ).toEqual([
      'holds the current key of projects/p/secrets/s',
      'behind: holds the key of version 3 of projects/p/secrets/s, and consumers are to read version 5: bring the current key there, or have what reads it read Secret Manager',
      'holds the key of version 6 of projects/p/secrets/s, which consumers are not to read yet; theirs is version 5',
      'behind: holds a key that projects/p/secrets/s has retired: bring the current key there, or have what reads it read Secret Manager',
      'behind: holds a key that projects/p/secrets/s has retired because it leaked: take it away there, and bring the current key there, or have what reads it read Secret Manager',
      'holds a different key than projects/p/secrets/s, in none of its versions that can be read (4): a rotation of the secret does not reach it',
      'holds a different key than projects/p/secrets/s, in none of the newest versions that can be read (21): a rotation of the secret does not reach it',
      'could not be compared with projects/p/secrets/s: it is denied',
    ]);
  });

  test('of several secrets is what the one that knows the key says, and nothing of the secrets themselves', async () => {
    const { vault, secret } = stage();
    const [one, other] = [await secret('one', [GOOD_KEY]), await secret('other', [DEAD_KEY, STANDARD_KEY])];
    const source = (title: string, at: Source['place'], text: string): Source => ({ title, place: at, ...place(text) });
    const sources = [
      source('aws-sm:x', 'store', DEAD_KEY),
      source('env:Y', 'environment', numbered(3)),
      source(one, 'secret', GOOD_KEY),
    ];
    const findings = [finding('aws-sm:x', 'store', 'dead'), finding('env:Y', 'environment'), finding(one, 'secret')];
    const placed = await withKinships(vault, [one, other], sources, findings);
    expect(placed.map(({ kinship }) => kinship)).toMatchObject([
      { is: 'older', secret: other, version: 1, current: 2 },
      { is: 'unknown', secret: one },
      undefined,
    ]);
    expect(conclusions(placed)).toEqual([
      expect.stringMatching(/^aws-sm:x holds the key of version 1 of .*other/),
      expect.stringMatching(/^env:Y holds a different key than .*one/),
    ]);
    const same = [
      { ...finding('azure-kv:v/n', 'store'), kinship: { is: 'current', secret: other, version: 2 } as const },
    ];
    expect(conclusions([...same, finding(one, 'secret')])).toEqual([]);
  });
});
