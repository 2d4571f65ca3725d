import { CONSUMERS, INVENTORY } from '../causes/commands.ts';
import { nextOf, nextStepOf } from '../causes/next-step.ts';
import { valuesAbout } from '../health/finding.ts';
import type { UnusualUse } from '../use/judge-use.ts';
import { HOUR_MS, plusMs, spokenMinute } from '../values/time.ts';
import type { UnusualUseNotice } from './notices/key-notices.ts';

/** A key that is used as never before, as its issuer and Cloud Monitoring know it. */
export interface UnusualKey {
  /** At its issuer. */
  readonly key: string;
  readonly project: string;
  readonly use: UnusualUse;
  /** What it was used for in the newest hour: full names of Google’s, those of most requests first. */
  readonly methods: readonly string[];
}

/** A version under care that holds it. */
export interface UnusualHolder {
  readonly secret: string;
  readonly version: number;
  /** As people name the secret’s project in commands. */
  readonly project: string;
  /** Its policy has a planned rotation begin. */
  readonly isDue?: boolean | undefined;
}

/** What is told of it to the owners of a secret that serves the key. */
export function unusualUseOf(found: UnusualKey, { secret, version, project, isDue }: UnusualHolder): UnusualUseNotice {
  const { use, key } = found;
  const due = isDue === true ? '; by its policy a planned rotation begins when it may' : '';
  const way = nextOf(WHO_READS, valuesAbout({ secret, project }));
  return { type: 'key.unusual', secret, version, project, key, use, why: `${whyOf(found)}${due}`, ...way };
}

/** What is told of a key that no secret under care serves. */
export function unusualUseOfNobody(found: UnusualKey): UnusualUseNotice {
  const { use, key, project } = found;
  const way = nextStepOf([{ for: 'worker-operator', ...WHOSE_IT_IS }], {});
  return { type: 'key.unusual', project, key, use, why: `${whyOf(found)}; no secret under care serves it`, ...way };
}

const WHO_READS = {
  do: 'Ask its owners whether something was launched. If nobody did, rotate it, as an emergency where it is stolen for certain. To see who reads it',
  command: CONSUMERS,
} as const;

const WHOSE_IT_IS = {
  do: 'Find out whose key it is, and delete it where nobody needs it',
  command: INVENTORY,
} as const;

const METHODS_MAX = 3;

function whyOf({ use: { hour, requests, usual, most }, methods }: UnusualKey): string {
  const begun = plusMs(hour, -HOUR_MS);
  const named = methods.slice(0, METHODS_MAX).map((method) => method.slice(method.lastIndexOf('.') + 1));
  const by = named.length === 0 ? '' : `, lately by ${[...new Set(named)].join(', ')}`;
  return `${requests} requests in the hour from ${spokenMinute(begun)} on${by}; usual there are ${usual}, and up to ${most} would pass. A launch looks like a theft`;
}
