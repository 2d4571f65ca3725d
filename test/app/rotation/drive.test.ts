import { changeOf, recordOf } from '../../../src/core/record/secret-record.ts';
import { LEAKS_ANNOTATION } from '../../../src/core/record/leaks.ts';
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Vault } from '../../../src/app/ports/ports.ts';
import { givenUp, drive, leakLeft, noteEnd, type RotatePorts } from '../../../src/app/rotation/drive.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { start } from '../../../src/app/rotation/start.ts';
import { leaveTo, type Step } from '../../../src/app/rotation/tick.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal, writeHistory } from '../../support/annotations.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION, type Past } from '../../../src/core/record/ledger.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import type { Journal } from '../../../src/core/record/journal.ts';
import { ago, ahead, FIRST_LOOK_MS, HOUR_MS, inFlight, JANE, NOW, resting } from '../../support/journals.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, MANAGED, SCOPE, STANDARD_KEY } from '../../support/stage.ts';

const ASKED = { reason: 'request', candidate: 'supplied', emergency: false, requestId: 'r-1' } as const;
const SUPPLIED = { asked: ASKED, supplied: new KeyText(STANDARD_KEY) };
const BROKEN = '{"v":2}';
const PAST: Past = { id: 'kw-0', reason: 'age', outcome: 'completed', from: 1, to: 2, at: ago(9) };
const unseen = (): void => undefined;
const done = (step: Step) => (step.did === 'moved' ? step.by : step.did);

describe('a rotation is driven', () => {
  test('as far as it goes now, and after its pause to the end', async () => {
    const { ports, order, clock, journal, states, announced, vault, secret } = await rotationStage();
    const steps: Step[] = [];
    const step = await drive(ports, order(SUPPLIED), (seen) => steps.push(seen));
    expect(steps.map(done)).toEqual([
      'open',
      'the key was supplied',
      'write: done',
      'verify: done',
      'promote: done',
      'wait',
    ]);
    expect(step).toMatchObject({ did: 'wait', until: NOW + FIRST_LOOK_MS });
    await clock.sleep(24 * HOUR_MS);
    expect(await drive(ports, order(), unseen)).toMatchObject({ did: 'rest' });
    expect(await journal()).toEqual(resting());
    expect(await states()).toEqual(['disabled', 'enabled']);
    expect((await vault.look(secret)).aliases).toEqual({ current: 2, previous: 1 });
    expect(announced.map(({ type }) => type)).toEqual(['rotation.opened', 'rotation.promoted', 'rotation.completed']);
    expect(announced[0]).toMatchObject({ secret, project: '123456789012' });
  });

  test('anew from what is there when it loses a race, still with what was asked', async () => {
    const { vault, ports, order, journal } = await rotationStage();
    vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    const steps: Step[] = [];
    await drive(ports, order(SUPPLIED), (seen) => steps.push(seen));
    expect(steps.map(done).slice(0, 2)).toEqual(['lost', 'open']);
    expect(await journal()).toMatchObject({ phase: 'promoted' });
  });

  test('no further once the process was asked to end: the act in hand is committed, and its next lease dropped (I6)', async () => {
    const { ports, order, journal, clock } = await rotationStage();
    const [steps, asked] = [new Array<string>(), { toEnd: false }];
    const watch = (step: Step): void => {
      steps.push(done(step));
      asked.toEnd = done(step) === 'the key was supplied';
    };
    const halt = await drive({ ...ports, leaving: () => asked.toEnd }, order(SUPPLIED), watch);
    expect(steps).toEqual(['open', 'the key was supplied']);
    expect(halt).toMatchObject({ did: 'wait', until: clock.now(), why: expect.stringContaining('asked to end') });
    const left = await journal();
    expect(left).toMatchObject({ phase: 'minted' });
    expect(left).not.toHaveProperty('lease.holder');
    // Another worker need not wait for the end of a lease.
    const next = await drive(ports, order({ ...SUPPLIED, asked: undefined, me: 'worker-2' }), unseen);
    expect(next).toMatchObject({ journal: { phase: 'promoted' } });
  });

  test('and a lease of somebody else, or none, is left as it is', async () => {
    const { ports, vault, secret } = await rotationStage();
    const left = await vault.look(secret);
    const lease = { holder: 'worker-2', act: 'mint', until: ahead(1) } as const;
    const before = vault.calls.length;
    for (const journal of [inFlight(), inFlight({ lease })])
      expect(await leaveTo(ports, 'worker-1', left, journal)).toMatchObject({ did: 'wait' });
    expect(vault.calls).toHaveLength(before);
  });

  test('without looking again at what its own step left', async () => {
    const { vault, ports, order } = await rotationStage();
    const looks = () => vault.calls.filter((call) => call === 'look').length;
    const before = looks();
    await drive(ports, order(SUPPLIED), unseen);
    expect(looks() - before).toBe(1);
  });

  test('and what a person wrote between two steps is not overlooked: the commit meets another etag (I7)', async () => {
    const { vault, ports, order, secret, journal } = await rotationStage();
    const steps: string[] = [];
    const asking: Promise<unknown>[] = [];
    await drive({ ...ports, vault: { ...vault, lookVersion } }, order(SUPPLIED), (step) => steps.push(done(step)));
    expect(steps.slice(-5)).toEqual(['verify: done', 'lost', 'a person asked for abort', 'discard: done', 'wait']);
    expect(asking).toHaveLength(1);
    expect(await journal()).toMatchObject({ phase: 'resting', failures: 1 });

    async function lookVersion(...args: Parameters<Vault['lookVersion']>) {
      if (steps.at(-1) === 'verify: done') asking.push(ask(vault, secret, { to: 'abort', by: JANE }));
      await Promise.all(asking);
      return vault.lookVersion(...args);
    }
  });

  test('until it lost five races in a row: a step in between starts the count again', async () => {
    const { vault, ports, order, journal } = await rotationStage();
    const loseRaces = (times: number): void => {
      for (let race = 0; race < times; race += 1) vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    };
    loseRaces(5);
    await expect(drive(ports, order(SUPPLIED), unseen)).rejects.toMatchObject({
      code: 'stale',
      message: expect.stringContaining('5 times in a row'),
    });
    loseRaces(4);
    await drive(ports, order(SUPPLIED), (step) => {
      if (done(step) === 'open') loseRaces(4);
    });
    expect(await journal()).toMatchObject({ phase: 'promoted' });
  });

  test('in sixty steps at most', async () => {
    const { vault, ports, order, secret } = await rotationStage();
    const look = flying(vault.look);
    const commit = () => look(secret);
    const steps: Step[] = [];
    await expect(
      drive({ ...ports, vault: { ...vault, commit, look } }, order(), (step) => steps.push(step)),
    ).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining('60 steps') });
    expect(steps).toHaveLength(60);
  });
});

/** Sees a rotation that asks for its lease for ever, because no commit is ever seen. */
function flying(look: Vault['look']): Vault['look'] {
  return async (name) => {
    const sighting = await look(name);
    const journal = writeJournal(inFlight({ phase: 'opened', to: undefined })) ?? '';
    const annotations = { ...sighting.annotations, [ROTATION_ANNOTATION]: journal };
    return { ...sighting, annotations, record: recordOf(annotations) };
  };
}

describe('what cannot be announced', () => {
  const deaf = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };

  test('is a log line, the rotation goes on, and the next run tells all of it in its order (I15)', async () => {
    const { ports, order, journal, logged, announced, vault, secret } = await rotationStage();
    await drive({ ...ports, announcer: deaf }, order(SUPPLIED), unseen);
    expect(await journal()).toMatchObject({ phase: 'promoted' });
    // One that is out of reach is not waited for twice in a run.
    expect(logged).toEqual(['WARNING rotation.opened could not be announced yet: no topic']);
    await drive(ports, order(), unseen);
    expect(announced.map(({ type }) => type)).toEqual(['rotation.opened', 'rotation.promoted']);
    expect((await vault.look(secret)).record.outbox).toMatchObject({ value: [] });
    await drive(ports, order(), unseen);
    expect(announced).toHaveLength(2);
  });

  test('is entered also when it is a hold, and told by the next run (I6)', async () => {
    const { vault, ports, order, write, announced } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ candidate: 'adopted' }));
    vault.failNext('read', new Fault('denied', 'access is missing'));
    expect(await drive({ ...ports, announcer: deaf }, order(), unseen)).toMatchObject({ did: 'held' });
    expect(announced).toEqual([]);
    expect(await drive(ports, order(), unseen)).toMatchObject({ did: 'held', why: 'access is missing' });
    expect(announced).toMatchObject([{ type: 'rotation.held', why: 'access is missing', holds: 1 }]);
  });
});

describe('a step is told when it is on record (I15)', () => {
  const untold = async ({ vault, secret }: RotationStage) => valueOf((await vault.look(secret)).record.outbox);

  test('and it is on record as untold at that moment', async () => {
    const stage = await rotationStage();
    const seen: unknown[] = [];
    const announcer: RotatePorts['announcer'] = {
      announce: async ({ type }) => void seen.push([type, (await untold(stage))?.map(({ step }) => step)]),
    };
    await drive({ ...stage.ports, announcer }, stage.order(SUPPLIED), unseen);
    expect(seen).toEqual([
      ['rotation.opened', ['opened']],
      ['rotation.promoted', ['promoted']],
    ]);
    expect(await untold(stage)).toEqual([]);
  });

  test('by the next run where this one died in between', async () => {
    const stage = await rotationStage();
    const death = new Error('the process is gone');
    const dying = { announce: () => Promise.reject(death) };
    await expect(drive({ ...stage.ports, announcer: dying }, stage.order(SUPPLIED), unseen)).rejects.toBe(death);
    expect(stage.announced).toEqual([]);
    await drive(stage.ports, stage.order({ ...SUPPLIED, asked: undefined }), unseen);
    expect(stage.announced.map(({ type }) => type)).toEqual(['rotation.opened', 'rotation.promoted']);
  });

  test('before a worker that was asked to end leaves', async () => {
    const stage = await rotationStage();
    await drive({ ...stage.ports, leaving: () => true }, stage.order(SUPPLIED), unseen);
    expect(stage.announced).toMatchObject([{ type: 'rotation.opened' }]);
    expect(await untold(stage)).toEqual([]);
  });

  test('once more where that it was told could not be noted', async () => {
    const stage = await rotationStage();
    const { vault, ports, order, logged, announced } = stage;
    await drive(ports, order(SUPPLIED), (step) => {
      if (step.did === 'wait') vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    });
    expect(logged).toEqual([
      'WARNING what was announced could not be noted, and is announced once more: somebody wrote',
    ]);
    expect(await untold(stage)).toMatchObject([{ step: 'promoted' }]);
    await drive(ports, order(), unseen);
    expect(announced.map(({ type }) => type)).toEqual(['rotation.opened', 'rotation.promoted', 'rotation.promoted']);
    expect(await untold(stage)).toEqual([]);
  });

  test('and not in every run where nothing may be written any more: that is what is told', async () => {
    const stage = await rotationStage();
    const { vault, ports, order, announced, secret } = stage;
    await drive(ports, order(SUPPLIED), (step) => {
      if (step.did === 'wait') vault.failNext('commit', new Fault('denied', 'no update'));
    });
    announced.length = 0;
    vault.allowOnly('secretmanager.secrets.get');
    await drive(ports, order(), unseen);
    await drive(ports, order(), unseen);
    const warning = { type: 'secret.warning', because: 'unwritable', secret };
    expect(announced).toMatchObject([warning, warning]);
    expect(announced[0]).toMatchObject({ why: expect.stringContaining('may not write to it') });
    vault.failNext('permitted', new Fault('unavailable', 'busy'));
    await drive(ports, order(), unseen);
    expect(announced).toHaveLength(3);
    expect(announced[2]).toMatchObject({ type: 'rotation.promoted' });
  });

  test('unless nothing is on record of its rotation any more', async () => {
    const stage = await rotationStage();
    const { vault, secret, ports, order, announced } = stage;
    const seen = await vault.look(secret);
    await vault.commit(seen, { annotations: changeOf(seen.record, { outbox: [{ step: 'held', id: 'kw-0' }] }) });
    await drive(ports, order(), unseen);
    expect(announced).toEqual([]);
    expect(await untold(stage)).toEqual([]);
  });
});

test('an outbox that a newer release wrote is left as it is, and nothing is told of it', async () => {
  const { vault, secret, ports, order, announced } = await rotationStage();
  const annotations = { 'key-warden.outbox': BROKEN };
  await vault.commit(await vault.look(secret), { annotations });
  expect(await drive(ports, order(SUPPLIED), unseen)).toMatchObject({ did: 'held' });
  expect(announced).toEqual([]);
  expect((await vault.look(secret)).annotations).toEqual(annotations);
});

describe('what cannot be recorded', () => {
  test('stands still, and a person is told of the secret, under one id a day', async () => {
    const { vault, ports, order, write, announced, secret } = await rotationStage();
    await write(inFlight({ phase: 'verified', from: 1, to: 1 }));
    for (let runs = 0; runs < 2; runs += 1) {
      vault.failNext('commit', new Fault('denied', 'secrets.update is missing'));
      await expect(drive(ports, order(), unseen)).rejects.toMatchObject({ code: 'denied' });
    }
    const told = { type: 'secret.warning', because: 'unwritable', secret, day: NOW - (NOW % (24 * HOUR_MS)) };
    expect(announced).toMatchObject([told, told]);
    expect(announced[0]).toMatchObject({ why: 'its rotation stands still: secrets.update is missing' });
  });

  test('and cannot be told either is a line in the log', async () => {
    const { vault, ports, order, write, logged } = await rotationStage();
    await write(inFlight({ phase: 'verified', from: 1, to: 1 }));
    vault.failNext('commit', new Fault('denied', 'secrets.update is missing'));
    const deaf = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    await expect(drive({ ...ports, announcer: deaf }, order(), unseen)).rejects.toMatchObject({ code: 'denied' });
    expect(logged).toEqual(['WARNING unwritable could not be announced: no topic']);
  });
});

test('a name on record that is not proven holds the rotation, with an alarm of its own each time (I16)', async () => {
  const { ports, order, write, issuer, announced, vault, secret } = await rotationStage();
  const foreign = issuer.plant({ project: SCOPE.project, keyId: 'chat-key' });
  const toKey = { name: foreign.name, uid: foreign.uid };
  await write(inFlight({ phase: 'minted', candidate: 'minted', to: undefined, toKey }));
  const step = await drive(ports, order(), unseen);
  expect(step).toMatchObject({ did: 'held', why: expect.stringContaining('is not proven') });
  await ask(vault, secret, { to: 'resume', by: JANE });
  await drive(ports, order(), unseen);
  const on = expect.stringMatching(/^rotation kw-/);
  expect(announced).toMatchObject([
    { type: 'name.unproven', secret, on, why: step.why, times: 1 },
    { type: 'rotation.held', holds: 1 },
    { type: 'name.unproven', secret, on, why: step.why, times: 2 },
    { type: 'rotation.held', holds: 2 },
  ]);
});

describe('a request to rotate', () => {
  test('begins a rotation', async () => {
    const { ports, order, journal } = await rotationStage();
    const started = await start(ports, { ...order(), ...SUPPLIED }, unseen);
    expect(started).toMatchObject({ outcome: 'begun', step: { did: 'wait' } });
    expect(await journal()).toMatchObject({ phase: 'promoted', requestId: 'r-1' });
  });

  test('that is delivered again goes on with the same rotation', async () => {
    const { ports, order, journal } = await rotationStage();
    await start(ports, { ...order(), ...SUPPLIED }, unseen);
    const before = await journal();
    const again = await start(ports, { ...order(), ...SUPPLIED }, unseen);
    expect(again).toMatchObject({ outcome: 'same', step: { did: 'wait' } });
    expect(await journal()).toEqual(before);
  });

  test('that is delivered when it is done is not done again', async () => {
    const { ports, order, clock, states } = await rotationStage();
    await start(ports, { ...order(), ...SUPPLIED }, unseen);
    await clock.sleep(24 * HOUR_MS);
    await drive(ports, order(), unseen);
    expect(await start(ports, { ...order(), ...SUPPLIED }, unseen)).toEqual({
      outcome: 'finished',
      rotation: expect.stringMatching(/^kw-/),
      why: 'this request was completed 2027-01-16 08:00 UTC',
    });
    expect(await states()).toHaveLength(2);
  });

  test.each([undefined, 'r-2'])('other than the one in flight (%s) is told which that is', async (requestId) => {
    const { ports, order, write } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const journal = inFlight({ requestId: 'r-1' });
    await write(journal);
    expect(await start(ports, { ...order(), asked: { ...ASKED, requestId } }, unseen)).toEqual({
      outcome: 'busy',
      journal,
      why: 'rotation kw-1-abc (request) is written since 2027-01-15 08:00 UTC',
    });
  });

  test('in an emergency hurries the one that drains: the old key is retired and deleted at once', async () => {
    const { ports, order, write, key, vault, secret, states, issuer, announced } = await rotationStage([
      GOOD_KEY,
      STANDARD_KEY,
    ]);
    const { issued } = await key('old');
    const fromKey = { name: issued.name, uid: issued.uid };
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    await write(inFlight({ phase: 'promoted', promotedAt: NOW, notBefore: ahead(6), fromKey }));
    const asked = { ...ASKED, reason: 'leaked', candidate: 'minted', emergency: true } as const;
    expect(await start(ports, { ...order(), asked }, unseen)).toMatchObject({
      outcome: 'hurried',
      step: { did: 'rest' },
    });
    expect(await states()).toEqual(['disabled', 'enabled']);
    expect(await issuer.look(issued.name)).toHaveProperty('deletedAt');
    expect(announced.at(-1)).toMatchObject({ type: 'rotation.completed', reason: 'leaked' });
  });

  test('in an emergency about another version leaves alone the one that replaces this one', async () => {
    const { ports, order, write } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ phase: 'promoted', promotedAt: NOW, notBefore: ahead(6) }));
    const asked = { ...ASKED, reason: 'leaked', candidate: 'minted', emergency: true, from: 2 } as const;
    expect(await start(ports, { ...order(), asked }, unseen)).toMatchObject({
      outcome: 'busy',
      journal: { from: 1, emergency: false },
    });
  });

  test('without an id is never taken for an earlier one without an id', async () => {
    const { ports, order, vault, secret } = await rotationStage();
    await vault.commit(await vault.look(secret), { annotations: { [HISTORY_ANNOTATION]: writeHistory([PAST]) } });
    const asked = { ...ASKED, requestId: undefined };
    expect(await start(ports, { ...order(), ...SUPPLIED, asked }, unseen)).toMatchObject({ outcome: 'begun' });
  });

  test.each([ROTATION_ANNOTATION, HISTORY_ANNOTATION])('touches nothing when %s is not understood', async (name) => {
    const { ports, order, vault, secret } = await rotationStage();
    await vault.commit(await vault.look(secret), { annotations: { [name]: BROKEN } });
    expect(await start(ports, { ...order(), ...SUPPLIED }, unseen)).toMatchObject({
      outcome: 'begun',
      step: { did: 'held' },
    });
  });
});

describe('an emergency', () => {
  const URGENT = { ...SUPPLIED, asked: { ...ASKED, reason: 'leaked', emergency: true } } as const;

  test('ends with the deletion of the leaked key at the issuer', async () => {
    const { ports, order, key, write, issuer, logged, vault, secret } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    const { issued } = await key('leaked');
    const fromKey = { name: issued.name, uid: issued.uid };
    await write(inFlight({ phase: 'drained', emergency: true, fromKey }));
    expect(await drive(ports, order(), unseen)).toMatchObject({ did: 'rest' });
    expect((await issuer.look(issued.name)).deletedAt).toBe(NOW);
    expect(logged).toEqual([`INFO version 1 of ${secret}: deleted at the issuer, which can undo it for 30 days`]);
  });

  test('keeps the leaked key while another secret serves it, which is named (I13)', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const { ports, order, key, write, issuer, logged, vault, secret } = on;
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    const { issued, characters } = await key('leaked');
    const ads = vault.create(SCOPE, 'ads', { labels: MANAGED });
    await vault.add(ads, new TextEncoder().encode(characters));
    await vault.commit(await vault.look(ads), { aliases: { current: 1 } });
    await write(inFlight({ phase: 'drained', emergency: true, fromKey: { name: issued.name, uid: issued.uid } }));
    await drive(ports, order(), unseen);
    expect((await issuer.look(issued.name)).deletedAt).toBeUndefined();
    expect(logged).toEqual([
      `ERROR the leaked key of ${secret} (version 1, ${issued.name}) was not deleted: other secrets serve this very key, so it is not deleted: ${ads} version 1 (current). Rotate each of them, and a later purge deletes it`,
    ]);
    await vault.add(ads, new TextEncoder().encode(STANDARD_KEY));
    await vault.commit(await vault.look(ads), { aliases: { current: 2 } });
    await vault.disable(ads, await vault.lookVersion(ads, 1));
    expect(await ports.purgeLeaked(ports, secret, order().secretPolicy)).toEqual([]);
    expect((await issuer.look(issued.name)).deletedAt).toBe(NOW);
  });

  test('deletes the leaked key all the same, and says so, where nobody may see who else serves it', async () => {
    const { ports, order, key, write, issuer, logged, vault, secret } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    const { issued } = await key('leaked');
    await write(inFlight({ phase: 'drained', emergency: true, fromKey: { name: issued.name, uid: issued.uid } }));
    vault.failNext('list', new Fault('denied', 'you may not'));
    await drive(ports, order(), unseen);
    expect((await issuer.look(issued.name)).deletedAt).toBe(NOW);
    expect(logged).toEqual([
      expect.stringMatching(/^INFO version 1 of .*: deleted at the issuer/),
      expect.stringMatching(/^WARNING not looked at for copies .* 1 place, .*you may not$/),
    ]);
  });

  test('says when the leaked key could not be deleted, and why', async () => {
    const { ports, order, secret, logged } = await rotationStage();
    await drive(ports, order(URGENT), unseen);
    expect(logged).toEqual([
      `ERROR the leaked key of ${secret} (version 1) was not deleted: the old key is none of the keys of project demo-project; once its version is disabled, delete it where it was made. Its version is kept, until 2027-02-21 08:00 UTC`,
    ]);
  });

  test('says when the ledger could not be looked at', async () => {
    const { ports, order, secret, logged, vault } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const purged = await ports.purgeLeaked(
      { ...ports, vault: { ...vault, look: () => Promise.reject(new Fault('denied', 'you may not')) } },
      secret,
      order().secretPolicy,
    );
    expect(purged).toEqual(['you may not']);
    expect(logged).toEqual(['ERROR you may not']);
  });
});

test('a secret that is not under care is not rotated', async () => {
  const { ports, order, vault, secret, journal } = await rotationStage();
  await vault.commit(await vault.look(secret), { labels: { 'key-warden': null } });
  expect(await start(ports, { ...order(), ...SUPPLIED }, unseen)).toEqual({
    outcome: 'unmanaged',
    why: `it is not under care: key-warden init --secret ${secret}`,
  });
  expect(await journal()).toEqual(resting());
});

/** A secret as a step left it, of which nothing matters here. */
const left = {
  name: 's',
  etag: 'e',
  labels: {},
  annotations: {},
  record: recordOf({}),
  aliases: {},
  createdAt: NOW,
};

describe('an emergency and an annotation that cannot be read', () => {
  const URGENT = { asked: { ...ASKED, reason: 'leaked', emergency: true } } as const;
  const emergencyOver = async (broken: Readonly<Record<string, string>>) => {
    const on = await rotationStage();
    const { vault, secret, ports, order } = on;
    await vault.commit(await vault.look(secret), { annotations: broken });
    const started = await start(ports, { ...order(), ...SUPPLIED, ...URGENT }, unseen);
    return { ...on, started, annotations: (await vault.look(secret)).annotations };
  };

  test.each([ROTATION_ANNOTATION, RETIRED_ANNOTATION, HISTORY_ANNOTATION, LEAKS_ANNOTATION, 'key-warden.outbox'])(
    'goes on, and puts it aside: %s',
    async (name) => {
      const { started, annotations, states, logged, vault, secret } = await emergencyOver({ [name]: BROKEN });
      expect(started).toMatchObject({ outcome: 'begun', step: { did: 'rest' } });
      expect(await states()).toEqual(['disabled', 'enabled']);
      expect(annotations[`${name}-aside`]).toBe(BROKEN);
      expect(logged).toContainEqual(expect.stringContaining(`was put aside as ${name}-aside`));
      expect((await vault.look(secret)).aliases).toMatchObject({ current: 2 });
    },
  );

  test('drops the text where there is no room for both, and says so', async () => {
    const others = { 'example.com_a': 'x'.repeat(2_700), 'example.com_b': 'y'.repeat(1_000) };
    const { started, annotations, logged } = await emergencyOver({
      [ROTATION_ANNOTATION]: `{"v":9${' '.repeat(1_000)}}`,
      ...others,
    });
    expect(started).toMatchObject({ outcome: 'begun', step: { did: 'rest' } });
    expect(annotations).not.toHaveProperty([`${ROTATION_ANNOTATION}-aside`]);
    expect(logged).toContainEqual(expect.stringContaining('no room elsewhere'));
  });
});

describe('a leak (I18)', () => {
  const URGENT = { reason: 'leaked', candidate: 'minted', emergency: true } as const;

  test('is open from the commit that makes an emergency of an ordinary rotation', async () => {
    const { ports, order, vault, secret, write, logged } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 1 } });
    await write(inFlight({ phase: 'minted', held: true, why: 'no permission' }));
    const records: unknown[] = [];
    const commit: Vault['commit'] = async (read, change) => {
      records.push(change.annotations);
      return vault.commit(read, change);
    };
    await start({ ...ports, vault: { ...vault, commit } }, { ...order(), asked: URGENT }, unseen);
    expect(records[0]).toMatchObject({
      [ROTATION_ANNOTATION]: expect.stringContaining('"emergency":true'),
      [LEAKS_ANNOTATION]: expect.stringContaining('"version":1'),
    });
    expect(logged).toEqual([]);
  });

  test('stays open, and is told as critical, where the emergency is given up', async () => {
    const { ports, order, vault, secret, write, announced } = await rotationStage();
    await write(inFlight({ phase: 'abandoned', emergency: true, to: undefined, why: 'the new key was refused' }));
    await drive(ports, order(), unseen);
    expect(announced.at(-1)).toMatchObject({
      type: 'rotation.abandoned',
      leavesLeak: true,
      step: 'The leaked key is alive. Mend what it says, then replace it:',
      next: `key-warden rotate --secret ${secret} --emergency`,
    });
    expect(valueOf((await vault.look(secret)).record.leaks)).toMatchObject([{ version: 1, told: 0 }]);
  });

  test.each(['drained', 'abandoned'] as const)(
    'holds its rotation at the end where four are open, which is all that there is room for: %s',
    async (phase) => {
      const { ports, order, vault, secret, write, states } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
      const four = [8, 9, 10, 11].map((version) => ({ version, at: NOW, told: 0 }));
      await vault.commit(await vault.look(secret), {
        annotations: changeOf(recordOf({}), { leaks: four }),
        aliases: { current: 2, previous: 1 },
      });
      await write(inFlight({ phase, emergency: true }));
      expect(await drive(ports, order(), unseen)).toMatchObject({
        did: 'held',
        why: expect.stringContaining('the leaked keys of versions 8, 9, 10, 11 are not proven dead'),
      });
      expect(await states()).toEqual(['enabled', 'enabled']);
    },
  );
});

describe('a step that gave a rotation up', () => {
  const moved = (before: Journal, after: Journal) => givenUp({ did: 'moved', by: 'x', before, after, left });

  test('says why, or that somebody wanted it', () => {
    expect(moved(inFlight({ phase: 'abandoned', why: 'refused' }), resting())).toBe('refused');
    expect(moved(inFlight({ phase: 'abandoned' }), resting())).toBe('it was aborted');
  });

  test('is none that completed it, went on, began it, or moved nothing', () => {
    expect(moved(inFlight({ phase: 'drained' }), resting())).toBeUndefined();
    expect(moved(inFlight(), inFlight({ phase: 'verified' }))).toBeUndefined();
    expect(moved(resting(), resting())).toBeUndefined();
    expect(givenUp({ did: 'lost', why: 'x' })).toBeUndefined();
  });
});

describe('a leaked key that is alive when its rotation is over', () => {
  const moved = (before: Journal, after: Journal = resting()) =>
    leakLeft({ did: 'moved', by: 'x', before, after, left });
  const ended = { phase: 'drained', emergency: true } as const;

  test('is told with the reason why nobody deletes it', () => {
    expect(moved(inFlight({ ...ended, fromKeyUnknown: 'it is nobody’s' }))).toBe(
      'the key of version 1 is alive until somebody deletes it: it is nobody’s',
    );
    expect(moved(inFlight(ended))).toContain('where it was made is not known');
  });

  test('is none where the key is known, the rotation goes on, or nothing moved', () => {
    expect(moved(inFlight({ ...ended, emergency: false }))).toBeUndefined();
    expect(moved(inFlight(ended), inFlight(ended))).toBeUndefined();
    expect(moved(resting())).toBeUndefined();
    expect(leakLeft({ did: 'lost', why: 'x' })).toBeUndefined();
  });

  test('is noted beside what was given up, for whoever drives on', () => {
    const ends = { failures: [], leaks: [] };
    const moves: readonly Journal[] = [
      inFlight({ ...ended, fromKeyUnknown: 'it is nobody’s' }),
      inFlight({ phase: 'abandoned', why: 'refused' }),
      inFlight({ phase: 'drained' }),
    ];
    for (const before of moves) noteEnd(ends, { did: 'moved', by: 'x', before, after: resting(), left });
    expect(ends).toEqual({
      failures: ['refused'],
      leaks: ['the key of version 1 is alive until somebody deletes it: it is nobody’s'],
    });
  });
});
