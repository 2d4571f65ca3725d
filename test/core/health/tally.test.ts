import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CAUSES, type Cause } from '../../../src/core/causes/causes.ts';
import { DEPTHS, diagnosisOf, type Finding } from '../../../src/core/health/finding.ts';
import { sharedTroublesOf } from '../../../src/core/health/outage.ts';
import {
  countOf,
  joined,
  joinedProjects,
  NOTHING_SEEN,
  seenIn,
  talliesOf,
  verdictsIn,
} from '../../../src/core/health/tally.ts';

const causes = Object.keys(CAUSES) as Cause[];

const finding = fc
  .record({
    project: fc.constantFrom('a', 'b', 'c'),
    cause: fc.constantFrom(...causes),
    depth: fc.constantFrom(...DEPTHS),
    keyProject: fc.constantFrom('one', 'other', undefined),
  })
  .map(({ project, cause, depth, keyProject }) => ({ project, cause, depth, keyProject }));

/** Findings of a run; no two are about one secret. */
const findings = fc.array(finding, { maxLength: 40 }).map((all) =>
  all.map(({ project, cause, depth, keyProject }, n): Finding => ({
    secret: `projects/1/secrets/s${n}`,
    project,
    readAs: 'current',
    depth,
    answers: 1,
    diagnosis: { ...diagnosisOf(cause, `why ${n}`), ...(keyProject === undefined ? {} : { keyProject }) },
    lint: [],
    notes: [],
  })),
);

/** What tallies say, whatever order their projects and causes came in. */
const told = (tallies: ReturnType<typeof talliesOf>) =>
  [...tallies]
    .map(([project, { causes: each }]) => [project, [...each].toSorted(([one], [other]) => (one < other ? -1 : 1))])
    .toSorted();

describe('tallies of parts of a fleet', () => {
  test('come to what the whole comes to, however it is cut and in whatever order', () => {
    fc.assert(
      fc.property(findings, fc.array(fc.nat({ max: 2 }), { minLength: 40, maxLength: 40 }), (all, cut) => {
        const [one, two, three] = [0, 1, 2].map((part) => talliesOf(all.filter((_, n) => cut[n] === part)));
        const whole = told(talliesOf(all));
        const none = talliesOf([]);
        const of = (a = none, b = none, c = none) => joinedProjects(joinedProjects(a, b), c);
        expect(told(of(one, two, three))).toEqual(whole);
        expect(told(of(three, one, two))).toEqual(whole);
        expect(told(joinedProjects(one ?? none, joinedProjects(two ?? none, three ?? none)))).toEqual(whole);
      }),
    );
  });

  test('tell the same outages, so that it does not matter who looked at which secret', () => {
    fc.assert(
      fc.property(findings, fc.integer({ min: 0, max: 40 }), (all, at) => {
        const parts = joinedProjects(talliesOf(all.slice(at)), talliesOf(all.slice(0, at)));
        const byName = (tallies: typeof parts) =>
          sharedTroublesOf(tallies, new Map([['a', 'spend_cap']])).toSorted((one, other) =>
            one.name < other.name ? -1 : 1,
          );
        expect(byName(parts)).toEqual(byName(talliesOf(all)));
      }),
    );
  });

  test('count what was seen, by verdict and by depth', () => {
    fc.assert(
      fc.property(findings, (all) => {
        const fleet = [...talliesOf(all).values()].reduce(joined, NOTHING_SEEN);
        expect(seenIn(fleet)).toBe(all.length);
        expect(seenIn(fleet, 'deep')).toBe(all.filter(({ depth }) => depth === 'deep').length);
        for (const [verdict, count] of Object.entries(verdictsIn(fleet)))
          expect(count).toBe(all.filter(({ diagnosis }) => diagnosis.verdict === verdict).length);
        for (const [cause, one] of fleet.causes)
          expect(countOf(one)).toBe(all.filter(({ diagnosis }) => diagnosis.cause === cause).length);
      }),
    );
  });

  test('name the project of the keys only where every answer named it', () => {
    const [first, second, third] = ['one', 'one', undefined].map((keyProject, n): Finding => ({
      secret: `projects/1/secrets/s${n}`,
      project: 'a',
      readAs: 'current',
      depth: 'shallow',
      answers: 1,
      diagnosis: { ...diagnosisOf('billing_disabled', 'off'), ...(keyProject === undefined ? {} : { keyProject }) },
      lint: [],
      notes: [],
    }));
    const named = (...those: readonly (Finding | undefined)[]) =>
      talliesOf(those.filter((one) => one !== undefined))
        .get('a')
        ?.causes.get('billing_disabled')?.keyProject;
    expect(named(first, second)).toBe('one');
    expect(named(first, second, third)).toBeUndefined();
    expect(named(third, first)).toBeUndefined();
  });
});
