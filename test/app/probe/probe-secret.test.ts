import { describe, expect, test } from '@jest/globals';
import { Fault, type FaultCode } from '../../../src/app/ports/fault.ts';
import { inspect } from '../../../src/app/probe/probe-secret.ts';
import { HISTORY_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { writeHistory } from '../../support/annotations.ts';
import { NOW, TO_KEY } from '../../support/journals.ts';
import { WORKING } from '../../support/twins/memory-prober.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, stage, STANDARD_KEY } from '../../support/stage.ts';

const { checks: policy } = ORDER.secretPolicy;
const NOT_FOUND = {
  status: 400,
  body: {
    error: {
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: 'API Key not found. Please pass a valid API key.',
      details: [{ reason: 'API_KEY_INVALID' }],
    },
  },
};
const DENIED = {
  status: 403,
  body: {
    error: {
      code: 403,
      status: 'PERMISSION_DENIED',
      message: 'Your project has been denied access. Please contact support.',
    },
  },
};
const GONE = {
  status: 404,
  body: {
    error: {
      code: 404,
      status: 'NOT_FOUND',
      message: 'models/gemini-2.5-flash is not found for API version v1beta, or is not supported for generateContent.',
    },
  },
};

async function inspected(
  payloads: readonly (string | Uint8Array)[],
  deep = false,
  arrange?: (on: ReturnType<typeof stage>) => void,
) {
  const on = stage();
  const name = await on.secret('app-key', payloads);
  const before = on.vault.calls.length;
  const found = await on.found(name);
  arrange?.(on);
  const finding = await inspect(on.ports, found, policy, deep);
  return { ...on, finding, calls: on.vault.calls.slice(before + 1) };
}

test('a key that a rotation made is named as its issuer knows it', async () => {
  const past = { id: 'kw-1', reason: 'age', outcome: 'completed', from: 7, to: 1, toKey: TO_KEY, at: NOW } as const;
  const on = stage();
  const name = await on.secret('app-key', [GOOD_KEY]);
  await on.vault.commit(await on.vault.look(name), { annotations: { [HISTORY_ANNOTATION]: writeHistory([past]) } });
  const finding = await inspect(on.ports, await on.found(name), policy, false);
  expect(finding.keyName).toBe(TO_KEY.name);
});

describe('a healthy secret', () => {
  test('costs one access, one request to Gemini, and no write', async () => {
    const { finding, calls, prober } = await inspected([GOOD_KEY]);
    expect(finding).toMatchObject({
      version: 1,
      readAs: 'current',
      keyKind: 'auth',
      depth: 'shallow',
      answers: 1,
      diagnosis: { verdict: 'works', cause: 'ok' },
      lint: [],
      notes: [],
      project: 'demo-project',
    });
    expect(calls).toEqual(['read']);
    expect(prober.probes).toMatchObject([{ depth: 'list', pageSize: 1 }]);
  });

  test('is read through latest where current was never set', async () => {
    const on = stage();
    const name = await on.secret('app-key', [DEAD_KEY, GOOD_KEY], { current: null });
    const finding = await inspect(on.ports, await on.found(name), policy, false);
    expect(finding).toMatchObject({ readAs: 'latest', version: 2, diagnosis: { cause: 'ok' } });
  });

  test('with a key of the legacy type is told so', async () => {
    const { finding } = await inspected([STANDARD_KEY]);
    expect(finding.notes).toEqual([expect.stringContaining('legacy key type')]);
  });
});

describe('the deep probe', () => {
  test('spends one token on a model taken from the list', async () => {
    const { finding, prober } = await inspected([GOOD_KEY], true);
    expect(finding).toMatchObject({ depth: 'deep', answers: 2, diagnosis: { cause: 'ok' } });
    expect(prober.probes).toMatchObject([
      { depth: 'list', pageSize: 200 },
      { depth: 'generate', model: 'models/gemini-2.5-flash' },
    ]);
  });

  test('sees what the list does not', async () => {
    const { finding } = await inspected([GOOD_KEY], true, ({ prober }) => prober.script(GOOD_KEY, 'generate', DENIED));
    expect(finding).toMatchObject({ depth: 'deep', diagnosis: { verdict: 'blocked', cause: 'project_denied' } });
  });

  test('stays shallow, and says so, when no listed model can generate', async () => {
    const { finding } = await inspected([GOOD_KEY], true, ({ prober }) =>
      prober.script(GOOD_KEY, 'list', {
        status: 200,
        body: { models: [{ name: 'models/text-embedding-1', supportedGenerationMethods: ['embedContent'] }] },
      }),
    );
    expect(finding).toMatchObject({
      depth: 'shallow',
      diagnosis: { cause: 'ok' },
      notes: ['deep probe skipped: no listed model can generate'],
    });
  });

  test('blames no key for a model that is gone', async () => {
    const { finding } = await inspected([GOOD_KEY], true, ({ prober }) => prober.script(GOOD_KEY, 'generate', GONE));
    expect(finding).toMatchObject({
      depth: 'shallow',
      answers: 2,
      diagnosis: { cause: 'ok' },
      notes: ['deep probe skipped: models/gemini-2.5-flash is listed but gone'],
    });
  });

  test('without an answer leaves the key unjudged', async () => {
    const { finding } = await inspected([GOOD_KEY], true, ({ prober }) =>
      prober.script(GOOD_KEY, 'generate', { noAnswer: 'timeout', detail: 'no answer in 20 s' }),
    );
    expect(finding).toMatchObject({ depth: 'deep', answers: 1, diagnosis: { verdict: 'unclear', cause: 'timeout' } });
  });

  test('is not made for a key that does not even list', async () => {
    const { prober } = await inspected([DEAD_KEY], true);
    expect(prober.probes.every(({ depth }) => depth === 'list')).toBe(true);
  });
});

describe('a dead key', () => {
  test('is believed after as many agreeing answers as the policy says, spaced', async () => {
    const { finding, clock } = await inspected([DEAD_KEY]);
    expect(finding).toMatchObject({
      answers: 3,
      diagnosis: { verdict: 'dead', cause: 'key_invalid', definitive: true },
    });
    expect(clock.slept).toEqual([2000, 2000]);
  });

  test('whose answers flip within the run is not condemned', async () => {
    const { finding } = await inspected([DEAD_KEY], false, ({ prober }) =>
      prober.script(DEAD_KEY, 'list', NOT_FOUND, WORKING.list),
    );
    expect(finding.diagnosis).toMatchObject({
      verdict: 'unclear',
      cause: 'answers_disagree',
      message: 'within one run Gemini answered both key_not_found and ok',
    });
    expect(finding.answers).toBe(2);
  });

  test('is asked no further once an answer disagreed', async () => {
    const { prober } = await inspected([DEAD_KEY], false, (on) =>
      on.prober.script(DEAD_KEY, 'list', NOT_FOUND, { noAnswer: 'network', detail: 'reset' }),
    );
    expect(prober.probes).toHaveLength(2);
  });

  test('refused in two ways is still dead', async () => {
    const expired = {
      status: 400,
      body: {
        error: {
          code: 400,
          message: 'API key expired. Please renew the API key.',
          details: [{ reason: 'API_KEY_INVALID' }],
        },
      },
    };
    const { finding } = await inspected([DEAD_KEY], false, ({ prober }) =>
      prober.script(DEAD_KEY, 'list', NOT_FOUND, NOT_FOUND, expired),
    );
    expect(finding.diagnosis).toMatchObject({ verdict: 'dead', cause: 'key_expired' });
  });
});

describe('an answer that says nothing about the key', () => {
  test('is not asked for again in the same run', async () => {
    const { finding, prober } = await inspected([GOOD_KEY], false, (on) =>
      on.prober.script(GOOD_KEY, 'list', { noAnswer: 'network', detail: 'connection refused' }),
    );
    expect(finding).toMatchObject({
      answers: 0,
      diagnosis: { verdict: 'unclear', cause: 'network', message: 'connection refused' },
    });
    expect(prober.probes).toHaveLength(1);
  });
});

describe('stored bytes', () => {
  test('with a newline: the key is good, the bytes are not', async () => {
    const { finding, prober } = await inspected([`${GOOD_KEY}\n`]);
    expect(finding.diagnosis).toMatchObject({ verdict: 'blocked', cause: 'stored_bytes_unclean' });
    expect(finding.lint.map(({ kind }) => kind)).toEqual(['surrounding_whitespace']);
    expect(prober.probes[0]?.key.reveal()).toBe(GOOD_KEY);
  });

  test('around a dead key do not hide that it is dead', async () => {
    const { finding } = await inspected([`${DEAD_KEY}\n`]);
    expect(finding).toMatchObject({ diagnosis: { cause: 'key_invalid' }, lint: [{ kind: 'surrounding_whitespace' }] });
  });

  test('in JSON are left to consumers that may parse it', async () => {
    const { finding } = await inspected([JSON.stringify({ apiKey: GOOD_KEY })]);
    expect(finding).toMatchObject({ diagnosis: { cause: 'ok' }, lint: [{ kind: 'json_wrapped' }] });
  });

  test('of 64 KiB that are no key are never sent anywhere', async () => {
    const { finding, prober } = await inspected([new Uint8Array(65_536).fill(0x9f)]);
    expect(finding).toMatchObject({
      version: 1,
      depth: 'none',
      answers: 0,
      diagnosis: { verdict: 'blocked', cause: 'stored_bytes_not_a_key' },
      lint: [{ kind: 'binary' }],
    });
    expect(prober.probes).toEqual([]);
  });
});

describe('a secret that cannot be read', () => {
  const CAUSE_OF: Readonly<Record<FaultCode, string>> = {
    not_found: 'version_missing',
    denied: 'access_denied',
    switched_off: 'store_disabled',
    unauthenticated: 'no_credentials',
    stale: 'store_unavailable',
    disabled: 'version_disabled',
    destroyed: 'version_destroyed',
    wrong_state: 'store_unavailable',
    unproven: 'store_unavailable',
    exists: 'store_unavailable',
    invalid: 'store_unavailable',
    corrupt: 'checksum_mismatch',
    limited: 'store_unavailable',
    timeout: 'store_unavailable',
    unavailable: 'store_unavailable',
  };

  test.each(Object.entries(CAUSE_OF))('for %s is a finding: %s', async (code, cause) => {
    const fault = new Fault(
      Object.keys(CAUSE_OF).find((known): known is FaultCode => known === code) ?? 'invalid',
      'why',
    );
    const { finding, prober } = await inspected([GOOD_KEY], false, ({ vault }) => vault.failNext('read', fault));
    expect(finding).toEqual({
      secret: expect.stringMatching(/^projects\/\d+\/secrets\/app-key$/),
      project: 'demo-project',
      version: 1, // of the alias: commands that mend it need a number
      readAs: 'current',
      depth: 'none',
      answers: 0,
      diagnosis: expect.objectContaining({ cause, message: 'why' }),
      lint: [],
      notes: [],
    });
    expect(prober.probes).toEqual([]);
  });

  test('for a bug of ours is no finding but a crash', async () => {
    const on = stage();
    const found = await on.found(await on.secret('app-key', [GOOD_KEY]));
    const broken = { ...on.ports, vault: { ...on.vault, read: () => Promise.reject(new TypeError('a bug')) } };
    await expect(inspect(broken, found, policy, false)).rejects.toThrow(TypeError);
  });
});
