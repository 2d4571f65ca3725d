import {
  DESCRIBE_SECRET,
  DOCTOR,
  INIT,
  KEEP_SECRET,
  LIST_VERSIONS,
  POINT_AT_GOOD,
  REACH_AGAIN,
  ROTATE,
  STATUS,
  STATUS_HOLDERS,
} from '../causes/commands.ts';
import { nextOf, type Next } from '../causes/next-step.ts';
import { contestedText, leakedText, missingText } from '../rotation/last-current.ts';
import { namesOf, valuesAbout } from '../health/finding.ts';
import type { Risk, SecretRisk } from '../health/secret-risk.ts';
import { dayOf, spokenMinute, type Instant } from '../values/time.ts';
import type { SecretWarning } from './notices/secret-notices.ts';

/** A secret and what threatens it. */
export interface AtRisk {
  readonly secret: string;
  readonly risk: SecretRisk;
}

const NAMES_MAX = 5;

/** One warning for each kind of risk in a project: what took the label of one secret took that of twenty-nine. */
export function secretWarnings(project: string, atRisk: readonly AtRisk[], now: Instant): readonly SecretWarning[] {
  return [...Map.groupBy(atRisk, ({ risk }) => risk.because).values()].flatMap((alike) => {
    const sorted = alike.toSorted((a, b) => (a.secret < b.secret ? -1 : 1));
    const others = sorted.slice(1);
    return sorted.slice(0, 1).map(({ secret, risk }): SecretWarning => ({
      type: 'secret.warning',
      secret,
      project,
      because: risk.because,
      why: `${whyOf(risk)}${alsoOf(others)}`,
      others: others.length,
      day: dayOf(now),
      ...nextOf(CURE[risk.because], valuesAbout({ secret, project })),
    }));
  });
}

function alsoOf(others: readonly AtRisk[]): string {
  if (others.length === 0) return '';
  const names = others.slice(0, NAMES_MAX).map(({ secret }) => namesOf({ secret, project: '' }).secret);
  const more = others.length > NAMES_MAX ? ', …' : '';
  return `; the same is true of ${others.length} more: ${names.join(', ')}${more}`;
}

function whyOf(risk: SecretRisk): string {
  switch (risk.because) {
    case 'label_removed':
      return 'it was under care and has no label key-warden=managed any more, so its key is neither checked nor rotated';
    case 'expires':
      return `Secret Manager deletes it with all its versions at ${spokenMinute(risk.at)}`;
    case 'current_removed':
      return `somebody took its alias \`current\` away from version ${risk.version}; it is put back, this once`;
    case 'current_missing':
      return missingText(risk.version);
    case 'current_contested':
      return `${contestedText(risk.version)}. Until then nothing is begun by itself`;
    case 'current_leaked':
      return leakedText(risk.version);
    case 'shared_key_dies':
      return `its leaked key ${risk.key} is deleted at ${spokenMinute(risk.at)} at the latest, as somebody asked for, and other secrets serve it: ${risk.holders}`;
    case 'shared_key_deleted':
      return `its leaked key ${risk.key} is deleted now, as somebody asked for, and other secrets serve it still: ${risk.holders}`;
    case 'annotations_full':
      return `its annotations take ${risk.space.used} of ${risk.space.most} bytes, and a rotation may need ${risk.space.needed} more`;
    case 'aliases_full':
      return `it has ${risk.space.used} of ${risk.space.most} aliases, and a rotation needs two, \`current\` and \`previous\``;
    case 'no_account':
      return 'its key is a standard key (AIza…), a new one is bound to a service account, and none is named: it is not rotated because of its age';
    case 'consumers_kept':
      return risk.why;
    case 'unwritable':
      return `its rotation stands still: ${risk.why.replace(/\.$/, '')}`;
  }
}

const CURE = {
  label_removed: {
    do: 'Put the label back; if somebody meant it, end the care of the secret with the command forget',
    command: INIT,
  },
  expires: { do: 'Unless somebody meant it, let it live', command: KEEP_SECRET },
  current_removed: { do: 'Find out who did it, in the audit log: it is not put back again', command: DESCRIBE_SECRET },
  current_missing: {
    otherwise: {
      do: 'Put it back on a version that works; if somebody meant it, take the label away instead',
      command: POINT_AT_GOOD,
    },
    do: 'To see which versions there are',
    command: LIST_VERSIONS,
  },
  current_leaked: {
    otherwise: { do: 'Move it to a version that works, and find out who did it', command: POINT_AT_GOOD },
    do: 'To see which versions there are',
    command: LIST_VERSIONS,
  },
  current_contested: { do: 'Make the tool stop, then rotate', command: ROTATE },
  shared_key_dies: { do: 'Rotate each of them before that', command: STATUS_HOLDERS },
  shared_key_deleted: { do: 'Rotate each of them at once', command: STATUS_HOLDERS },
  annotations_full: { do: 'Look at its annotations, and remove what nobody needs', command: DESCRIBE_SECRET },
  aliases_full: { do: 'Look at its aliases, and remove one that nobody reads', command: DESCRIBE_SECRET },
  no_account: {
    do: 'Name the account of new keys (KEY_WARDEN_KEY_SERVICE_ACCOUNT, minting.key_service_account in the module), or rotate with --service-account. To see how they stand',
    command: STATUS,
  },
  consumers_kept: {
    do: 'Mend what keeps each of them back, or deploy it by hand; the rest get the new key once more with',
    command: REACH_AGAIN,
  },
  unwritable: {
    do: 'Let the worker write to it; then the rotation goes on by itself. To see what is missing',
    command: DOCTOR,
  },
} as const satisfies Record<Risk, Next>;
