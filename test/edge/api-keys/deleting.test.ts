import { describe, expect, test } from '@jest/globals';
import {
  BUSY,
  DELETED,
  done,
  failed,
  GONE,
  issuing,
  keyBody,
  NAME,
  OPERATION,
  running,
  TWICE,
  UID,
} from '../../support/scripted-issuer.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';

describe('deleting', () => {
  const USED = refusal(400, 'FAILED_PRECONDITION', 'In use.');

  test.each([
    [true, 'CHECK'],
    [false, 'SKIP'],
  ])('unless used: %s is checkExistingUsage=%s, and no etag', async (unlessUsed, checkExistingUsage) => {
    const { outcome, heard } = await issuing([done(keyBody())], (issuer) => issuer.delete(NAME, unlessUsed));
    expect(outcome).toBeUndefined();
    expect(heard).toMatchObject([{ method: 'DELETE', path: `/v2/${NAME}`, query: { checkExistingUsage } }]);
    expect(Object.keys(heard[0]?.query ?? {})).toEqual(['checkExistingUsage']);
  });

  test('of a key in use is the wrong state, and what to do is said', async () => {
    const { outcome } = await issuing([USED, { body: keyBody() }], (issuer) => issuer.delete(NAME, true));
    expect(outcome).toMatchObject({
      code: 'wrong_state',
      message:
        'Cannot delete the key kw-1 of project 1: Google says "In use." ' +
        'Find out who still uses it; it can go when it was not used for 7 days.',
    });
  });

  test('without the check says nothing of use', async () => {
    const { outcome } = await issuing([USED, { body: keyBody() }], (issuer) => issuer.delete(NAME, false));
    expect(outcome).toMatchObject({ code: 'wrong_state', message: expect.stringMatching(/"In use\."$/) });
  });

  test('whose operation fails later is refused', async () => {
    const script = [running, failed(9, 'In use.'), { body: keyBody() }];
    const { outcome } = await issuing(script, (issuer) => issuer.delete(NAME, true));
    expect(outcome).toMatchObject({ code: 'wrong_state' });
  });

  test('what is gone is not found', async () => {
    const { outcome } = await issuing([GONE, GONE], (issuer) => issuer.delete(NAME, false));
    expect(outcome).toMatchObject({ code: 'not_found', message: expect.stringContaining('Check the name') });
  });

  test.each<[string, Line]>([
    ['a page of a proxy', { status: 404, body: '<html>' }],
    ['a busy Google', BUSY],
  ])('never takes %s for a deletion', async (_, line) => {
    const { outcome } = await issuing([line, line, { body: keyBody() }], (issuer) => issuer.delete(NAME, false), {
      writes: TWICE,
    });
    expect(outcome).toMatchObject({ code: 'unavailable' });
  });

  test('is done when the key is found deleted, whatever was answered', async () => {
    const deleted = { body: keyBody({ deleteTime: DELETED }) };
    for (const refused of [GONE, USED]) {
      const { outcome } = await issuing([refused, deleted], (issuer) => issuer.delete(NAME, true));
      expect(outcome).toBeUndefined();
    }
  });
});

describe('undeleting', () => {
  test('posts and gives the key as it is then', async () => {
    const { outcome, heard } = await issuing([running, done(keyBody())], (issuer) => issuer.undelete(NAME));
    expect(outcome).toMatchObject({ uid: UID });
    expect(heard[0]).toMatchObject({ method: 'POST', path: `/v2/${NAME}:undelete`, body: {} });
    expect(heard[1]).toMatchObject({ method: 'GET', path: `/v2/${OPERATION}` });
  });

  test('that is refused while the key stays deleted is the wrong state', async () => {
    const refused = refusal(400, 'FAILED_PRECONDITION', 'No.');
    const deleted = { body: keyBody({ deleteTime: DELETED }) };
    const { outcome } = await issuing([refused, deleted], (issuer) => issuer.undelete(NAME));
    expect(outcome).toMatchObject({ code: 'wrong_state' });
  });
});
