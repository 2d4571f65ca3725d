import { describe, expect, test } from '@jest/globals';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { reportedOf, reportedOfNobody, type Holder } from '../../../src/core/alerts/leak-notice.ts';
import { severityOf } from '../../../src/core/alerts/notice.ts';
import { ORIGIN, SECRET } from '../../support/notices.ts';

const REPORTED = { source: 'gitguardian', report: '9f3c2a17b0d4e586' } as const;
const HOLDER: Holder = {
  secret: SECRET,
  project: 'demo-project',
  version: 3,
  readAs: ['current', 'latest'],
  keyKind: 'auth',
};
const LOOKED = { secrets: 2, versions: 5, disabled: 0, notLooked: 0 };

describe('a reported key of a secret', () => {
  test('that consumers read is replaced at once', () => {
    expect(reportedOf(REPORTED, HOLDER)).toMatchObject({
      why: 'GitGuardian reports that its key leaked; consumers read it as current, latest',
      next: 'key-warden rotate --secret projects/demo-project/secrets/app-key --emergency',
    });
  });

  test('says what became of the emergency that it asked for, and what to do then', () => {
    const begun = { is: 'begun', why: 'on its way', rotation: 'kw-1' } as const;
    const notice = reportedOf(REPORTED, HOLDER, begun);
    expect(notice).toMatchObject({
      why: expect.stringMatching(/; the emergency is begun \(kw-1\): on its way$/),
      next: 'key-warden status --secret projects/demo-project/secrets/app-key',
    });
    expect(eventOf(notice, ORIGIN).data.detail).toMatchObject({ emergency: 'begun', rotation: 'kw-1' });
    expect(reportedOf(REPORTED, HOLDER, { is: 'refused', why: 'no' })).toMatchObject({
      why: expect.stringMatching(/; no emergency is begun: no$/),
      next: 'key-warden rotate --secret projects/demo-project/secrets/app-key --emergency',
    });
  });

  test('that nobody reads is deleted', () => {
    expect(reportedOf({ ...REPORTED, where: 'https://a.example/1' }, { ...HOLDER, readAs: [] })).toMatchObject({
      why: 'GitGuardian (https://a.example/1) reports that its key leaked; no name leads to the version any more',
      next: 'key-warden revoke --secret projects/demo-project/secrets/app-key',
    });
  });
});

describe('a reported key of nobody', () => {
  test('is less grave, and is no secret’s incident', () => {
    const notice = reportedOfNobody(REPORTED, undefined);
    expect([severityOf(notice), severityOf(reportedOf(REPORTED, HOLDER))]).toEqual(['error', 'critical']);
    const { subject, data } = eventOf(notice, ORIGIN);
    expect([subject, data.headline, data.who]).toEqual([
      'fleet',
      'key is reported as leaked',
      'whose key it is, is not known',
    ]);
    expect(data.thread).toBe(`${ORIGIN.source}/leak-reports/${REPORTED.report}`);
    expect(data.detail).toEqual({ by: 'gitguardian', report: REPORTED.report });
  });

  test('says that it was not looked up, or how far it was', () => {
    expect(reportedOfNobody(REPORTED, undefined).why).toContain('does not hand it over');
    expect(reportedOfNobody(REPORTED, LOOKED).why).toMatch(/holds: 5 versions of 2 secrets were read$/);
    expect(reportedOfNobody(REPORTED, { ...LOOKED, disabled: 1, notLooked: 2 }).why).toMatch(
      /5 versions of 2 secrets were read, 1 disabled one not, and 2 places could not be looked at$/,
    );
  });

  test('says how to look for it with the key', () => {
    for (const looked of [undefined, LOOKED]) {
      const { step, next } = reportedOfNobody(REPORTED, looked);
      expect(next).toBeUndefined();
      expect(step).toContain('key-warden find --from-stdin');
    }
  });
});
