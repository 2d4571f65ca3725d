import { STATUS } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import { valuesAbout } from '../health/finding.ts';
import { annotationOf, type SecretRecord } from '../record/secret-record.ts';
import { stableHash } from '../values/stable-shuffle.ts';
import type { Instant } from '../values/time.ts';
import type { RotationNotice } from './notices/rotation-notices.ts';

/** Tells a policy, and what is wrong with it, apart from any other without holding its text. */
export function misfitMark({ policy }: SecretRecord, misfits: readonly string[]): string {
  return `policy-${stableHash([policy.text, ...misfits].join('\n')).toString(36)}`;
}

/** What is wrong with a policy, and for how many other secrets of the project. */
export interface Misfit {
  readonly misfits: readonly string[];
  readonly mark: string;
  readonly others: number;
  readonly now: Instant;
}

/** The one alert about a secret's own policy that cannot be used as it stands: nothing is begun until it is mended. */
export function misfitNotice(secret: string, project: string, { misfits, mark, others, now }: Misfit): RotationNotice {
  return {
    type: 'rotation.held',
    secret,
    project,
    rotation: mark,
    reason: 'unknown',
    why: `no rotation is begun by itself: ${misfits.join('; ')}${others === 0 ? '' : `; the same is true of ${others} more`}`,
    since: now,
    holds: 1,
    ...nextOf(
      { do: `Mend the annotation ${annotationOf('policy')} as it says. To see how the secret stands`, command: STATUS },
      valuesAbout({ secret, project }),
    ),
  };
}
