import type { Check } from '../../app/doctor/checklist.ts';
import type { Part } from '../../app/doctor/deployed-parts.ts';
import type { SourceFinding } from '../../app/doctor/doctor.ts';
import { stepText } from '../../core/causes/step.ts';
import type { Report } from '../../core/health/check-run.ts';
import { proseOf, type Passage } from '../../core/values/passage.ts';
import { plural } from '../../core/values/plural.ts';
import { idOf } from './report.ts';

/** One thing that was looked at, as build servers show it beside what is printed for people. */
export interface Case {
  /** Told apart by it from all others of the run. */
  readonly name: string;
  /** `open`: it could not be told, or comes and goes; `advice`: something to do that is no finding of its own. */
  readonly is: 'well' | 'wrong' | 'open' | 'not_looked' | 'advice';
  readonly title: string;
  readonly text: string;
}

const OF_VERDICT = { works: 'well', dead: 'wrong', blocked: 'wrong', throttled: 'open', unclear: 'open' } as const;

/** What a check found, outages first: each key, and what could not be looked at. */
export function casesOfCheck({ outages, secrets, problems }: Report): readonly Case[] {
  return [
    ...outages.map(({ project, failing, seen, cause, message }, at): Case => ({
      name: `outage ${at + 1}`,
      is: 'wrong',
      title: `${failing} of ${plural(seen, 'secret')} failed alike (${cause})`,
      text: `${project ?? ''}\n${message}`.trim(),
    })),
    ...secrets.map(({ verdict, secret, project, title, message, steps }): Case => ({
      name: secret,
      is: OF_VERDICT[verdict],
      title: `${idOf(secret)} (${project}): ${title}`,
      text: [message, ...steps.slice(0, 1).map(stepText)].join('\n'),
    })),
    ...problems.map((problem, at): Case => ({
      name: `not checked ${at + 1}`,
      is: 'open',
      title: 'not everything was checked',
      text: problem,
    })),
  ];
}

/** What is to be set right, each as a case of its own. */
export function casesOfAdvice(title: string, advice: readonly Passage[]): readonly Case[] {
  return advice.map((one, at) => ({ name: `${title} ${at + 1}`, is: 'advice', title, text: proseOf(one) }));
}

/** What the doctor found: places that hold something, answers that matter, and parts of a deployment. `harmless` is what may be so on purpose. */
export function casesOfDoctor(
  findings: readonly SourceFinding[],
  checks: readonly Check[],
  parts: readonly Part[],
  harmless: readonly string[],
): readonly Case[] {
  return [
    ...findings.flatMap(casesOfPlace),
    ...checks.map(({ title, state, says }): Case => ({
      name: `check: ${title}`,
      is: state === 'no' ? (harmless.includes(title) ? 'not_looked' : 'wrong') : OF_CHECK[state],
      title,
      text: says,
    })),
    ...parts.map(({ title, state, says }): Case => ({ name: `part: ${title}`, is: OF_PART[state], title, text: says })),
  ];
}

const OF_CHECK = { yes: 'well', not_looked: 'not_looked' } as const;
const OF_PART = { well: 'well', broken: 'wrong', unknown: 'open' } as const;

function casesOfPlace({ title, state, detail, lint, diagnosis }: SourceFinding): readonly Case[] {
  const about = { name: `place: ${title}`, title };
  switch (state) {
    case 'absent':
      return [];
    case 'unreadable':
      return [{ ...about, is: 'open', text: detail ?? 'it cannot be read' }];
    case 'unusable':
      return [{ ...about, is: 'wrong', text: lint.map(({ says }) => says).join('; ') }];
    case 'key':
      return [
        diagnosis === undefined
          ? { ...about, is: 'not_looked', text: 'its key was not asked about' }
          : { ...about, is: OF_VERDICT[diagnosis.verdict], text: `${diagnosis.cause}: ${diagnosis.message}` },
      ];
  }
}
