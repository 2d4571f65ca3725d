import { describe, expect, test } from '@jest/globals';
import type { MintOrder } from '../../../src/app/ports/ports.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import * as api from '../../support/scripted-issuer.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';

const TAKEN = refusal(409, 'ALREADY_EXISTS', 'Requested entity already exists');
const ORDER: MintOrder = {
  project: 'demo-project',
  keyId: 'kw-1',
  displayName: 'gemini',
  restrictions: { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] },
  serviceAccountEmail: 'caller@demo-project.iam.gserviceaccount.com',
  annotations: { 'key-warden-rotation': 'kw-1' },
};

const OURS = api.keyBody({ annotations: ORDER.annotations });

describe('minting', () => {
  test('sends the id, the restrictions as they are, and the account that Google’s client library drops', async () => {
    const { outcome, heard } = await api.issuing([api.done(OURS)], (issuer) => issuer.mint(ORDER));
    expect(outcome).toMatchObject({ name: api.NAME, uid: api.UID });
    const { project: _, keyId, ...body } = ORDER;
    const path = '/v2/projects/demo-project/locations/global/keys';
    expect(heard).toMatchObject([{ method: 'POST', path, query: { keyId } }]);
    expect(heard[0]?.body).toEqual(body);
  });

  test('without an account leaves the field out', async () => {
    const { serviceAccountEmail: _, ...unbound } = ORDER;
    const { heard } = await api.issuing([api.done(OURS)], (issuer) => issuer.mint(unbound));
    expect(heard[0]?.body).not.toHaveProperty('serviceAccountEmail');
  });

  test('polls the operation until it is done, through errors, at growing intervals', async () => {
    const script = [api.running, api.running, api.BUSY, 'lose', api.running, api.done(OURS)] as const;
    const { outcome, heard, slept } = await api.issuing(script, (issuer) => issuer.mint(ORDER));
    expect(outcome).toMatchObject({ uid: api.UID });
    expect(heard.slice(1).map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array.from({ length: 5 }, () => `GET /v2/${api.OPERATION}`),
    );
    expect(slept).toEqual([250, 500, 1000, 2000, 2000]);
  });

  test('gives up on an operation that never ends, and answers the key if it is there all the same', async () => {
    const script = [...Array.from({ length: 8 }, () => api.running), { body: OURS }];
    const { outcome, heard } = await api.issuing(script, (issuer) => issuer.mint(ORDER));
    expect(outcome).toMatchObject({ uid: api.UID });
    expect(heard.at(-1)?.path).toBe(`/v2/projects/demo-project/locations/global/keys/kw-1`);
  });

  test('is a timeout when the operation never ends and the key is not there', async () => {
    const { outcome } = await api.issuing([api.running, api.running, api.GONE], (issuer) => issuer.mint(ORDER), {
      polls: api.TWICE,
    });
    expect(outcome).toMatchObject({ code: 'timeout' });
  });

  test.each<[string, Line]>([
    ['has no name', { body: { done: true, response: OURS } }],
    ['has a name that is no operation', { body: { name: 'projects/1', done: true, response: OURS } }],
    ['ends without a key', api.done(undefined)],
  ])('looks for its key when the operation %s', async (_, line) => {
    const { outcome, heard } = await api.issuing([line, { body: OURS }], (issuer) => issuer.mint(ORDER));
    expect(outcome).toMatchObject({ uid: api.UID });
    expect(heard.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  test('may lack the permission to see the operation: the key shows what became of it', async () => {
    const denied = refusal(403, 'PERMISSION_DENIED', 'serviceusage.operations.get');
    const seen = await api.issuing([api.running, denied, { body: OURS }], (issuer) => issuer.mint(ORDER));
    expect(seen.outcome).toMatchObject({ uid: api.UID });
    const unseen = await api.issuing([api.running, denied, api.GONE], (issuer) => issuer.mint(ORDER));
    expect(unseen.outcome).toMatchObject({
      code: 'denied',
      message: expect.stringContaining(
        'Cannot see what became of the change to kw-1 of project demo-project: Google says "serviceusage.operations.get" ' +
          'Grant serviceusage.operations.get on it, for example with roles/serviceusage.apiKeysAdmin.',
      ),
    });
  });

  test.each([
    [6, 'exists'],
    [8, 'limited'],
    [9, 'invalid'],
  ])('an operation that failed with code %d is a refusal: %s', async (number, code) => {
    const { outcome } = await api.issuing([api.failed(number, 'No.'), api.GONE], (issuer) => issuer.mint(ORDER));
    expect(outcome).toMatchObject({ code, message: expect.stringContaining('Google says "No."') });
  });

  test('under a taken id answers the key that bears the order’s annotations, whatever the refusal’s code', async () => {
    for (const refused of [TAKEN, refusal(400, 'INVALID_ARGUMENT', 'x'), refusal(400, 'FAILED_PRECONDITION', 'x')]) {
      const { outcome } = await api.issuing([refused, { body: OURS }], (issuer) => issuer.mint(ORDER));
      expect(outcome).toMatchObject({ uid: api.UID });
    }
  });

  test('under the id of somebody else’s key says so and what to do', async () => {
    const { outcome } = await api.issuing([TAKEN, { body: api.keyBody() }], (issuer) => issuer.mint(ORDER));
    expect(outcome).toMatchObject({
      code: 'exists',
      message:
        'Cannot mint the key kw-1 of project demo-project: a key of that id is there already, without the annotations ' +
        'of this one, so somebody else made it. It was left alone; mint under another id.',
    });
  });

  test('under the id of a deleted key says when it was deleted and what to do', async () => {
    const deleted = { body: { ...OURS, deleteTime: api.DELETED } };
    const { outcome } = await api.issuing([TAKEN, deleted], (issuer) => issuer.mint(ORDER));
    expect(outcome).toMatchObject({
      code: 'exists',
      message:
        'Cannot mint the key kw-1 of project demo-project: a key of that id was deleted at 2026-11-20 10:00 UTC, ' +
        'and ids are not free again for 30 days. Undelete it if it is wanted, or mint under another id.',
    });
  });

  test('at the limit says what counts', async () => {
    const full = refusal(429, 'RESOURCE_EXHAUSTED', 'Too many keys.');
    const { outcome } = await api.issuing([full, full, api.GONE], (issuer) => issuer.mint(ORDER), {
      writes: api.TWICE,
    });
    expect(outcome).toMatchObject({
      code: 'limited',
      message:
        'Cannot mint the key kw-1 of project demo-project: Google says "Too many keys." Either there were too many ' +
        'calls, or the project has its 300 keys, where deleted ones may count for 30 days. Wait a minute, then delete ' +
        'keys that nobody uses.',
    });
  });

  test('is repeated while Google is busy, but not once its lease could be over', async () => {
    const patient = await api.issuing([api.BUSY, api.BUSY, api.BUSY, api.done(OURS)], (issuer) => issuer.mint(ORDER));
    expect(patient.outcome).toMatchObject({ uid: api.UID });
    let moment = instantOf(0);
    const clock = { now: () => (moment = plusMs(moment, 4_000)), sleep: () => Promise.resolve() };
    const late = await api.issuing([api.BUSY, api.GONE], (issuer) => issuer.mint(ORDER), { clock });
    expect(late.outcome).toMatchObject({ code: 'unavailable' });
    expect(late.heard.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  test('keeps its own refusal when looking shows nothing', async () => {
    const { outcome } = await api.issuing([TAKEN, refusal(403, 'PERMISSION_DENIED', 'x')], (issuer) =>
      issuer.mint(ORDER),
    );
    expect(outcome).toMatchObject({ code: 'exists', message: expect.stringContaining('already exists') });
  });
});
