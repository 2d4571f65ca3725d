import { STATUS } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import { valuesAbout } from '../health/finding.ts';
import { annotationOf, type SecretRecord } from '../record/secret-record.ts';
import { stableHash } from '../values/stable-shuffle.ts';
import type { Instant } from '../values/time.ts';
import type { RotationNotice } from './notice.ts';

/** Tells a policy, and what is wrong with it, apart from any other without holding its text. */
export function misfitMark({ policy }: SecretRecord, misfits: readonly string[]): string {
  return `policy-${stableHash([policy.text, ...misfits].join('\n')).toString(36)}`;
}

/** The one alert about a secret's own policy that cannot be used as it stands: nothing is begun until it is mended. */
export function misfitNotice(
  secret: string,
  project: string,
  { misfits, mark, now }: { readonly misfits: readonly string[]; readonly mark: string; readonly now: Instant },
): RotationNotice {
  return {
    type: 'rotation.held',
    secret,
    project,
    rotation: mark,
    reason: 'unknown',
    why: `no rotation is begun by itself: ${misfits.join('; ')}`,
    since: now,
    holds: 1,
    ...nextOf(
      { do: `Mend the annotation ${annotationOf('policy')} as it says. To see how the secret stands`, command: STATUS },
      valuesAbout({ secret, project }),
    ),
  };
}
