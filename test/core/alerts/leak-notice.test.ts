import { describe, expect, test } from '@jest/globals';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { actsOf, incidentSteps } from '../../../src/core/alerts/channels/incident.ts';
import { reportedOf, reportedOfNobody, reportedRetired, type Holder } from '../../../src/core/alerts/leak-notice.ts';
import { severityOf } from '../../../src/core/alerts/notice.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { NOTICES, ORIGIN, SECRET } from '../../support/notices.ts';

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

describe('a reported key that a secret has retired', () => {
  const BY = { secret: SECRET, project: 'demo-project', why: 'a key that was retired here' };

  test('needs nothing once every old key is deleted', () => {
    const notice = reportedRetired(REPORTED, { ...BY, undeleted: [] });
    expect(notice).toMatchObject({
      why: 'GitGuardian reports a key that was retired here; every old key on record is deleted, so there is nothing to do',
      next: 'key-warden status --secret projects/demo-project/secrets/app-key',
    });
    const { data } = eventOf(notice, ORIGIN);
    expect(data.who).toBe('app-key in demo-project (a key that it retired)');
    expect(data.thread).toBe(`${SECRET}/leak-reports/${REPORTED.report}`);
    expect(data.detail).toMatchObject({ retired: 'deleted' });
    expect(actsOf(data)).toEqual(['change']);
  });

  test('is perhaps alive as long as one is not, or nobody can read which', () => {
    const undeleted = [{ version: 2, at: instantOf(1_800_000_000_000) }];
    const notice = reportedRetired(REPORTED, { ...BY, undeleted });
    expect(notice.why).toMatch(
      /old keys that are not deleted yet: that of version 2 \(since 2027-01-15 08:00 UTC\); it may/,
    );
    expect(actsOf(eventOf(notice, ORIGIN).data)).toEqual(['trigger']);
    const unknown = reportedRetired(REPORTED, { ...BY, undeleted: undefined });
    expect(unknown).toMatchObject({ retired: 'undeleted', why: expect.stringContaining('does not read') });
  });
});

test('the reports of one version are one incident, which ends with its leak', () => {
  const reported = eventOf(reportedOf(REPORTED, HOLDER), ORIGIN).data;
  const again = eventOf(reportedOf({ source: 'github', report: '0'.repeat(16) }, HOLDER), ORIGIN).data;
  const closed = eventOf({ ...NOTICES['leak.closed'], secret: SECRET, version: 3 }, ORIGIN).data;
  const [opened] = incidentSteps(reported);
  expect(incidentSteps(again)).toEqual([opened]);
  expect(opened?.act).toBe('trigger');
  expect(incidentSteps(closed)).toContainEqual({ act: 'resolve', key: opened?.key });
  const other = eventOf({ ...NOTICES['leak.closed'], secret: SECRET, version: 4 }, ORIGIN).data;
  expect(incidentSteps(other)).not.toContainEqual({ act: 'resolve', key: opened?.key });
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
