import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { start } from '../../../src/app/rotation/start.ts';
import { verify } from '../../../src/app/rotation/acts/verify.ts';
import { write } from '../../../src/app/rotation/acts/write.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { FIRST_LOOK_MS, HOUR_MS, NOW } from '../../support/journals.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const JSON_VALUE = `{\n  "GEMINI_API_KEY": "${GOOD_KEY}",\n  "OPENAI_API_KEY": "sk-x"\n}\n`;
const TWO_KEYS = `{"A":"${GOOD_KEY}","B":"AIza${'x'.repeat(35)}"}`;
const PASSWORD = 'correct-horse-battery-staple';
const ASKED = { reason: 'request', candidate: 'supplied', emergency: false } as const;
const unseen = (): void => undefined;

const text = async ({ vault, secret }: RotationStage, version: number): Promise<string> =>
  new TextDecoder().decode((await vault.read(secret, version)).bytes);

const begin = (on: RotationStage, more: Partial<Asked> = {}) =>
  start(on.ports, { ...on.order({ supplied: new KeyText(STANDARD_KEY) }), asked: { ...ASKED, ...more } }, unseen);

/** Through the drain, which nobody measures here, to the end. */
async function toTheEnd(on: RotationStage): Promise<void> {
  for (const hours of [0, 30, 30]) {
    await on.clock.sleep(hours * HOUR_MS + FIRST_LOOK_MS);
    await drive(on.ports, on.order({ supplied: new KeyText(STANDARD_KEY) }), unseen);
  }
}

describe('a rotation changes the key and nothing else (I11)', () => {
  test.each([
    ['JSON', JSON_VALUE, { is: 'json', fields: ['/GEMINI_API_KEY'] }],
    ['an env file', `# gemini\nexport KEY="${GOOD_KEY}"\nPORT=8080\n`, { is: 'env', fields: ['KEY'] }],
    ['a newline behind the key', `${GOOD_KEY}\n`, { is: 'bare', fields: [] }],
  ])('%s', async (_, value, form) => {
    const on = await rotationStage([value]);
    expect(await begin(on)).toMatchObject({ outcome: 'begun', step: { did: 'wait' } });
    expect(await on.journal()).toMatchObject({ phase: 'promoted', form, to: 2 });
    expect(await text(on, 2)).toBe(value.replace(GOOD_KEY, STANDARD_KEY));
    await toTheEnd(on);
    expect(await on.states()).toEqual(['disabled', 'enabled']);
  });

  test('of two keys the one that the policy names', async () => {
    const on = await rotationStage([TWO_KEYS]);
    const { vault, secret } = on;
    const policy = { 'key-warden.policy': '{"v":1,"keyField":"/A"}' };
    await vault.commit(await vault.look(secret), { annotations: policy });
    expect(await begin(on)).toMatchObject({ outcome: 'begun' });
    expect(await text(on, 2)).toBe(TWO_KEYS.replace(GOOD_KEY, STANDARD_KEY));
  });

  test('or the one that a person names, which stays on record with the rotation', async () => {
    const on = await rotationStage([TWO_KEYS]);
    expect(await begin(on, { mint: { keyField: '/A' } })).toMatchObject({ outcome: 'begun' });
    expect(await on.journal()).toMatchObject({ mint: { keyField: '/A' }, form: { is: 'json', fields: ['/A'] } });
    expect(await text(on, 2)).toBe(TWO_KEYS.replace(GOOD_KEY, STANDARD_KEY));
  });

  test('but for white space and quotes, where a person asked for that', async () => {
    const on = await rotationStage([`"${GOOD_KEY}"\n`]);
    expect(await begin(on, { alone: 'clean' })).toMatchObject({ outcome: 'begun' });
    expect(await text(on, 2)).toBe(STANDARD_KEY);
  });
});

describe('a rotation is not begun (I12)', () => {
  test.each([
    [
      'a password',
      PASSWORD,
      /version 1 holds nothing that looks like a Gemini key, so it is not rotated\. If it is meant to be none: gcloud secrets update/,
    ],
    [
      'two keys',
      TWO_KEYS,
      /version 1 holds 2 keys, so it is not rotated\. Name the field that consumers use, one of \/A, \/B: key-warden init --secret \S+ --key-field \/A\./,
    ],
    [
      'two keys among words',
      `${GOOD_KEY} AIza${'x'.repeat(35)}`,
      /version 1 holds 2 keys, so it is not rotated\. If consumers expect a key alone/,
    ],
    ['a key among words', `key: ${GOOD_KEY}`, /version 1 holds a key among other text, .*--replace 1 --form bare/],
  ])('of %s', async (_, value, why) => {
    const on = await rotationStage([value]);
    for (const emergency of [false, true]) {
      const begun = await begin(on, { emergency });
      expect(begun).toMatchObject({ step: { did: 'held', why: expect.stringMatching(why) } });
      expect(JSON.stringify(begun)).not.toContain(GOOD_KEY);
    }
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
    expect(await on.states()).toEqual(['enabled']);
  });

  test.each([
    [[], 'The leak of version 1 is on record until its key is dead'],
    [[7, 8, 9, 10], 'The leak of version 1 is not on record: 4 others are, whose keys are not proven dead'],
  ])(
    'for a key that would have no account says what becomes of its leak, beside those of %j',
    async (versions, why) => {
      const on = await rotationStage([STANDARD_KEY]);
      const seen = await on.vault.look(on.secret);
      const leaks = versions.map((version) => ({ version, at: NOW, told: 0 }));
      await on.vault.commit(seen, { annotations: changeOf(seen.record, { leaks }) });
      const { secretPolicy } = on.order();
      const unbound = { ...secretPolicy, mint: { ...secretPolicy.mint, keyKind: 'auth' } } as const;
      const asked = { reason: 'leaked', candidate: 'minted', emergency: true } as const;
      const started = await start(on.ports, { ...on.order({ secretPolicy: unbound }), asked }, unseen);
      expect(started).toMatchObject({ step: { did: 'held', why: expect.stringContaining(why) } });
    },
  );

  test.each([false, true])(
    'and each way out is one: what it says is asked for is not refused again, emergency %s',
    async (emergency) => {
      const on = await rotationStage([PASSWORD]);
      const { secretPolicy } = on.order();
      const unbound = { ...secretPolicy, mint: { ...secretPolicy.mint, keyKind: 'auth' } } as const;
      const asked = { reason: 'request', candidate: 'minted', emergency } as const;
      const ask = async (more: Partial<Asked>) => {
        const started = await start(
          on.ports,
          { ...on.order({ secretPolicy: unbound }), asked: { ...asked, ...more } },
          unseen,
        );
        return 'step' in started ? started.step.why : '';
      };
      const named = / --replace 1 --form bare --service-account=SERVICE_ACCOUNT_EMAIL/;
      expect(await ask({})).toMatch(named);
      expect(await ask({ alone: 'bare', from: 1 })).toMatch(
        emergency ? new RegExp(`${named.source} --emergency`) : named,
      );
      await ask({ alone: 'bare', from: 1, mint: { keyServiceAccount: 'app@demo-project.iam.gserviceaccount.com' } });
      expect(await on.journal()).toMatchObject({ from: 1, alone: 'bare' });
    },
  );

  test('of a version that nobody can read', async () => {
    const on = await rotationStage();
    const { vault, secret } = on;
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    expect(await begin(on)).toMatchObject({
      step: { did: 'held', why: expect.stringMatching(/cannot be read any more/) },
    });
  });

  test('while Secret Manager does not answer', async () => {
    const on = await rotationStage();
    on.vault.failNext('read', new Fault('unavailable', 'no answer'));
    await expect(begin(on)).rejects.toThrow('no answer');
  });

  test('to clean a value that is more than a key', async () => {
    const on = await rotationStage([JSON_VALUE]);
    expect(await begin(on, { alone: 'clean' })).toMatchObject({
      step: {
        did: 'held',
        why: expect.stringMatching(/^version 1 is JSON with the key in \/GEMINI_API_KEY, and --clean only/),
      },
    });
  });

  test('of a version that consumers do not read', async () => {
    const on = await rotationStage([GOOD_KEY, GOOD_KEY]);
    expect(await begin(on, { from: 2, alone: 'bare' })).toMatchObject({
      step: { did: 'held', why: 'consumers read version 1, so version 2 cannot be replaced' },
    });
  });
});

describe('a rotation whose new key would have no account', () => {
  const MINTED = { reason: 'request', candidate: 'minted', emergency: false } as const;
  const LEAKED = { reason: 'leaked', candidate: 'minted', emergency: true } as const;
  const on = async (keys = [STANDARD_KEY]) => {
    const stage = await rotationStage(keys);
    const secretPolicy = { ...stage.order().secretPolicy, mint: { keyProject: 'demo-project' } };
    const ask = (asked: Asked) => start(stage.ports, { ...stage.order(), secretPolicy, asked }, unseen);
    const leaks = async () => (await stage.vault.look(stage.secret)).record.leaks;
    return { ...stage, ask, leaks };
  };
  const barred = { step: { did: 'held', why: expect.stringMatching(/^an auth key is bound to a service account/) } };

  test('is not begun, and nothing is written', async () => {
    const at = await on();
    expect(await at.ask(MINTED)).toMatchObject(barred);
    expect(at.vault.calls.filter((call) => call === 'commit')).toHaveLength(1); // the stage's own
    expect(at.issuer.calls).toEqual([]);
  });

  test('nor where only that version is to be replaced, and no other way to write it is offered', async () => {
    const { step } = (await (await on()).ask({ ...LEAKED, from: 1 })) as { step: { why: string } };
    expect(step.why).toMatch(/^an auth key is bound/);
    expect(step.why).not.toContain('--replace');
    const none = (await (await on([PASSWORD])).ask({ ...LEAKED, from: 1 })) as { step: { why: string } };
    expect(none.step.why).toMatch(/^version 1 holds nothing/);
  });

  test('nor where a person names a version that holds no key', async () => {
    const at = await on([PASSWORD]);
    expect(await at.ask({ ...MINTED, from: 1, alone: 'bare' })).toMatchObject(barred);
  });

  test.each([
    ['the asker names one', { mint: { keyServiceAccount: 'app@demo-project.iam.gserviceaccount.com' } }],
    ['a key of the old type is asked for', { mint: { keyKind: 'standard' as const } }],
  ])('is begun where %s', async (_, wish) => {
    expect(await (await on()).ask({ ...MINTED, ...wish })).toMatchObject({ outcome: 'begun' });
    expect((await (await on()).ask({ ...MINTED, ...wish })).outcome).toBe('begun');
  });

  test('I18: in an emergency the leak is on record all the same, once', async () => {
    const at = await on();
    expect(await at.ask(LEAKED)).toMatchObject({
      step: {
        did: 'held',
        why: expect.stringMatching(/--emergency --service-account=.*The leak of version 1 is on record/),
      },
    });
    expect(await at.leaks()).toMatchObject({ value: [{ version: 1, told: 0 }] });
    expect(await at.journal()).toMatchObject({ phase: 'resting' });
    const commits = () => at.vault.calls.filter((call) => call === 'commit').length;
    const before = commits();
    await at.ask(LEAKED);
    expect(commits()).toBe(before);
  });

  test('I18: a race for that record is run again, and other trouble with it is told', async () => {
    const at = await on();
    at.vault.failNext('commit', new Fault('stale', 'the etag does not match'));
    expect(await at.ask(LEAKED)).toMatchObject({ step: { did: 'held' } });
    expect(await at.leaks()).toMatchObject({ value: [{ version: 1 }] });
    const other = await on();
    other.vault.failNext('commit', new Fault('denied', 'no right to write'));
    await expect(other.ask(LEAKED)).rejects.toThrow('no right to write');
  });
});

describe('a person who names the version and the new form', () => {
  test('has the key written alone, and what was there is never disabled', async () => {
    const on = await rotationStage([PASSWORD]);
    expect(await begin(on, { from: 1, alone: 'bare' })).toMatchObject({ outcome: 'begun' });
    expect(await on.journal()).toMatchObject({ phase: 'promoted', alone: 'bare', keepOld: true });
    await toTheEnd(on);
    expect(await on.journal()).toMatchObject({ phase: 'resting', failures: 0 });
    expect(await on.states()).toEqual(['enabled', 'enabled']);
    expect((await on.vault.look(on.secret)).annotations['key-warden.retired']).toBeUndefined();
  });

  test('of a form that could be kept too, and then the old version goes as ever', async () => {
    const on = await rotationStage([JSON_VALUE]);
    expect(await begin(on, { alone: 'bare' })).toMatchObject({ outcome: 'begun' });
    expect(await text(on, 2)).toBe(STANDARD_KEY);
    await toTheEnd(on);
    expect(await on.states()).toEqual(['disabled', 'enabled']);
  });
});

describe('a version that somebody added', () => {
  const AT = { phase: 'written', candidate: 'adopted', to: 2 } as const;

  test.each([
    ['in the form that consumers read', JSON_VALUE, JSON_VALUE.replace(GOOD_KEY, STANDARD_KEY).replace('sk-x', 'sk-y')],
    ['without the newline that stood there', `${GOOD_KEY}\n`, STANDARD_KEY],
    ['with the newline that stood there', `${GOOD_KEY}\n`, `${STANDARD_KEY}\n`],
    ['beside what is no key, which is kept', PASSWORD, STANDARD_KEY],
  ])('is taken up %s', async (_, old, added) => {
    const on = await rotationStage([old, added]);
    expect(await verify(on.scene(AT))).toMatchObject({ kind: 'done' });
  });

  test.each([
    [
      'JSON, where consumers read a key alone',
      GOOD_KEY,
      JSON_VALUE.replace(GOOD_KEY, STANDARD_KEY),
      /that is a key alone, and this is JSON with the key in/,
    ],
    [
      'a key alone, where they read JSON',
      JSON_VALUE,
      STANDARD_KEY,
      /that is JSON with the key in \/GEMINI_API_KEY, and this is a key alone/,
    ],
    ['in base64', GOOD_KEY, Buffer.from(STANDARD_KEY).toString('base64'), /and this is a key alone, in base64/],
    ['a key among words', GOOD_KEY, `key: ${STANDARD_KEY}`, /and this holds a key among other text/],
  ])('is held where its form is another: %s', async (_, old, added, why) => {
    const on = await rotationStage([old, added]);
    expect(await verify(on.scene(AT))).toMatchObject({ kind: 'unsure', hold: true, why: expect.stringMatching(why) });
    expect(on.prober.probes).toEqual([]);
  });

  test('is judged by itself where the old value cannot be read any more', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await on.vault.disable(on.secret, await on.vault.lookVersion(on.secret, 1));
    expect(await verify(on.scene(AT))).toMatchObject({ kind: 'done' });
  });

  test('is looked at again when the old value does not come', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const { read } = on.vault;
    const ports = {
      ...on.ports,
      vault: {
        ...on.vault,
        read: (secret: string, version: string | number) =>
          version === 1 ? Promise.reject(new Fault('timeout', 'no answer')) : read(secret, version),
      },
    };
    expect(await verify(on.scene(AT, { ports }))).toMatchObject({ kind: 'unsure', why: 'no answer' });
    expect(
      await write({ ...on.scene({ phase: 'minted' }, { ports }), supplied: new KeyText(STANDARD_KEY) }),
    ).toMatchObject({
      kind: 'unsure',
      why: 'no answer',
    });
  });
});

describe('a rotation of an earlier release', () => {
  test('is held where what it began on cannot be kept', async () => {
    const on = await rotationStage([PASSWORD, STANDARD_KEY]);
    const supplied = new KeyText(STANDARD_KEY);
    const held = { kind: 'unsure', hold: true, why: expect.stringMatching(/^version 1 holds nothing that looks like/) };
    expect(await write(on.scene({ phase: 'minted' }, { supplied }))).toMatchObject(held);
    expect(await verify(on.scene({ phase: 'written', to: 2 }, { supplied }))).toMatchObject(held);
  });
});
