import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Issuer } from '../../../src/app/ports/ports.ts';
import type { KeyRules } from '../../../src/app/ports/key-rules.ts';
import { start } from '../../../src/app/rotation/start.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import type { MintPolicy } from '../../../src/core/record/mint-policy.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { SCOPE } from '../../support/stage.ts';

const ACCOUNT = 'app@demo-project.iam.gserviceaccount.com';
const ANA = { who: 'ana', is: 'claimed' } as const;
const unseen = (): void => undefined;

interface Scene {
  /** What the issuer tells of the key: nothing, its account, or all but its account. */
  readonly known?: 'none' | 'bound' | 'unbound';
  readonly mint?: MintPolicy;
  readonly permittedOn?: KeyRules['permittedOn'];
  /** The first list of the issuer's keys fails. */
  readonly busy?: boolean;
}

/** Somebody asks for a rotation of a secret that holds an authorization key. */
async function ask(asked: Asked, { known = 'none', mint = {}, permittedOn, busy }: Scene = {}) {
  const on = await rotationStage();
  const account = known === 'none' ? {} : { serviceAccountEmail: ACCOUNT };
  const { name } = on.issuer.plant({ project: SCOPE.project, ...account });
  if (known !== 'none') {
    const version = await on.add((await on.issuer.keyString(name)).reveal());
    await on.vault.commit(await on.vault.look(on.secret), { aliases: { current: version } });
  }
  if (busy === true) on.issuer.failNext('list', new Fault('unavailable', 'busy'));
  const { secretPolicy } = on.order();
  const order = on.order({ secretPolicy: { ...secretPolicy, mint: { keyProject: SCOPE.project, ...mint } } });
  const rules = permittedOn && { permittedOn, isEnforced: () => Promise.resolve(false) };
  const issuer: Issuer =
    known === 'unbound' ? { ...on.issuer, list: (...page) => withoutAccounts(on.issuer, ...page) } : on.issuer;
  const started = await start({ ...on.ports, issuer, rules }, { ...order, asked }, unseen);
  const { record } = await on.vault.look(on.secret);
  return {
    ...on,
    why: 'step' in started ? started.step.why : '',
    phase: (await on.journal())?.phase ?? 'resting',
    past: valueOf(record.history) ?? [],
    leaks: valueOf(record.leaks) ?? [],
  };
}

async function* withoutAccounts(issuer: Issuer, ...asked: Parameters<Issuer['list']>): ReturnType<Issuer['list']> {
  for await (const { serviceAccountEmail: _, ...key } of issuer.list(...asked)) yield key;
}

describe.each([
  {
    name: 'a planned rotation',
    ends: '',
    asked: { reason: 'request', candidate: 'minted', emergency: false, by: ANA },
  },
  {
    name: 'an emergency',
    ends: ' --emergency',
    asked: { reason: 'leaked', candidate: 'minted', emergency: true, by: ANA },
  },
] as const)('$name', ({ asked, ends }) => {
  test('is not begun where no project of the settings made the key, and says how it could be', async () => {
    const { why, phase, past, leaks, issuer } = await ask(asked);
    expect(why).toContain(
      `none is known: the old key is none of the keys of project ${SCOPE.project}: key-warden rotate`,
    );
    expect(why).toContain(`${ends} --service-account=SERVICE_ACCOUNT_EMAIL`);
    expect({ phase, past, keys: issuer.keys().length }).toEqual({ phase: 'resting', past: [], keys: 1 });
    expect(leaks).toHaveLength(asked.emergency ? 1 : 0);
  });

  test('nor where its issuer knows the key, and no account of it', async () => {
    const { why, past } = await ask(asked, { known: 'unbound' });
    expect(why).toContain('neither the old key nor the policy names one');
    expect(past).toEqual([]);
  });

  test('nor with an account that is not there; with another one it is', async () => {
    const named = { ...asked, mint: { keyServiceAccount: ACCOUNT } };
    const permittedOn = () => Promise.reject(new Fault('not_found', 'Unknown service account.'));
    const { why, phase, past } = await ask(named, { permittedOn });
    expect(why).toMatch(/Unknown service account\. Name another one: key-warden rotate .*--service-account=/);
    expect({ phase, past }).toEqual({ phase: 'resting', past: [] });
    expect((await ask(named, { permittedOn: () => Promise.resolve([]) })).phase).toBe('minted');
    expect((await ask(named)).phase).toBe('minted');
  });

  test('nor of a version that was named for a key alone, and the next command names it again', async () => {
    const named = { ...asked, from: 1, alone: 'bare', mint: { keyServiceAccount: ACCOUNT } } as const;
    const permittedOn = () => Promise.reject(new Fault('not_found', 'Unknown service account.'));
    const { why } = await ask(named, { permittedOn });
    expect(why).toMatch(/Name another one: key-warden rotate \S+ \S+ --replace 1 --form bare --service-account=/);
    expect(why.includes('--emergency')).toBe(asked.emergency);
  });

  test('is begun where the old key has an account, which the issuer is asked for once', async () => {
    const { phase, issuer } = await ask(asked, { known: 'bound' });
    expect(phase).toBe('minted');
    expect(issuer.keys().at(-1)).toMatchObject({ serviceAccountEmail: ACCOUNT });
    expect(issuer.calls.filter((call) => call === 'list')).toHaveLength(1);
  });

  test('is begun where that cannot be found out, and its mint asks again', async () => {
    expect((await ask(asked, { known: 'bound', busy: true })).phase).toBe('minted');
    expect((await ask(asked, { busy: true })).past).toMatchObject([{ outcome: 'abandoned' }]);
    const elsewhere = { ...asked, mint: { keyProject: 'not-of-the-settings' } };
    expect(await ask(elsewhere)).toMatchObject({ why: expect.stringContaining('not-of-the-settings') });
  });

  test.each<MintPolicy>([{ keyKind: 'standard' }, { keyServiceAccount: ACCOUNT }])(
    'asks nobody where the settings say enough: %j',
    async (mint) => {
      const { phase, issuer } = await ask(asked, { mint });
      expect(phase).toBe('minted');
      // the mint alone, among those that live and those that were deleted
      expect(issuer.calls.filter((call) => call === 'list')).toHaveLength(2);
    },
  );
});

test('what the worker begins by itself is not asked about beforehand, and given up', async () => {
  const asked = { reason: 'request', candidate: 'minted', emergency: false } as const;
  expect(await ask(asked)).toMatchObject({ past: [{ outcome: 'abandoned' }] });
});
