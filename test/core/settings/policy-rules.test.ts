import { describe, expect, test } from '@jest/globals';
import { CALENDAR_FORMS } from '../../../src/core/calendar/calendar-policy.ts';
import { MINT_FORMS } from '../../../src/core/record/mint-policy.ts';
import { POLICY_RULES, ruleProblem } from '../../../src/core/settings/policy-rules.ts';
import { DEFAULT_SECRET_POLICY, SECRET_POLICY_FIELDS, tightened } from '../../../src/core/settings/secret-policy.ts';

const GIVEN: Readonly<Record<string, unknown>> = {
  ...DEFAULT_SECRET_POLICY.checks,
  ...DEFAULT_SECRET_POLICY.rotation,
  drainHoursMin: 8,
  rotateWhenDead: 1,
};

/** What the settings have, one step less, and one step more. */
const problems = (field: (typeof SECRET_POLICY_FIELDS)[number]) =>
  [-1, 0, 1].map((step) => {
    const given = GIVEN[field];
    return ruleProblem(field, { set: Number(given) + step, given, choices: {} }) === undefined ? 'may' : 'may not';
  });

test('every field of a policy has a rule, and says why (I17)', () => {
  expect(Object.keys(POLICY_RULES).toSorted()).toEqual([...SECRET_POLICY_FIELDS].toSorted());
});

describe('I17: a secret’s own policy', () => {
  const numbers = SECRET_POLICY_FIELDS.filter((field) => !(field in MINT_FORMS || field in CALENDAR_FORMS));

  test.each(numbers)('%s goes only where its rule lets it, and stays what it is', (field) => {
    const { may } = POLICY_RULES[field];
    const allowed = { rise: ['may not', 'may', 'may'], fall: ['may', 'may', 'may not'] };
    expect(problems(field)).toEqual(may === 'rise' || may === 'fall' ? allowed[may] : ['may', 'may', 'may']);
  });

  test('an age of 0 is never, which is later than any age', () => {
    const age = (set: number, given: number) => ruleProblem('maxAgeDays', { set, given, choices: {} }) === undefined;
    expect([age(0, 90), age(30, 0), age(0, 0)]).toEqual([false, true, true]);
  });

  test.each(['keyProject', 'keyServiceAccount'] as const)('%s is chosen from the settings', (field) => {
    const list = ['a@b.c', 'd@e.f'];
    const choose = (set: string, given?: string, choices: object = { keyProjects: list, keyAccounts: list }) =>
      ruleProblem(field, { set, given, choices });
    expect(choose('d@e.f')).toBeUndefined();
    expect(choose('x@y.z', 'x@y.z')).toBeUndefined();
    expect(choose('x@y.z', undefined, {})).toBeUndefined();
    expect(choose('x@y.z')).toContain(`${field} must be one of a@b.c, d@e.f`);
    expect(choose('x@y.z', undefined, { keyProjects: [], keyAccounts: [] })).toContain('must be left out');
  });

  test('windows and freezes of its own stand beside those of the settings, and take none away', () => {
    const calendar = { windows: 'mon-fri Europe/Berlin', freezes: '2026-12-24 UTC' };
    const own = { windows: 'mon-sun UTC', freezes: '2027-01-01 UTC' };
    const { secretPolicy, problems: named } = tightened({ ...DEFAULT_SECRET_POLICY, calendar }, own);
    expect([secretPolicy.calendar, secretPolicy.ownCalendar, named]).toEqual([calendar, own, []]);
    expect(tightened(secretPolicy, { keyKind: 'auth' }).secretPolicy).toMatchObject({ calendar, ownCalendar: own });
    expect(tightened(DEFAULT_SECRET_POLICY, { windows: 'sometime UTC', freezes: 7 })).toEqual({
      secretPolicy: DEFAULT_SECRET_POLICY,
      problems: [
        expect.stringContaining('is neither days such as mon-thu'),
        'freezes must be text such as 2026-12-19..2027-01-06 Europe/Berlin',
      ],
    });
  });

  test('keeps what it may have beside what it may not, and names that with the cure', () => {
    const fields = { retentionDays: 1, drainHoursMin: 12, keyKind: 'standard', unknown: 1 };
    const { secretPolicy, problems: named } = tightened(DEFAULT_SECRET_POLICY, fields);
    expect(secretPolicy.rotation).toEqual({ ...DEFAULT_SECRET_POLICY.rotation, drainHoursMin: 12 });
    expect(secretPolicy.mint).toEqual({ keyKind: 'standard' });
    expect(named).toEqual([
      expect.stringContaining('unknown field'),
      'retentionDays may only rise from 7, which the settings have, and not be 1: what is deleted sooner cannot be gone back to. Take it out, or have the settings changed',
    ]);
  });
});
