import {
  ALLOW_GEMINI,
  CONSUMERS,
  DELETE_KEY,
  DESCRIBE_KEY,
  ENABLE_ACCOUNT,
  INIT,
  ROTATE_TO_ACCOUNT,
} from '../causes/commands.ts';
import { valuesOfKey, valuesOfSecret } from '../causes/names.ts';
import { runsAsItStands, told, type Command, type SlotValues, type ToldInstruction } from '../values/command.ts';
import { isoOf, type Instant } from '../values/time.ts';
import { isLongUnused, isSettled, USE_DAYS, type HeldAt, type SeenKey } from './seen-key.ts';

/** How bad a finding is: what is `low` is worth knowing and keeps nothing from going on. */
export const FINDING_SEVERITIES = ['high', 'medium', 'low'] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/** All that an inventory finds, the worst first. */
export const FINDING_KINDS = [
  'account_gone',
  'account_disabled',
  'unrestricted',
  'shadow',
  'unmanaged',
  'legacy',
  'unused',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

const SEVERITY: Readonly<Record<FindingKind, FindingSeverity>> = {
  account_gone: 'high',
  account_disabled: 'high',
  unrestricted: 'high',
  shadow: 'high',
  unmanaged: 'medium',
  legacy: 'medium',
  unused: 'low',
};

/** Something about a key that somebody should mend, and the command that does. */
export interface KeyFinding {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  readonly says: string;
  readonly cure: ToldInstruction;
  /** Whether the command of the cure can be pasted: no word in capitals is left to replace. */
  readonly runs: boolean;
}

/** What is known besides the key when its cures are told. */
export interface Surroundings {
  readonly now: Instant;
  /** The account that the settings bind new keys to. */
  readonly serviceAccount?: string | undefined;
}

/** Everything that is to be mended about a key, the worst first. What was not looked at is no finding: it is said by itself. */
export function findingsOf(key: SeenKey, around: Surroundings): readonly KeyFinding[] {
  return FINDING_KINDS.flatMap((kind) => {
    const found = FIND[kind](key, around);
    if (found === undefined) return [];
    const { says, cure } = found;
    const { command, values } = cure;
    const runs = runsAsItStands(command, values);
    return [{ kind, severity: SEVERITY[kind], says, cure: told({ do: cure.do, command }, values), runs }];
  });
}

/** Whether a person has to do something before all is well. */
export function needsPerson(findings: readonly KeyFinding[]): boolean {
  return findings.some(({ severity }) => severity !== 'low');
}

interface Cure {
  readonly do: string;
  readonly command: Command;
  readonly values: SlotValues;
}

type Find = (key: SeenKey, around: Surroundings) => { readonly says: string; readonly cure: Cure } | undefined;

const FIND: Readonly<Record<FindingKind, Find>> = {
  account_gone: (key, around) =>
    key.account?.state === 'gone'
      ? { says: `its account ${key.account.email} is not there any more`, cure: replacing(key, around) }
      : undefined,
  account_disabled: ({ account }) =>
    account?.state === 'disabled'
      ? {
          says: `its account ${account.email} is disabled`,
          cure: {
            do: 'Enable the account, if it was not disabled on purpose',
            command: ENABLE_ACCOUNT,
            values: { serviceAccount: account.email },
          },
        }
      : undefined,
  unrestricted: ({ reach, kind, name }) =>
    reach === 'unrestricted'
      ? {
          says: `it is restricted to no API, so it is good for every API of its project${kind === 'standard' ? '; the Gemini API has refused such keys since 2026-06-19' : ''}`,
          cure: {
            do: 'Restrict it to the Gemini API; what else it is used for has to stand in the same list',
            command: ALLOW_GEMINI,
            values: { ...valuesOfKey(name), apiTargets: [] },
          },
        }
      : undefined,
  shadow: (key, { now }) =>
    key.held.is === 'nobody' && isSettled(key, now)
      ? { says: `no secret that was looked through holds it, and it ${useText(key, now)}`, cure: ending(key) }
      : undefined,
  unmanaged: ({ held }) => {
    const [first, ...others] = held.is === 'held' ? held.places : [];
    if (first === undefined || first.managed || others.some(({ managed }) => managed)) return undefined;
    return { says: `${first.secret} holds it, which is not under care`, cure: caring(first) };
  },
  legacy: (key, around) =>
    key.kind === 'standard' && !isReplaced(key)
      ? {
          says: 'it is of the legacy type (AIza…), which Google had announced to refuse in September 2026; restricted ones were still taken then',
          cure: replacing(key, around),
        }
      : undefined,
  unused: (key, { now }) => {
    const [first] = key.held.is === 'held' ? key.held.places : [];
    if (first === undefined || !isLongUnused(key, now)) return undefined;
    return {
      says: `it was not used in ${USE_DAYS} days`,
      cure: {
        do: 'See whether anybody reads it still',
        command: CONSUMERS,
        values: valuesOfSecret(first.secret),
      },
    };
  },
};

/** By a key that is bound to an account; a secret that nobody looks after is put under care first, and what nobody holds is ended. */
function replacing(key: SeenKey, { serviceAccount }: Surroundings): Cure {
  const [first, ...others] = key.held.is === 'held' ? key.held.places : [];
  if (first === undefined) return ending(key);
  const managed = [first, ...others].find((place) => place.managed);
  if (managed === undefined) return caring(first);
  const account = serviceAccount === undefined ? {} : { serviceAccount };
  return {
    do: 'Replace it by a key that is bound to an account',
    command: ROTATE_TO_ACCOUNT,
    values: { ...valuesOfSecret(managed.secret), ...account },
  };
}

/** Its rotation has moved on to another key, and goes on until this one can go. */
function isReplaced({ held }: SeenKey): boolean {
  const names = held.is === 'held' ? held.places.map(({ readAs, managed }) => (managed ? readAs.join() : '')) : [''];
  return names.every((name) => name === 'previous');
}

function caring({ secret }: HeldAt): Cure {
  return { do: 'Put the secret under care', command: INIT, values: valuesOfSecret(secret) };
}

/** A key that is used belongs to somebody: it is found out to whom, and deleted by nobody who reads this. */
function ending({ name, lastUse, held }: SeenKey): Cure {
  const values = valuesOfKey(name);
  if (lastUse.is === 'unused' && held.is === 'nobody')
    return { do: 'Delete it; for 30 days it can be brought back', command: DELETE_KEY, values };
  return { do: 'Find out whose it is, and have it stored in a secret under care', command: DESCRIBE_KEY, values };
}

function useText(key: SeenKey, now: Instant): string {
  const { lastUse } = key;
  switch (lastUse.is) {
    case 'used':
      return `is in use: last ${isoOf(lastUse.at).slice(0, 10)}`;
    case 'unused':
      return isLongUnused(key, now) ? `was not used in ${USE_DAYS} days` : 'was not used since it was made';
    case 'not_measured':
      return 'is not known to be unused';
  }
}
