import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { Buffer } from 'node:buffer';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../src/core/settings/settings.ts';
import { callerCheck } from '../../src/edge/process/callers.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { onSecretEvent } from '../../src/functions/on-secret-event.ts';
import { purgeFunction } from '../../src/functions/purge.ts';
import { reconcileFunction } from '../../src/functions/reconcile.ts';
import { rotateFunction } from '../../src/functions/rotate.ts';
import { wireTo, type Wired } from '../../src/wire.ts';
import { STANDARD_KEY } from '../support/fixtures/gemini-answer-parts.ts';
import { RETIRED_ANNOTATION } from '../../src/core/record/ledger.ts';
import { changeOf } from '../../src/core/record/secret-record.ts';
import { valueOf } from '../../src/core/record/part.ts';
import { MINUTE_MS, instantOf, isoOf, plusMs } from '../../src/core/values/time.ts';
import { writeHealth, writeRetired } from '../support/annotations.ts';
import { EPISODE } from '../support/notices.ts';
import { served } from '../support/served.ts';
import { pretendCloud, timeOf } from '../support/cloud.ts';

const AUDIENCE = 'https://rotate.example';
const CALLER = 'release@demo-project.iam.gserviceaccount.com';
/** Each function of a deployment has its own list; here one stands for all that may call, and one may more. */
const PLANS_ONLY = 'pipeline@demo-project.iam.gserviceaccount.com';
const ACCOUNT = 'search-app@demo-project.iam.gserviceaccount.com';
const SILENCES = `projects/${SHOWCASE_PROJECT}/secrets/silences`;
const SEARCH = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;

let cloud: PretendCloud;
let wired: Wired;
let lines: string[] = [];

beforeEach(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'silences', labels: {}, payloads: [] });
  lines = [];
  const reading = readSettings(
    {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      KEY_WARDEN_KEY_SERVICE_ACCOUNT: ACCOUNT,
      KEY_WARDEN_AUDIENCE: AUDIENCE,
      KEY_WARDEN_CALLERS: `${CALLER},${PLANS_ONLY}`,
      KEY_WARDEN_EMERGENCY_CALLERS: CALLER,
      KEY_WARDEN_SILENCES: SILENCES,
    },
    { project: true, callers: true },
  );
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  wired = wireTo(
    structuredLog((line) => lines.push(line)),
    timeOf(cloud),
  )(settings);
  const { secretPolicy, concurrency, budgetSeconds, runEveryMinutes, rotationsMax, sharedKeyMinutesMin } = settings;
  const callers = callerCheck(settings.callers, settings.endpoints.oidc, () => wired.ports.clock.now());
  const scope = { scopes: scopesOf(settings), concurrency, secretPolicy };
  const { ports } = wired;
  http(
    'rotate',
    rotateFunction(ports, { me: 'w', ...scope, silences: SILENCES, budgetSeconds, sharedKeyMinutesMin }, callers),
  );
  http(
    'reconcile',
    reconcileFunction(
      ports,
      { ...scope, budgetSeconds, runEveryMinutes, rotationsMax, me: 'w' },
      { callers, use: undefined },
    ),
  );
  http('purge', purgeFunction(ports, scope, callers));
  cloudEvent('onSecretEvent', onSecretEvent(ports, { me: 'w', secretPolicy, scopes: scope.scopes, rotationsMax }));
});

afterEach(async () => {
  await wired[Symbol.asyncDispose]();
  await cloud.close();
});

async function call(name: string, init: RequestInit = {}, query = '', caller = CALLER) {
  await using worker = await served(name);
  const authorization = `Bearer ${cloud.oidc.idToken(caller, AUDIENCE)}`;
  const answer = await fetch(`${worker.url}/${query}`, {
    method: 'POST',
    ...init,
    headers: { authorization, 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, { id?: string } | undefined> };
}

const post = (name: string, body: object | string) =>
  call(name, { body: typeof body === 'string' ? body : JSON.stringify(body) });
const plantDenied = (pathPattern: RegExp, method = 'GET') =>
  cloud.faults.plant({ method, pathPattern }, 99, {
    act: 'answer',
    reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } } },
  });
const entries = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('rotate', () => {
  test('begins a rotation, says who asked and why, and takes it as far as it goes now', async () => {
    const { status, body } = await post('rotate', { secret: SEARCH, reason: 'quarterly' });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      schema: 'key-warden/rotation/v1',
      outcome: 'begun',
      secret: SEARCH,
      rotation: {
        phase: 'promoted',
        from: 1,
        to: 2,
        reason: 'request',
        note: 'quarterly',
        by: { who: CALLER, is: 'verified' },
      },
      why: 'the old key is kept while consumers take up the new one',
    });
    expect(
      entries().some(({ notice }) =>
        JSON.stringify(notice ?? '').includes(`request: quarterly, asked for by ${CALLER} (verified)`),
      ),
    ).toBe(true);
  });

  test('names the other secrets that serve the key, in the log before it begins and in the answer (I13)', async () => {
    const key = cloud.keyring.all().find(({ displayName }) => displayName === 'search-app')?.keyString ?? '';
    const ads = { project: SHOWCASE_PROJECT, secretId: 'ads', payloads: [key], aliases: { current: 1 } };
    cloud.secrets.seed({ ...ads, labels: { 'key-warden': 'managed' } });
    const { body } = await post('rotate', { secret: SEARCH });
    expect(body).toMatchObject({ outcome: 'begun', holders: [{ secret: expect.stringMatching(/ads$/), version: 1 }] });
    expect(entries()[0]).toMatchObject({
      severity: 'WARNING',
      message: expect.stringMatching(
        /^\S+search-app: the same key serves 1 other secret: \S+ads version 1 \(current\)$/,
      ),
    });
  });

  describe('with allHolders', () => {
    const seedHolder = (secretId: string, payload: (key: string) => string = (key) => key) => {
      const key = cloud.keyring.all().find(({ displayName }) => displayName === 'search-app')?.keyString ?? '';
      const labels = { 'key-warden': 'managed' };
      cloud.secrets.seed({
        project: SHOWCASE_PROJECT,
        secretId,
        payloads: [payload(key)],
        labels,
        aliases: { current: 1 },
      });
      return () => cloud.keyring.all().find(({ keyString }) => keyString === key)?.deletedAt === undefined;
    };

    test('gives each who serves the key one of its own, and an emergency ends the old one with the last of them (I13)', async () => {
      const isAlive = seedHolder('ads');
      seedHolder('bids', (key) => JSON.stringify({ key }));
      const { status, body } = await post('rotate', { secret: SEARCH, mode: 'emergency', allHolders: true });
      expect([status, body]).toMatchObject([
        202,
        {
          outcome: 'begun',
          rotation: { phase: 'resting' },
          others: [
            { secret: expect.stringMatching(/bids$/), outcome: 'begun', rotation: { phase: 'resting' } },
            { secret: expect.stringMatching(/ads$/), outcome: 'begun', rotation: { phase: 'resting' } },
          ],
        },
      ]);
      expect(isAlive()).toBe(false);
    });

    test('says of each what became of it', async () => {
      seedHolder('ads');
      seedHolder('a-list', (key) => `old: ${key}, and more`);
      await post('rotate', { secret: `projects/${SHOWCASE_PROJECT}/secrets/ads` });
      expect((await post('rotate', { secret: SEARCH, mode: 'emergency', allHolders: true })).body).toMatchObject({
        others: [
          { secret: expect.stringMatching(/a-list$/), why: expect.stringContaining('holds') },
          { secret: expect.stringMatching(/ads$/), outcome: 'hurried', rotation: { phase: 'resting' } },
        ],
      });
    });

    test('begins nothing where its project has no room for that many keys, but an emergency does what it can', async () => {
      seedHolder('ads');
      const alive = cloud.keyring.all().filter(({ deletedAt }) => deletedAt === undefined).length;
      for (let at = alive; at < 298; at += 1)
        cloud.keyring.put(`AI${'za'}${at}`.padEnd(39, 'f'), 'works', { project: SHOWCASE_PROJECT }, cloud.clock.now());
      const asked = { secret: SEARCH, allHolders: true };
      expect(await post('rotate', asked)).toMatchObject({
        status: 422,
        body: {
          error: { message: expect.stringMatching(/^nothing was begun: project \S+ has 298 API keys and 1 that/) },
        },
      });
      expect(await post('rotate', { ...asked, mode: 'emergency' })).toMatchObject({
        status: 202,
        body: { rotation: { phase: 'resting' } },
      });
    });

    test('or a date by which the leaked key goes although others serve it', async () => {
      const isAlive = seedHolder('ads');
      const asked = { secret: SEARCH, mode: 'emergency', atTheLatestMinutes: 45 };
      const { body } = await post('rotate', asked);
      expect(body).toMatchObject({
        rotation: { phase: 'resting' },
        deletion: expect.stringMatching(/keys\/\S+ is deleted from \S+ \S+ UTC on, whoever serves it then$/),
      });
      expect(entries().some(({ notice }) => JSON.stringify(notice ?? '').includes('shared_key_dies'))).toBe(true);
      const dated = cloud.keyring.all().filter(({ annotations }) => 'key-warden-delete-by' in annotations);
      expect([isAlive(), dated.map(({ displayName }) => displayName)]).toEqual([true, ['search-app']]);
    });

    test.each([
      [{ mode: 'emergency', atTheLatestMinutes: 29 }, '30 or more (KEY_WARDEN_SHARED_KEY_MINUTES_MIN)'],
      [{ mode: 'emergency', atTheLatestMinutes: 20_000 }, 'whole number of minutes, 10080 at most'],
      [{ mode: 'emergency', atTheLatestMinutes: '60' }, 'whole number of minutes'],
      [{ atTheLatestMinutes: 60 }, 'atTheLatestMinutes does not go with the mode planned'],
    ])('and no other date: %j', async (fields, why) => {
      expect(await post('rotate', { secret: SEARCH, ...fields })).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining(why) } },
      });
    });

    test('is no word for what is in flight, and is true or false', async () => {
      expect((await post('rotate', { secret: SEARCH, mode: 'abort', allHolders: true })).status).toBe(400);
      expect((await post('rotate', { secret: SEARCH, allHolders: 'yes' })).status).toBe(400);
    });
  });

  test('gives the same rotation for the same request id, and refuses another with 409, who and since when', async () => {
    const first = await post('rotate', { secret: SEARCH, requestId: 'r-1' });
    const again = await post('rotate', { secret: SEARCH, requestId: 'r-1' });
    expect(again).toMatchObject({
      status: 202,
      body: { outcome: 'same', rotation: { id: first.body['rotation']?.id } },
    });
    const other = await post('rotate', { secret: SEARCH, requestId: 'r-2' });
    expect(other).toMatchObject({
      status: 409,
      body: {
        error: { code: 409, message: expect.stringMatching(/rotation kw-\S+ \(request\) is promoted since 20/) },
        rotation: { id: first.body['rotation']?.id, phase: 'promoted' },
      },
    });
    expect(cloud.keyring.all().filter(({ annotations }) => 'key-warden-rotation' in annotations)).toHaveLength(1);
  });

  test('in an emergency goes to the end, and afterwards says that this request was completed', async () => {
    const asked = { secret: SEARCH, mode: 'emergency', requestId: 'r-1' };
    expect(await post('rotate', asked)).toMatchObject({ status: 202, body: { rotation: { phase: 'resting' } } });
    expect(await post('rotate', asked)).toMatchObject({
      status: 202,
      body: { outcome: 'finished', why: expect.stringContaining('this request was completed') },
    });
  });

  test('in an emergency under a policy that cannot be used goes to the end all the same, and says by what it went', async () => {
    const { vault } = wired.ports;
    const policy = { 'key-warden.policy': JSON.stringify({ v: 1, keyKind: 'other' }) };
    await vault.commit(await vault.look(SEARCH), { annotations: policy });
    expect(await post('rotate', { secret: SEARCH })).toMatchObject({ status: 422, body: { notBegun: true } });
    const done = await post('rotate', { secret: SEARCH, mode: 'emergency' });
    expect(done).toMatchObject({
      status: 202,
      body: { rotation: { phase: 'resting' }, why: expect.stringMatching(/^it came to its end; .*keyKind/) },
    });
    expect(entries().map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/goes by what the settings allow, for its own policy cannot be used: .*keyKind/),
    );
  });

  describe('turns a rotation in flight', () => {
    const turn = (mode: string, caller = CALLER) =>
      call('rotate', { body: JSON.stringify({ secret: SEARCH, mode }) }, '', caller);
    const steeredIn = async () => (await call('rotate', { method: 'GET' }, `?secret=${SEARCH}`)).body['rotation'];

    test('back to the key before, and says who asked, by a verified email', async () => {
      await post('rotate', { secret: SEARCH });
      expect(await turn('rollback', PLANS_ONLY)).toMatchObject({ status: 202, body: { outcome: 'noted' } });
      const told = entries().flatMap(({ notice }) => (notice === undefined ? [] : [notice]));
      expect(told.at(-1)).toMatchObject({
        type: 'rotation.abandoned',
        by: { who: CALLER, is: 'verified' },
        steered: { to: 'rollback', by: { who: PLANS_ONLY, is: 'verified' } },
      });
    });

    test('gives up what cannot go on, and lets go on what is held', async () => {
      plantDenied(/:addVersion/, 'POST');
      await post('rotate', { secret: SEARCH });
      expect(await turn('resume')).toMatchObject({ status: 202, body: { rotation: { held: true, holds: 2 } } });
      expect(await steeredIn()).toMatchObject({ steered: { to: 'resume', by: { who: CALLER, is: 'verified' } } });
      const given = await turn('abort');
      expect(given).toMatchObject({ status: 202, body: { givenUp: true, why: 'a person asked for abort' } });
    });

    test('from rest back to no key that leaked, and says so to nobody but the callers of emergencies (I14)', async () => {
      await post('rotate', { secret: SEARCH, mode: 'emergency' });
      expect(await turn('rollback', PLANS_ONLY)).toMatchObject({
        status: 403,
        body: { error: { message: expect.stringContaining('nobody goes back to a key that leaked') } },
      });
      const leaked = expect.stringContaining('the earlier key leaked, so nobody goes back to it');
      expect(await turn('rollback')).toMatchObject({ status: 409, body: { error: { message: leaked } } });
    });

    test('and lets an emergency go on for whoever may rotate, but not end', async () => {
      plantDenied(/:addVersion/, 'POST');
      await post('rotate', { secret: SEARCH, mode: 'emergency' });
      expect(await turn('abort', PLANS_ONLY)).toMatchObject({ status: 403 });
      expect(await turn('resume', PLANS_ONLY)).toMatchObject({ status: 202 });
    });

    test.each(['abort', 'resume', 'rollback', 'cut-off-users'])('or says why not: %s', async (mode) => {
      const { status, body } = await turn(mode);
      expect({ status, body }).toMatchObject({
        status: 409,
        body: { error: { message: expect.stringMatching(/no rotation is in flight/) } },
      });
    });

    test('and cuts users off for nobody but the callers of emergencies', async () => {
      await post('rotate', { secret: SEARCH });
      expect(await turn('cut-off-users', PLANS_ONLY)).toMatchObject({ status: 403 });
      expect(await turn('cut-off-users')).toMatchObject({ status: 409 });
    });
  });

  test('revokes a key by its uid, which it tells before (I18)', async () => {
    const asked = { secret: SEARCH, mode: 'revoke' };
    const { status, body } = await post('rotate', asked);
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: 'would_delete', doomed: [{ version: 1, readAs: 'current' }] });
    const [{ uid }] = (body as unknown as { doomed: [{ uid: string }] }).doomed;
    expect(await post('rotate', { ...asked, confirm: uid, dryRun: true })).toMatchObject({
      body: { outcome: 'would_delete' },
    });
    expect(await post('rotate', { ...asked, confirm: uid })).toMatchObject({
      status: 200,
      body: { schema: 'key-warden/revocation/v1', secret: SEARCH, outcome: 'deleted' },
    });
    expect(lines.join('\n')).toMatch(/is deleted next, whoever reads it/);
    expect(await post('rotate', { ...asked, confirm: uid })).toMatchObject({ status: 422 });
  });

  describe('asks who may what', () => {
    const ASKS = {
      'see what is on record': [{ method: 'GET' }, `?secret=${SEARCH}`],
      rotate: [{ body: JSON.stringify({ secret: SEARCH }) }, ''],
      'rehearse an emergency': [{ body: JSON.stringify({ secret: SEARCH, mode: 'emergency', dryRun: true }) }, ''],
      'see what could be revoked': [{ body: JSON.stringify({ secret: SEARCH, mode: 'revoke' }) }, ''],
      'revoke a key': [{ body: JSON.stringify({ secret: SEARCH, mode: 'revoke', confirm: 'x' }) }, ''],
      'end a key without a drain': [{ body: JSON.stringify({ secret: SEARCH, mode: 'emergency' }) }, ''],
    } as const;

    test.each([
      [CALLER, 'see what is on record', 200],
      [CALLER, 'rotate', 202],
      [CALLER, 'rehearse an emergency', 200],
      [CALLER, 'end a key without a drain', 202],
      [PLANS_ONLY, 'see what is on record', 200],
      [PLANS_ONLY, 'rotate', 202],
      [PLANS_ONLY, 'rehearse an emergency', 200],
      [PLANS_ONLY, 'end a key without a drain', 403],
      [PLANS_ONLY, 'see what could be revoked', 200],
      [PLANS_ONLY, 'revoke a key', 403],
      [CALLER, 'revoke a key', 422],
      ['scheduler@demo-project.iam.gserviceaccount.com', 'see what is on record', 403],
      ['scheduler@demo-project.iam.gserviceaccount.com', 'rotate', 403],
      ['scheduler@demo-project.iam.gserviceaccount.com', 'rehearse an emergency', 403],
      ['scheduler@demo-project.iam.gserviceaccount.com', 'end a key without a drain', 403],
    ] as const)('%s wants to %s: %i', async (caller, act, status) => {
      const [init, query] = ASKS[act];
      expect((await call('rotate', init, query, caller)).status).toBe(status);
    });

    test('and a rotation under way is not hurried by a caller who may only plan one', async () => {
      await call('rotate', ASKS.rotate[0], '', PLANS_ONLY);
      const refused = await call('rotate', ASKS['end a key without a drain'][0], '', PLANS_ONLY);
      const why = JSON.stringify(refused.body);
      expect(why).toContain('may rotate, and not in an emergency');
      expect(why).toContain(`with your own rights: key-warden rotate --secret ${SEARCH} --emergency --local`);
      const { body } = await call('rotate', { method: 'GET' }, `?secret=${SEARCH}`);
      expect(body).toMatchObject({ rotation: { phase: 'promoted' } });
    });
  });

  test('says why a rotation was given up', async () => {
    const chat = `projects/${SHOWCASE_PROJECT}/secrets/chat-app`;
    cloud.faults.plant({ service: 'apikeys', method: 'POST' }, 99, {
      act: 'answer',
      reply: { status: 409, body: { error: { code: 409, status: 'ALREADY_EXISTS', message: 'too many keys' } } },
    });
    expect(await post('rotate', { secret: chat })).toMatchObject({
      status: 202,
      body: {
        rotation: { phase: 'resting', failures: 1 },
        givenUp: true,
        why: expect.stringContaining('too many keys'),
      },
    });
  });

  test('in a dry run says every call and begins nothing', async () => {
    expect(await post('rotate', { secret: SEARCH, dryRun: true })).toMatchObject({
      status: 200,
      body: { schema: 'key-warden/rehearsal/v1', outcome: 'completed' },
    });
    expect((await call('rotate', { method: 'GET' }, `?secret=${SEARCH}`)).body).toMatchObject({
      rotation: { phase: 'resting' },
    });
  });

  test('holds a key that other APIs accept too, unless the request says that they may be dropped', async () => {
    const alive = cloud.keyring.all().find(({ displayName }) => displayName === 'search-app');
    const apiTargets = ['generativelanguage.googleapis.com', 'maps-backend.googleapis.com'].map((service) => ({
      service,
    }));
    cloud.keyring.change(alive?.uid ?? '', { restrictions: { apiTargets } }, cloud.clock.now());
    expect(await post('rotate', { secret: SEARCH, dryRun: true })).toMatchObject({ body: { outcome: 'held' } });
    expect(await post('rotate', { secret: SEARCH, dropTargets: true })).toMatchObject({
      status: 202,
      body: { rotation: { phase: 'promoted' } },
    });
  });

  test('shows what is on record', async () => {
    await post('rotate', { secret: SEARCH });
    const { status, body } = await call('rotate', { method: 'GET' }, `?secret=${SEARCH}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      schema: 'key-warden/rotation/v1',
      managed: true,
      aliases: { current: 2, previous: 1 },
      rotation: { phase: 'promoted', act: 'confirm' },
    });
  });

  test.each([
    ['GET', '', undefined, 400, 'name the secret: ?secret=projects/PROJECT/secrets/ID'],
    ['GET', '?secret=projects/demo-project/secrets/ghost', undefined, 404, 'ghost'],
    ['GET', '?secret=projects/elsewhere-1/secrets/search-app', undefined, 422, 'is in none of the projects'],
    ['PUT', '', '{}', 400, 'POST begins or turns a rotation, GET shows one'],
    ['POST', '', '{}', 400, 'secret must be a full name'],
    ['POST', '', '{"secret":"projects/demo-project/secrets/ghost"}', 404, 'ghost'],
  ])('answers %s %s %s with %i', async (method, query, body, status, why) => {
    const answer = await call('rotate', { method, ...(body === undefined ? {} : { body }) }, query);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(why);
  });

  test('refuses a secret that is not under care with 422', async () => {
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'wild', payloads: ['x'] });
    const { status, body } = await post('rotate', { secret: `projects/${SHOWCASE_PROJECT}/secrets/wild` });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('key-warden init --secret');
  });

  test('begins nothing where no single key is held, and says why with 422 (I12)', async () => {
    const labels = { 'key-warden': 'managed' };
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'password', payloads: ['correct-horse'], labels });
    const secret = `projects/${SHOWCASE_PROJECT}/secrets/password`;
    for (const mode of ['planned', 'emergency']) {
      const { status, body } = await post('rotate', { secret, mode });
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toContain('holds nothing that looks like a Gemini key, so it is not rotated');
    }
  });

  test('refuses a stranger', async () => {
    const authorization = `Bearer ${cloud.oidc.idToken('x@demo-project.iam.gserviceaccount.com', AUDIENCE)}`;
    expect((await call('rotate', { body: '{}', headers: { authorization } })).status).toBe(403);
  });

  describe('cares for a secret, so that people need no right to write one', () => {
    const until = isoOf(plusMs(instantOf(Date.now()), 4 * 3_600_000));
    const quiet = { secret: SEARCH, mode: 'silence', until, reason: 'moving, then testing', owner: 'search team' };

    test('which is silenced and heard again, by a verified email that is told (I15)', async () => {
      expect(await post('rotate', { ...quiet, dryRun: true })).toMatchObject({ status: 200, body: { dryRun: true } });
      expect(JSON.stringify(cloud.secrets.snapshot())).not.toContain('key-warden.silence');
      expect(await post('rotate', quiet)).toMatchObject({
        status: 200,
        body: { schema: 'key-warden/silence/v1', outcome: 'silent', until },
      });
      expect(await post('rotate', { secret: SEARCH, mode: 'end-silence' })).toMatchObject({
        body: { outcome: 'ended' },
      });
      const told = entries().flatMap(({ notice }) => (notice === undefined ? [] : [notice]));
      const by = { who: CALLER, is: 'verified' };
      expect(told).toMatchObject([
        { type: 'silence.set', by, owner: 'search team', reason: 'moving, then testing' },
        { type: 'silence.ended', by },
      ]);
    });

    test('unless the silence would have no end', async () => {
      const far = { ...quiet, until: '2999-01-01T00:00:00Z' };
      const { status, body } = await post('rotate', far);
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toMatch(/no silence was set: .*it ends more than 30 days from now/);
    });

    test('or of more than one, in the projects of the settings, where a place for that is set', async () => {
      const { secret: _, ...words } = quiet;
      const soon = new Date(wired.ports.clock.now() + 3_600_000).toISOString();
      const wide = { ...words, until: soon, outages: true, project: SHOWCASE_PROJECT };
      expect(await post('rotate', { ...wide, dryRun: true })).toMatchObject({ status: 200, body: { dryRun: true } });
      expect(await post('rotate', wide)).toMatchObject({
        status: 200,
        body: { schema: 'key-warden/silence/v1', outcome: 'silent', about: { outages: true }, until: soon },
      });
      const end = { mode: 'end-silence', outages: true, project: SHOWCASE_PROJECT };
      expect(await post('rotate', end)).toMatchObject({ status: 200, body: { outcome: 'ended' } });
      expect((await post('rotate', { ...wide, project: 'elsewhere' })).status).toBe(422);
      const far = await post('rotate', { ...wide, until: '2999-01-01T00:00:00Z' });
      expect([far.status, JSON.stringify(far.body)]).toEqual([422, expect.stringContaining('more than 7 days')]);
      const told = entries().flatMap(({ notice }) => (notice === undefined ? [] : [notice]));
      expect(told).toMatchObject([
        { type: 'silence.set', about: 'outages in demo-project', by: { who: CALLER, is: 'verified' } },
        { type: 'silence.ended' },
      ]);
    });

    test('or of which no planned rotation begins, by a verified email, while an emergency passes and says so', async () => {
      const soon = new Date(wired.ports.clock.now() + 3_600_000).toISOString();
      const words = { mode: 'freeze', until: soon, reason: 'year end', owner: 'ops' };
      const wide = { ...words, project: SHOWCASE_PROJECT };
      expect(await post('rotate', { ...wide, dryRun: true })).toMatchObject({ status: 200, body: { dryRun: true } });
      const frozen = await post('rotate', wide);
      expect(frozen).toMatchObject({
        status: 200,
        body: { schema: 'key-warden/freeze/v1', outcome: 'frozen', freeze: { about: 'all secrets of demo-project' } },
      });
      const refused = await post('rotate', { secret: SEARCH });
      expect([refused.status, JSON.stringify(refused.body)]).toEqual([
        422,
        expect.stringMatching(
          /it waits: ops froze all secrets of demo-project until .*: year end; the next one may begin/,
        ),
      ]);
      expect(await post('rotate', { secret: SEARCH, ...words })).toMatchObject({ body: { outcome: 'frozen' } });
      expect(await post('rotate', { mode: 'unfreeze', project: SHOWCASE_PROJECT })).toMatchObject({
        status: 200,
        body: { outcome: 'lifted' },
      });
      expect(await post('rotate', { mode: 'unfreeze', everything: true })).toMatchObject({ body: { outcome: 'none' } });
      const far = await post('rotate', { ...wide, until: '2999-01-01T00:00:00Z' });
      expect([far.status, JSON.stringify(far.body)]).toEqual([422, expect.stringContaining('nothing was frozen: ')]);
      const elsewhere = await post('rotate', { mode: 'unfreeze', project: 'elsewhere' });
      expect([elsewhere.status, JSON.stringify(elsewhere.body)]).toEqual([
        422,
        expect.stringContaining('none was lifted: '),
      ]);
      const told = entries().flatMap(({ notice }) => (notice === undefined ? [] : [notice]));
      expect(told).toMatchObject([
        { type: 'freeze.set', by: { who: CALLER, is: 'verified' } },
        { type: 'freeze.set' },
        { type: 'freeze.ended' },
      ]);
    });

    test('which is taken under care and let go again, however its key fares', async () => {
      const key = cloud.keyring.all().find(({ displayName }) => displayName === 'search-app')?.keyString ?? '';
      for (const [secretId, payload] of [
        ['new-app', key],
        ['password', 'hunter2 and more'],
      ] as const)
        cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads: [payload] });
      const care = (mode: string, id: string, more: object = {}) =>
        post('rotate', { secret: `projects/${SHOWCASE_PROJECT}/secrets/${id}`, mode, ...more });
      expect(await care('init', 'new-app', { dryRun: true })).toMatchObject({
        body: { adoption: { outcome: 'would_adopt' } },
      });
      expect(await care('init', 'new-app')).toMatchObject({
        status: 200,
        body: {
          schema: 'key-warden/adoption/v1',
          adoption: { outcome: 'adopted' },
          shared: { holders: [{ secret: expect.stringMatching(/search-app$/) }] },
        },
      });
      expect(await care('init', 'password', { found: true })).toMatchObject({
        body: { adoption: { outcome: 'passed_over' } },
      });
      expect(await care('forget', 'new-app', { removeAliases: true })).toMatchObject({
        status: 200,
        body: { schema: 'key-warden/forgetting/v1', forgotten: { outcome: 'forgotten' } },
      });
      const said = entries().map(({ message }) => message);
      expect(said).toContain(`init asked for by ${CALLER}: adopted`);
      expect(said).toContain(`forget asked for by ${CALLER}: forgotten`);
    });

    test('and tries the alert pipeline, which is about no secret', async () => {
      expect(await post('rotate', { mode: 'alert-test' })).toMatchObject({ status: 200, body: { published: true } });
      expect(entries()[0]).toMatchObject({ notice: { type: 'alert.test', askedBy: CALLER } });
    });
  });

  test('takes from a caller what the settings let him choose from, and no more (I17)', async () => {
    const asked = {
      secret: SEARCH,
      keyProject: 'attacker-1',
      serviceAccount: 'evil@attacker-1.iam.gserviceaccount.com',
    };
    const { status, body } = await post('rotate', asked);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/keyProject must be one of demo-project.*keyServiceAccount must be left out/);
    expect(
      await post('rotate', { secret: SEARCH, keyProject: SHOWCASE_PROJECT, serviceAccount: ACCOUNT, standard: true }),
    ).toMatchObject({ status: 202, body: { did: 'wait', leakOpen: false, stillUsed: false } });
  });

  test('writes the key alone over the version that somebody names, where that is asked for (I12)', async () => {
    const labels = { 'key-warden': 'managed' };
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'odd', payloads: ['correct-horse'], labels });
    const secret = `projects/${SHOWCASE_PROJECT}/secrets/odd`;
    expect(await post('rotate', { secret, form: 'bare', replace: 1 })).toMatchObject({
      status: 202,
      body: { rotation: { phase: 'promoted', from: 1, alone: 'bare' } },
    });
  });

  test('says how the rotations ended that there were', async () => {
    const { body } = await post('rotate', { secret: SEARCH, mode: 'emergency' });
    const shown = await call('rotate', { method: 'GET' }, `?secret=${SEARCH}`);
    expect(shown.body).toMatchObject({ ended: [{ outcome: 'completed', at: expect.stringMatching(/Z$/) }] });
    expect(body).toMatchObject({ did: 'rest', givenUp: false });
  });
});

describe('a secret outside of the settings’ projects is left alone (I16)', () => {
  const EVIL = 'projects/attacker-project/secrets/evil';
  beforeEach(() => {
    cloud.secrets.seed({
      project: 'attacker-project',
      secretId: 'evil',
      payloads: [STANDARD_KEY],
      labels: { 'key-warden': 'managed' },
      annotations: { 'key-warden.policy': JSON.stringify({ v: 1, keyProject: SHOWCASE_PROJECT }) },
    });
  });

  test.each(['planned', 'emergency', 'revoke', 'abort', 'resume', 'rollback', 'cut-off-users'])(
    'whatever is asked for: %s',
    async (mode) => {
      const keys = cloud.keyring.all().length;
      const { status, body } = await post('rotate', { secret: EVIL, mode });
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toContain('in none of the projects and locations of the settings');
      expect(cloud.keyring.all()).toHaveLength(keys);
      expect(JSON.stringify(cloud.requests())).not.toContain('attacker-project');
    },
  );
});

test('a key in a reason or in a field’s name is in no annotation, answer, log line or event (I9)', async () => {
  const middle = STANDARD_KEY.slice(6, 30);
  const told = await post('rotate', { secret: SEARCH, reason: `leaked ${STANDARD_KEY}` });
  expect(told.body).toMatchObject({ rotation: { note: 'leaked [redacted key]' } });
  const refused = await post('rotate', { secret: SEARCH, [STANDARD_KEY]: 1 });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('"[redacted key]"') } },
  });
  const written = JSON.stringify([told, refused, lines, cloud.secrets.snapshot(), cloud.requests()]);
  expect(written).not.toContain(middle);
});

describe('reconcile', () => {
  test('goes on with what is in flight, and logs how much that is', async () => {
    await post('rotate', { secret: SEARCH });
    const { status, body } = await post('reconcile', '');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      schema: 'key-warden/reconciliation/v1',
      secrets: 6,
      inFlight: 1,
      held: 0,
      begun: 0,
      rotations: [{ phase: 'promoted', did: 'wait', until: expect.stringMatching(/^20/) }],
      problems: [],
    });
    expect(entries().find(({ reconciled }) => reconciled !== undefined)).toMatchObject({
      severity: 'INFO',
      message: '1 rotations in flight, 0 held, 0 begun',
      reconciled: { secrets: 6, inFlight: 1, held: 0, begun: 0, leaksAlive: 0, leaksLate: 0 },
    });
    expect(body).not.toHaveProperty('liveLeaks');
  });

  test('names the secret of a rotation that waits for a person, and of a leaked key that is not deleted for too long', async () => {
    await post('rotate', { secret: SEARCH });
    const { vault, clock } = wired.ports;
    const read = await vault.look(SEARCH);
    const journal = valueOf(read.record.rotation);
    if (journal === undefined || journal.phase === 'resting') throw new Error('no rotation is in flight');
    const leaks = [{ version: 1, at: plusMs(clock.now(), -31 * MINUTE_MS), told: 1, toldAt: clock.now() }];
    await vault.commit(read, {
      annotations: changeOf(read.record, { rotation: { ...journal, held: true, why: 'as was said' }, leaks }),
    });
    await post('reconcile', '');
    expect(entries().filter(({ waiting, leakAlive }) => waiting ?? leakAlive)).toMatchObject([
      {
        message: 'a rotation waits for a person: as was said',
        waiting: { phase: 'promoted' },
        'logging.googleapis.com/labels': { secret: read.name },
      },
      {
        message: expect.stringMatching(
          /^the leaked key of version 1 is not deleted, 18\d\d s after it was said to have leaked$/,
        ),
        leakAlive: { version: 1, seconds: expect.any(Number) },
        'logging.googleapis.com/labels': { secret: read.name },
      },
    ]);
    expect(entries().find(({ reconciled }) => reconciled !== undefined)).toMatchObject({
      reconciled: { held: 1, leaksAlive: 1, leaksLate: 1 },
    });
  });

  test('logs what did not go on', async () => {
    await post('rotate', { secret: SEARCH });
    const { vault } = wired.ports;
    const read = await vault.look(SEARCH);
    await vault.commit(read, {
      annotations: {
        'key-warden.rotation':
          read.annotations['key-warden.rotation']?.replace(
            /"notBefore":"[^"]*"/,
            '"notBefore":"2020-01-01T00:00:00Z"',
          ) ?? null,
      },
    });
    plantDenied(/secrets\/search-app$/, 'PATCH');
    expect(await post('reconcile', '')).toMatchObject({ status: 200, body: { rotations: [{ did: 'failed' }] } });
    expect(entries().filter(({ severity }) => severity === 'ERROR')).toMatchObject([
      { message: expect.stringContaining('its rotation stands still: Cannot ') },
      { message: expect.stringContaining('did not go on: Cannot ') },
    ]);
  });

  test('names what could not be listed', async () => {
    plantDenied(/secrets$/);
    expect((await post('reconcile', '')).body['problems']).toHaveLength(1);
    expect(entries().filter(({ severity }) => severity === 'ERROR')).toHaveLength(1);
  });
});

describe('purge', () => {
  test('says in a dry run what would go, then does it', async () => {
    await post('rotate', { secret: SEARCH, mode: 'emergency' });
    expect(await post('purge', { dryRun: true })).toMatchObject({
      status: 200,
      body: { schema: 'key-warden/purge/v1', dryRun: true, purged: [{ version: 1, step: 'wait' }], swept: [] },
    });
    expect((await post('purge', '')).body).toMatchObject({ dryRun: false, counts: { waiting: 1 } });
    expect(entries().filter(({ purged }) => purged !== undefined)).toHaveLength(2);
  });

  test('says what it takes off the list, whose version stays (I16)', async () => {
    const { vault } = wired.ports;
    const retired = writeRetired([{ version: 1, at: instantOf(0), rotation: 'kw-0' }]);
    await vault.commit(await vault.look(SEARCH), { annotations: { [RETIRED_ANNOTATION]: retired } });
    expect((await post('purge', { dryRun: true })).body).toMatchObject({ purged: [{ step: 'forget' }] });
    expect((await post('purge', '')).body).toMatchObject({ counts: { done: 1 } });
    expect(entries().filter(({ message }) => String(message).includes('Destroy it by hand'))).toHaveLength(1);
    expect(await vault.lookVersion(SEARCH, 1)).toMatchObject({ state: 'enabled' });
  });

  test('of named secrets is of these alone, and of none outside (I16)', async () => {
    await post('rotate', { secret: SEARCH, mode: 'emergency' });
    const chat = `projects/${SHOWCASE_PROJECT}/secrets/chat-app`;
    expect(await post('purge', { secrets: [chat] })).toMatchObject({ status: 200, body: { secrets: 1, purged: [] } });
    expect(await post('purge', { secrets: [SEARCH], dryRun: true })).toMatchObject({
      body: { purged: [{ version: 1 }] },
    });
    expect(entries().findLast(({ purged }) => purged !== undefined)).toMatchObject({ caller: CALLER });
    expect((await post('purge', { secrets: [chat, 'projects/attacker-1/secrets/x'] })).status).toBe(422);
  });

  test.each(['[]', '{"dryRun":1}', '{"dryRun":true,"x":1}', '{"secrets":[]}', '{"secrets":["x"]}'])(
    'does not understand %s',
    async (body) => {
      expect((await post('purge', body)).status).toBe(400);
    },
  );
});

describe('onSecretEvent', () => {
  const deliver = async (attributes: Record<string, string>, told: object = {}) => {
    await using worker = await served('onSecretEvent');
    const data = Buffer.from(JSON.stringify(told)).toString('base64');
    const event = { message: { attributes, data }, subscription: 's' };
    const answer = await fetch(worker.url, {
      method: 'POST',
      body: JSON.stringify(event),
      headers: {
        'content-type': 'application/json',
        'ce-id': '1',
        'ce-source': '//pubsub.googleapis.com/projects/p/topics/t',
        'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
        'ce-specversion': '1.0',
      },
    });
    return answer.status;
  };
  const due = { eventType: 'SECRET_ROTATE', secretId: SEARCH, timestamp: new Date(1_700_000_000_000).toISOString() };

  test('begins what is due, once', async () => {
    expect(await deliver(due)).toBe(204);
    expect(await deliver(due)).toBe(204);
    expect(cloud.keyring.all().filter(({ annotations }) => 'key-warden-rotation' in annotations)).toHaveLength(1);
  });

  test('of a secret that is gone closes an incident of that one, and of no other (I16)', async () => {
    const timestamp = new Date(1_700_000_000_000).toISOString();
    const ghost = 'projects/999999999999/secrets/ghost';
    const health = writeHealth({ is: 'sick', episodes: 1, episode: EPISODE });
    const gone = { eventType: 'SECRET_DELETE', secretId: ghost, timestamp };
    expect(await deliver(gone, { annotations: { 'key-warden.health': health } })).toBe(204);
    expect(entries()).toContainEqual(
      expect.objectContaining({ notice: expect.objectContaining({ type: 'key.unwatched', secret: ghost }) }),
    );
    expect(await deliver({ ...gone, secretId: SEARCH }, { annotations: { 'key-warden.health': health } })).toBe(204);
    expect(entries().filter(({ notice }) => notice !== undefined)).toHaveLength(1);
    const byId = { ...gone, secretId: 'projects/attacker/secrets/ghost' };
    expect(await deliver(byId, { annotations: { 'key-warden.health': health } })).toBe(204);
    expect(entries().filter(({ notice }) => notice !== undefined)).toHaveLength(1);
    expect(cloud.requests().filter(({ path }) => /999999999999|attacker/.test(path))).toEqual([]);
  });

  test('of a write puts an alias back that somebody took away, once, and says nothing of our own writes', async () => {
    const written = { ...due, eventType: 'SECRET_UPDATE' };
    const annotations = { 'key-warden.current': '{"v":1,"version":1}' };
    const secret = { name: SEARCH, annotations, versionAliases: {} };
    cloud.secrets.call('updateSecret', {}, { secret, updateMask: 'annotations,version_aliases' });
    expect(await deliver(written)).toBe(204);
    expect(cloud.secrets.call('getSecret', {}, { name: SEARCH })['versionAliases']).toEqual({ current: '1' });
    expect(entries().filter(({ notice }) => notice !== undefined)).toMatchObject([
      { notice: { type: 'secret.warning', because: 'current_removed' } },
    ]);
    const before = cloud.requests().length;
    expect(await deliver(written)).toBe(204);
    const paths = cloud.requests().slice(before);
    expect(paths.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(entries().filter(({ notice }) => notice !== undefined)).toHaveLength(1);
  });

  test('acknowledges what it does not understand, with a warning', async () => {
    expect(await deliver({ eventType: 'ODD' })).toBe(204);
    expect(entries().at(-1)).toMatchObject({ severity: 'WARNING' });
  });

  test('has an event delivered again while Google is out of reach', async () => {
    plantDenied(/secrets/);
    expect(await deliver(due)).toBe(500);
    expect(entries().at(-1)).toMatchObject({
      severity: 'WARNING',
      message: expect.stringContaining('delivered again'),
    });
  });
});
