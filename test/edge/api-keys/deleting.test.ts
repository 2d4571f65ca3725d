import { describe, expect, test } from '@jest/globals';
import * as api from '../../support/scripted-issuer.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';

describe('deleting', () => {
  const USED = refusal(400, 'FAILED_PRECONDITION', 'In use.');

  test.each([
    [true, 'CHECK'],
    [false, 'SKIP'],
  ])('unless used: %s is checkExistingUsage=%s, and no etag', async (unlessUsed, checkExistingUsage) => {
    const { outcome, heard } = await api.issuing([api.done(api.keyBody())], (issuer) =>
      issuer.delete(api.NAME, unlessUsed),
    );
    expect(outcome).toBeUndefined();
    expect(heard).toMatchObject([{ method: 'DELETE', path: `/v2/${api.NAME}`, query: { checkExistingUsage } }]);
    expect(Object.keys(heard[0]?.query ?? {})).toEqual(['checkExistingUsage']);
  });

  test('of a key in use is the wrong state, and what to do is said', async () => {
    const { outcome } = await api.issuing([USED, { body: api.keyBody() }], (issuer) => issuer.delete(api.NAME, true));
    expect(outcome).toMatchObject({
      code: 'wrong_state',
      message:
        'Cannot delete the key kw-1 of project 1: Google says "In use." ' +
        'Find out who still uses it; it can go when it was not used for 7 days.',
    });
  });

  test('without the check says nothing of use', async () => {
    const { outcome } = await api.issuing([USED, { body: api.keyBody() }], (issuer) => issuer.delete(api.NAME, false));
    expect(outcome).toMatchObject({ code: 'wrong_state', message: expect.stringMatching(/"In use\."$/) });
  });

  test('whose operation fails later is refused', async () => {
    const script = [api.running, api.failed(9, 'In use.'), { body: api.keyBody() }];
    const { outcome } = await api.issuing(script, (issuer) => issuer.delete(api.NAME, true));
    expect(outcome).toMatchObject({ code: 'wrong_state' });
  });

  test('what is gone is not found', async () => {
    const { outcome } = await api.issuing([api.GONE, api.GONE], (issuer) => issuer.delete(api.NAME, false));
    expect(outcome).toMatchObject({ code: 'not_found', message: expect.stringContaining('Check the name') });
  });

  test.each<[string, Line]>([
    ['a page of a proxy', { status: 404, body: '<html>' }],
    ['a busy Google', api.BUSY],
  ])('never takes %s for a deletion', async (_, line) => {
    const { outcome } = await api.issuing(
      [line, line, { body: api.keyBody() }],
      (issuer) => issuer.delete(api.NAME, false),
      {
        writes: api.TWICE,
      },
    );
    expect(outcome).toMatchObject({ code: 'unavailable' });
  });

  test('is done when the key is found deleted, whatever was answered', async () => {
    const deleted = { body: api.keyBody({ deleteTime: api.DELETED }) };
    for (const refused of [api.GONE, USED]) {
      const { outcome } = await api.issuing([refused, deleted], (issuer) => issuer.delete(api.NAME, true));
      expect(outcome).toBeUndefined();
    }
  });
});

describe('undeleting', () => {
  test('posts and gives the key as it is then', async () => {
    const { outcome, heard } = await api.issuing([api.running, api.done(api.keyBody())], (issuer) =>
      issuer.undelete(api.NAME),
    );
    expect(outcome).toMatchObject({ uid: api.UID });
    expect(heard[0]).toMatchObject({ method: 'POST', path: `/v2/${api.NAME}:undelete`, body: {} });
    expect(heard[1]).toMatchObject({ method: 'GET', path: `/v2/${api.OPERATION}` });
  });

  test('that is refused while the key stays deleted is the wrong state', async () => {
    const refused = refusal(400, 'FAILED_PRECONDITION', 'No.');
    const deleted = { body: api.keyBody({ deleteTime: api.DELETED }) };
    const { outcome } = await api.issuing([refused, deleted], (issuer) => issuer.undelete(api.NAME));
    expect(outcome).toMatchObject({ code: 'wrong_state' });
  });
});
