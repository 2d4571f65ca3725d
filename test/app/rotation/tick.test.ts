import { describe, expect, test } from '@jest/globals';
import { plusMs } from '../../../src/core/values/time.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { tick } from '../../../src/app/rotation/tick.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION, RETIRED_MAX } from '../../../src/core/record/ledger.ts';
import { readHistory, writeHistory, writeRetired, writeHealth } from '../../support/annotations.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import { judge } from '../../../src/core/health/health.ts';
import { UNSEEN } from '../../../src/core/record/health-state.ts';
import { HEALTH_ANNOTATION } from '../../../src/core/record/health-text.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { OUTBOX_FORM } from '../../../src/core/record/outbox.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { ago, ahead, inFlight, NOW, POLICY, resting } from '../../support/journals.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const ASKED = { reason: 'request', candidate: 'minted', emergency: false } as const;
const DAYS_91_MS = 91 * 86_400_000;

describe('one step of a secret at rest', () => {
  test('is none when nothing is due, and writes nothing', async () => {
    const { vault, ports, order } = await rotationStage();
    const before = vault.calls.length;
    expect(await tick(ports, order())).toEqual({ did: 'rest', why: 'nothing is due', journal: resting() });
    expect(vault.calls.slice(before)).toEqual(['look', 'lookVersion']);
  });

  test('begins what is asked for, with the lease of its first act in the same write', async () => {
    const { ports, order, journal, secret, vault } = await rotationStage();
    const step = await tick(ports, order({ asked: ASKED }));
    expect(step).toMatchObject({ did: 'moved', by: 'open', before: resting() });
    expect(await journal()).toMatchObject({
      phase: 'opened',
      from: 1,
      lease: { holder: 'worker-1', act: 'mint', until: NOW + 120_000 },
    });
    expect((await vault.look(secret)).aliases).toEqual({ current: 1 });
  });

  test('waits after failures', async () => {
    const { ports, order, write } = await rotationStage();
    const paused = resting({ failures: 2, notBefore: ahead(1) });
    await write(paused);
    expect(await tick(ports, order())).toEqual({
      did: 'wait',
      until: ahead(1),
      why: '2 rotations were abandoned in a row',
      journal: paused,
    });
  });

  test('has nothing to do without versions', async () => {
    const { ports, order } = await rotationStage([]);
    expect(await tick(ports, order({ asked: ASKED }))).toMatchObject({ did: 'rest', why: 'the secret has no version' });
  });

  test('adopts an enabled version above current, and no other', async () => {
    const { vault, secret, ports, order, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.disable(secret, await vault.lookVersion(secret, 2));
    expect(await tick(ports, order())).toMatchObject({ did: 'rest' });
    await vault.enable(secret, await vault.lookVersion(secret, 2));
    await tick(ports, order());
    expect(await journal()).toMatchObject({ phase: 'written', candidate: 'adopted', from: 1, to: 2 });
  });

  describe('goes by the policy on the secret', () => {
    const annotated = async (policy: string) => {
      const on = await rotationStage();
      await on.vault.commit(await on.vault.look(on.secret), { annotations: { 'key-warden.policy': policy } });
      return on;
    };

    test('laid over the deployment’s', async () => {
      const { ports, order, clock, journal } = await annotated('{"v":1,"maxAgeDays":1}');
      await clock.sleep(2 * 86_400_000);
      await tick(ports, order());
      expect(await journal()).toMatchObject({ phase: 'opened', reason: 'age' });
    });

    test('by the age of the key itself, where a rotation has learned it: a version may be younger', async () => {
      const { ports, order, vault, secret, clock, journal } = await annotated('{"v":1,"maxAgeDays":30}');
      const past = { id: 'kw-1', reason: 'added', outcome: 'completed', from: 9, to: 1, at: clock.now() } as const;
      const made = async (daysAgo: number) => {
        const toKeyMadeAt = plusMs(clock.now(), -daysAgo * 86_400_000);
        const annotation = writeHistory([{ ...past, toKeyMadeAt }]);
        await vault.commit(await vault.look(secret), { annotations: { [HISTORY_ANNOTATION]: annotation } });
      };
      await made(29);
      expect(await tick(ports, order())).toMatchObject({ did: 'rest' });
      await made(30);
      await tick(ports, order());
      expect(await journal()).toMatchObject({ phase: 'opened', reason: 'age' });
    });

    test('and begins nothing while part of it cannot be read: it may say which key to make', async () => {
      const { ports, order, journal } = await annotated('{"v":1,"keyKind":"gold"}');
      const why = 'key-warden.policy: keyKind must be auth or standard, not "gold"';
      expect(await tick(ports, order({ asked: ASKED }))).toEqual({ did: 'held', why, journal: resting() });
      expect(await journal()).toEqual(resting());
    });

    test('and names all that cannot be read', async () => {
      const { ports, order } = await annotated('{"v":1,"keyKind":"gold","keyProject":7}');
      expect(await tick(ports, order())).toMatchObject({
        did: 'held',
        why:
          'key-warden.policy: keyKind must be auth or standard, not "gold"; ' +
          'key-warden.policy: keyProject must be a project id or number, not 7',
      });
    });

    test('but an emergency goes by what is allowed', async () => {
      const { ports, order, journal } = await annotated('{"v":1,"retentionDays":1}');
      const asked = { ...ASKED, reason: 'leaked', emergency: true } as const;
      expect(await tick(ports, order({ asked }))).toMatchObject({ did: 'moved' });
      expect(await journal()).toMatchObject({ phase: 'opened', emergency: true });
    });

    test('and makes no key that a journal wishes and the settings do not name, an emergency apart (I16, I17)', async () => {
      const { ports, order, write, issuer } = await rotationStage();
      const { secretPolicy } = order();
      const strict = { ...secretPolicy, keyAccounts: ['ours@x.iam.gserviceaccount.com'] };
      const mint = { keyServiceAccount: 'victim@x.iam.gserviceaccount.com', keyProject: undefined };
      const lease = { holder: 'worker-1', act: 'mint', until: ahead(0.2) } as const;
      await write(inFlight({ phase: 'opened', to: undefined, mint, lease }));
      expect(await tick(ports, order({ secretPolicy: strict }))).toMatchObject({
        did: 'moved',
        after: { held: true, why: expect.stringContaining('keyServiceAccount must be one of ours@x') },
      });
      expect(issuer.calls).not.toContain('mint');
      await write(inFlight({ phase: 'opened', to: undefined, mint, lease, emergency: true }));
      await tick(ports, order({ secretPolicy: strict }));
      expect(issuer.keys().map(({ serviceAccountEmail }) => serviceAccountEmail)).toEqual([undefined]);
    });

    test('but a rotation in flight goes on with what can be read', async () => {
      const { ports, order, write } = await annotated('{"v":1,"keyKind":"gold"}');
      await write(inFlight({ phase: 'verified' }));
      expect(await tick(ports, order())).toMatchObject({ did: 'moved' });
    });

    test('under what was asked for with the rotation, which the journal keeps', async () => {
      const { ports, order, issuer, journal } = await annotated('{"v":1,"keyProject":"999999"}');
      await tick(ports, order({ asked: { ...ASKED, mint: { keyProject: '777777' } } }));
      expect(await journal()).toMatchObject({ mint: { keyProject: '777777' } });
      const { secretPolicy } = order();
      await tick(ports, order({ secretPolicy: { ...secretPolicy, keyProjects: ['777777'] } }));
      expect(issuer.keys()[0]?.name).toContain('projects/777777/');
    });

    test('and makes keys in the secret’s own project where nothing names another', async () => {
      const { ports, order, issuer } = await rotationStage();
      const { secretPolicy } = order();
      const plain = { secretPolicy: { ...secretPolicy, mint: { keyKind: 'standard' } } } as const;
      await tick(ports, order({ ...plain, asked: ASKED }));
      await tick(ports, order(plain));
      expect(issuer.keys()[0]?.name).toContain('projects/123456789012/');
    });
  });

  test('replaces a key that was found dead, where the policy says so, and once', async () => {
    const { ports, order, vault, secret, journal } = await rotationStage();
    const { health } = judge(secret, UNSEEN, diagnosisOf('key_leaked', 'x'), DEFAULT_CHECK_POLICY, NOW);
    const past = { id: 'kw-0', reason: 'leaked', outcome: 'completed', from: 1, to: 2 } as const;
    const remember = async (annotations: Record<string, string | null>) =>
      vault.commit(await vault.look(secret), { annotations });
    const { secretPolicy } = order();
    const eager = order({
      secretPolicy: { ...secretPolicy, rotation: { ...secretPolicy.rotation, rotateWhenDead: 1 } },
    });
    await remember({
      [HEALTH_ANNOTATION]: writeHealth(health),
      [HISTORY_ANNOTATION]: writeHistory([{ ...past, at: NOW }]),
    });
    expect(await tick(ports, eager)).toMatchObject({ did: 'rest' });
    await remember({ [HISTORY_ANNOTATION]: writeHistory([{ ...past, outcome: 'abandoned', at: NOW }]) });
    await tick(ports, eager);
    expect(await journal()).toMatchObject({ phase: 'opened', reason: 'leaked', emergency: true });
  });

  test('makes a rotation in flight an emergency once its old key is found leaked, and goes on at once', async () => {
    const { ports, order, vault, secret, write, journal } = await rotationStage();
    await write(inFlight({ phase: 'minted', reason: 'age', notBefore: ahead(1) }));
    const { health } = judge(secret, UNSEEN, diagnosisOf('key_leaked', 'x'), DEFAULT_CHECK_POLICY, NOW);
    await vault.commit(await vault.look(secret), { annotations: { [HEALTH_ANNOTATION]: writeHealth(health) } });
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', by: expect.stringContaining('leaked') });
    const lease = { holder: 'worker-1', act: 'write' };
    expect(await journal()).toMatchObject({ phase: 'minted', reason: 'leaked', emergency: true, lease });
  });

  test('waits with a rollback while a purge may be deleting the key', async () => {
    const { ports, order, vault, secret } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const retired = writeRetired([{ version: 1, at: NOW, rotation: 'kw-0', deletingUntil: ahead(0.2) }]);
    await vault.commit(await vault.look(secret), { annotations: { [RETIRED_ANNOTATION]: retired } });
    const asked = { reason: 'rollback', candidate: 'adopted', emergency: false, from: 1, to: 2 } as const;
    expect(await tick(ports, order({ asked }))).toMatchObject({ did: 'wait', until: ahead(0.2) });
  });

  test('waits for no lease and no date that no setting can ask for (I17)', async () => {
    const { ports, order, write, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const lease = { holder: 'a dead worker', act: 'write', until: ahead(9_999) } as const;
    const times = { notBefore: ahead(99_999), openedAt: ahead(99), since: ahead(99), lease };
    await write(inFlight({ phase: 'verified', candidate: 'supplied', ...times }));
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', after: { phase: 'promoted' } });
    expect(await journal()).toMatchObject({ phase: 'promoted', openedAt: NOW });
  });

  describe('knows the age of the key that consumers read', () => {
    const aged = { phase: 'opened', reason: 'age' };

    test('current, where it is the newest version', async () => {
      const { ports, order, clock, journal } = await rotationStage();
      await clock.sleep(DAYS_91_MS);
      await tick(ports, order());
      expect(await journal()).toMatchObject(aged);
    });

    test('but begins nothing for it while its clock disagrees with Google’s', async () => {
      const { ports, order, clock, journal } = await rotationStage();
      await clock.sleep(DAYS_91_MS);
      const wrong = { ...clock, aheadMs: () => Promise.resolve(DAYS_91_MS) };
      expect(await tick({ ...ports, clock: wrong }, order())).toMatchObject({
        did: 'wait',
        until: clock.now() + 600_000,
        why: expect.stringContaining('ahead of Google’s'),
      });
      expect(await journal()).toEqual(resting());
      const right = { ...clock, aheadMs: () => Promise.resolve(1_000) };
      expect(await tick({ ...ports, clock: right }, order())).toMatchObject({ did: 'moved' });
    });

    test('current, where a newer one was passed over', async () => {
      const { add, ports, order, clock, write, journal } = await rotationStage();
      await clock.sleep(DAYS_91_MS);
      await add(STANDARD_KEY);
      await write(resting({ passedOver: [2] }));
      await tick(ports, order());
      expect(await journal()).toMatchObject(aged);
    });

    test('latest, where there is no current', async () => {
      const { vault, secret, ports, order, clock, journal } = await rotationStage();
      await vault.commit(await vault.look(secret), { aliases: { current: null } });
      await clock.sleep(DAYS_91_MS);
      await tick(ports, order());
      expect(await journal()).toMatchObject({ ...aged, from: 1 });
    });

    test('or does not, and then begins nothing', async () => {
      const { vault, ports, order, clock, add, write } = await rotationStage();
      await clock.sleep(DAYS_91_MS);
      await add(STANDARD_KEY);
      await write(resting({ passedOver: [2] }));
      const lookVersion = (name: string, ref: string | number) =>
        ref === 1 ? Promise.reject(new Fault('timeout', 'no answer')) : vault.lookVersion(name, ref);
      expect(await tick({ ...ports, vault: { ...vault, lookVersion } }, order())).toMatchObject({ did: 'rest' });
    });
  });

  test('rejects when the newest version cannot be looked at', async () => {
    const { vault, ports, order } = await rotationStage();
    vault.failNext('lookVersion', new Fault('denied', 'access is missing'));
    await expect(tick(ports, order())).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('one step of a rotation in flight', () => {
  test('does the act of its phase and commits what it came to', async () => {
    const { vault, ports, order, write, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ candidate: 'adopted', notBefore: ago(1) }));
    const before = vault.calls.length;
    const step = await tick(ports, order());
    expect(vault.calls.slice(before)).toEqual(['look', 'read', 'read', 'read', 'commit']);
    expect(step).toMatchObject({ did: 'moved', by: 'verify: done', before: { phase: 'written' } });
    expect(await journal()).toMatchObject({ phase: 'verified', since: NOW });
  });

  test('moves the aliases in the very write that says so (I2)', async () => {
    const { vault, secret, ports, order, write, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ phase: 'verified' }));
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', by: 'promote: done' });
    expect((await vault.look(secret)).aliases).toEqual({ current: 2, previous: 1 });
    expect(await journal()).toMatchObject({ phase: 'promoted', promotedAt: NOW });
  });

  test('keeps the labels, annotations and aliases of others (I10)', async () => {
    const { vault, secret, ports, order, write } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { annotations: { theirs: 'yes' }, aliases: { theirs: 1 } });
    await write(inFlight({ phase: 'verified' }));
    await tick(ports, order());
    expect(await vault.look(secret)).toMatchObject({
      labels: { team: 'search' },
      annotations: { theirs: 'yes' },
      aliases: { theirs: 1, current: 2 },
    });
  });

  test('takes its lease first where no etag fences the act', async () => {
    const { issuer, ports, order, write, journal } = await rotationStage();
    await write(inFlight({ phase: 'opened', to: undefined }));
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', by: 'lease' });
    expect(issuer.calls).toEqual([]);
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', by: 'mint: done' });
    expect(await journal()).toMatchObject({ phase: 'minted', lease: { act: 'write' } });
  });

  test('takes no lease into a pause or a hold', async () => {
    for (const code of ['timeout', 'denied'] as const) {
      const { issuer, ports, order, write, journal } = await rotationStage();
      await write(inFlight({ phase: 'opened', to: undefined }));
      await tick(ports, order());
      issuer.failNext('mint', new Fault(code, 'no key'));
      await tick(ports, order());
      expect(await journal()).toMatchObject({ phase: 'opened', why: 'no key', held: code === 'denied' });
      expect(await journal()).not.toHaveProperty('lease');
    }
  });

  test('takes no lease into a phase whose act an etag fences: nobody would have to wait for it', async () => {
    const { ports, order, write, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ phase: 'verified' }));
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', by: 'promote: done' });
    expect(await journal()).not.toHaveProperty('lease');
  });

  test('waits for the lease of another worker, which has another name', async () => {
    const { ports, order } = await rotationStage();
    await tick(ports, order({ asked: ASKED }));
    expect(await tick(ports, order({ me: 'worker-2' }))).toMatchObject({
      did: 'wait',
      until: NOW + 120_000,
      why: 'worker-1 is at the act mint',
    });
  });

  test('takes up a person’s wish without an act', async () => {
    const { ports, order, write, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ wish: 'abort' }));
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', by: 'a person asked for abort' });
    expect(await journal()).toMatchObject({ phase: 'abandoned', since: NOW, lease: { act: 'discard' } });
  });

  test('does nothing to one that is held', async () => {
    const { ports, order, write } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const held = inFlight({ held: true, why: 'access is missing' });
    await write(held);
    expect(await tick(ports, order())).toEqual({ did: 'held', why: 'access is missing', journal: held });
  });

  test('holds the retirement when the ledger is full: the old key would be forgotten (I5)', async () => {
    const { vault, secret, ports, order, write, journal, states } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const retired = Array.from({ length: RETIRED_MAX }, () => ({ version: 1, at: NOW, rotation: 'kw-0' }));
    const ledgerOf = (length: number) => ({ [RETIRED_ANNOTATION]: writeRetired(retired.slice(0, length)) });
    await vault.commit(await vault.look(secret), { annotations: ledgerOf(RETIRED_MAX) });
    await write(inFlight({ phase: 'verified' }));
    expect(await tick(ports, order())).toMatchObject({ did: 'moved', by: 'promote: done' });
    await write(inFlight({ phase: 'drained' }));
    await tick(ports, order());
    expect(await states()).toEqual(['enabled', 'enabled']);
    expect(await journal()).toMatchObject({
      phase: 'drained',
      held: true,
      why: '20 old keys await deletion: run key-warden purge, then resume',
    });
    await vault.commit(await vault.look(secret), { annotations: ledgerOf(RETIRED_MAX - 1) });
    await write(inFlight({ phase: 'drained' }));
    await tick(ports, order());
    expect(await states()).toEqual(['disabled', 'enabled']);
    expect(await journal()).toEqual(resting());
    const { annotations } = await vault.look(secret);
    expect(readHistory(annotations[HISTORY_ANNOTATION])).toMatchObject([{ outcome: 'completed', at: NOW }]);
  });
});

describe('the commit', () => {
  test('of two workers one loses, and has changed nothing (I7)', async () => {
    const { vault, secret, ports, order, journal } = await rotationStage();
    const seen = await vault.look(secret);
    await vault.commit(seen, { labels: { touched: 'yes' } });
    expect(await tick(ports, order({ asked: ASKED }), seen)).toMatchObject({
      did: 'lost',
      why: expect.stringContaining('etag'),
    });
    expect(await journal()).toEqual(resting());
  });

  test('of which no answer came rejects: the next tick looks what became of it', async () => {
    const { vault, ports, order, journal } = await rotationStage();
    vault.loseNext('commit', new Fault('timeout', 'no answer'));
    await expect(tick(ports, order({ asked: ASKED }))).rejects.toMatchObject({ code: 'timeout' });
    expect(await journal()).toMatchObject({ phase: 'opened' });
  });

  test('says what people are to be told of, and takes away what they were told (I15)', async () => {
    const { ports, order } = await rotationStage();
    const opened = await tick(ports, order({ asked: ASKED }));
    if (opened.did !== 'moved' || opened.after.phase === 'resting') throw new Error('it did not open');
    const untold = [{ step: 'opened', id: opened.after.id }] as const;
    expect(opened.left.record.outbox).toMatchObject({ value: untold });
    const leased = await tick(ports, order(), opened.left);
    expect(leased).toMatchObject({ left: { record: { outbox: { value: untold } } } });
    if (leased.did !== 'moved') throw new Error('it did not go on');
    expect(await tick(ports, order(), leased.left, { told: untold })).toMatchObject({
      left: { record: { outbox: { value: [] } } },
    });
  });
});

describe('a commit that is refused', () => {
  const full = new Fault('invalid', 'The annotations are too large.');

  test('at rest rejects: nothing was begun', async () => {
    const { vault, ports, order, journal } = await rotationStage();
    vault.failNext('commit', full);
    await expect(tick(ports, order({ asked: ASKED }))).rejects.toMatchObject({ code: 'invalid' });
    expect(await journal()).toEqual(resting());
  });

  test('is noted by a smaller one: counted, with the reason, and tried again later', async () => {
    const { vault, ports, order, write, journal } = await rotationStage();
    await write(inFlight({ phase: 'verified', to: 1, from: 1 }));
    vault.failNext('commit', full);
    const step = await tick(ports, order());
    const why = 'the record of this step was refused: The annotations are too large.';
    expect(step).toMatchObject({ did: 'moved', by: why, after: { phase: 'verified', tries: 1, why } });
    expect(await journal()).toMatchObject({ phase: 'verified', tries: 1, notBefore: expect.any(Number), why });
  });

  test('as often as is allowed leads where the table says, and people are to be told', async () => {
    const { vault, ports, order, write } = await rotationStage();
    await write(inFlight({ phase: 'reverting', to: 1, from: 1, tries: POLICY.triesMax - 1, id: 'kw-1' }));
    vault.failNext('commit', full);
    expect(await tick(ports, order())).toMatchObject({
      did: 'moved',
      after: { held: true, holds: 1 },
      left: { record: { outbox: { value: [{ step: 'held', id: 'kw-1' }] } } },
    });
  });

  test('is refused in the end where the smaller one is too, or where nothing may be written', async () => {
    const { vault, ports, order, write } = await rotationStage();
    await write(inFlight({ phase: 'verified', to: 1, from: 1 }));
    vault.failNext('commit', full);
    vault.failNext('commit', full);
    expect(await tick(ports, order())).toEqual({ did: 'refused', refusal: full });
    const denied = new Fault('denied', 'secretmanager.secrets.update is missing');
    vault.failNext('commit', denied);
    const commits = vault.calls.filter((call) => call === 'commit').length;
    expect(await tick(ports, order())).toEqual({ did: 'refused', refusal: denied });
    expect(vault.calls.filter((call) => call === 'commit')).toHaveLength(commits + 1);
  });

  test('and whose smaller one is lost to somebody else is looked at again', async () => {
    const { vault, ports, order, write } = await rotationStage();
    await write(inFlight({ phase: 'verified', to: 1, from: 1 }));
    vault.failNext('commit', full);
    vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    expect(await tick(ports, order())).toMatchObject({ did: 'lost' });
  });
});

test.each([ROTATION_ANNOTATION, RETIRED_ANNOTATION, HISTORY_ANNOTATION, OUTBOX_FORM.annotation])(
  'a %s that this release does not understand is left alone',
  async (annotation) => {
    const { vault, secret, ports, order } = await rotationStage();
    await vault.commit(await vault.look(secret), { annotations: { [annotation]: '{"v":2}' } });
    expect(await tick(ports, order({ asked: ASKED }))).toEqual({
      did: 'held',
      why:
        `${annotation} of ${secret} is not in a form this release reads, so nothing is done about the rotation or the old keys. ` +
        'Written by a newer release: deploy that one. Written by hand: gcloud secrets update gemini ' +
        `--remove-annotations=${annotation} --project=123456789012, which forgets them`,
    });
    expect((await vault.look(secret)).annotations).toEqual({ [annotation]: '{"v":2}' });
  },
);
