import {
  ENABLE_ACCOUNT,
  GRANT_BINDING,
  LIST_SERVICE_ACCOUNTS,
  MIGRATE_NARROWER,
  PURGE_PREVIEW,
  STATUS,
} from '../causes/commands.ts';
import { fleetValues, valuesOfSecret } from '../causes/names.ts';
import { told, type Command, type SlotValues, type ToldInstruction } from '../values/command.ts';

/** Why a legacy key cannot become an auth key yet, as a closed set. */
export const LACK_KINDS = [
  'unreadable_record',
  'no_single_key',
  'standard_by_policy',
  'no_account',
  'account_gone',
  'account_disabled',
  'may_not_bind',
  'other_apis',
  'no_room',
] as const;
export type LackKind = (typeof LACK_KINDS)[number];

/** What is missing, in words, and the command that mends it or shows what to mend. */
export interface Lack {
  readonly kind: LackKind;
  readonly says: string;
  readonly cure: ToldInstruction;
}

/** Where a secret stands on the way from a legacy key to an auth key; told from the secret itself, so that nothing else is remembered. */
export type MigrationState = 'done' | 'under_way' | 'held' | 'ready' | 'blocked';

/** A secret that has the key to replace, and nothing in its way. */
export interface Ready {
  readonly secret: string;
  readonly keyProject: string;
  /** The same number for all who serve the same key: they go together (I13). */
  readonly sameKey: number;
}

/** Secrets that begin at once, once a project has shown that its keys can be made and are taken. */
export const WAVE_MAX = 25;

/**
 * In which waves they go. A project in which no rotation has promoted a key yet sends one ahead: what is wrong there is told by
 * one and not by all. Who serves the same key is not parted.
 */
export function wavesOf(ready: readonly Ready[], proven: ReadonlySet<string>): readonly (readonly string[])[] {
  const groups = [...Map.groupBy(ready, ({ sameKey }) => sameKey).values()];
  const ahead = new Map<string, readonly Ready[]>();
  for (const group of groups)
    for (const { keyProject } of group.slice(0, 1))
      if (!proven.has(keyProject) && !ahead.has(keyProject)) ahead.set(keyProject, group);
  const first = new Set(ahead.values());
  const waves: string[][] = [[...first].flatMap(namesOf)];
  let wave: string[] = [];
  for (const group of groups.filter((one) => !first.has(one))) {
    if (wave.length + group.length > WAVE_MAX) {
      waves.push(wave);
      wave = [];
    }
    wave.push(...namesOf(group));
  }
  return [...waves, wave].filter(({ length }) => length > 0);
}

function namesOf(group: readonly Ready[]): readonly string[] {
  return group.map(({ secret }) => secret);
}

/** What a lack is about. */
export interface LackAbout {
  readonly secret: string;
  readonly project: string;
  readonly keyProject: string;
  readonly account?: string | undefined;
  /** What more there is to say: the other APIs, what the value holds. */
  readonly detail: string;
}

/** A lack in words, with what to do about it. */
export function lackOf(kind: LackKind, about: LackAbout): Lack {
  const { says, cure, command, values } = LACKS[kind](about);
  return { kind, says, cure: told({ do: cure, command }, values) };
}

interface Words {
  readonly says: string;
  readonly cure: string;
  readonly command: Command;
  readonly values: SlotValues;
}

const LACKS: Readonly<Record<LackKind, (about: LackAbout) => Words>> = {
  unreadable_record: ({ secret }) => ({
    says: 'an annotation of it is in a form that this release does not read',
    cure: 'See which',
    command: STATUS,
    values: valuesOfSecret(secret),
  }),
  no_single_key: ({ secret, detail }) => ({
    says: `${detail}, so it is not known which key to replace`,
    cure: 'Name the field that holds the key with init --key-field, or see what stands there',
    command: STATUS,
    values: valuesOfSecret(secret),
  }),
  standard_by_policy: ({ secret }) => ({
    says: 'its policy, or KEY_WARDEN_KEY_KIND, wants keys of the legacy type',
    cure: 'Take keyKind out of the policy',
    command: STATUS,
    values: valuesOfSecret(secret),
  }),
  no_account: ({ keyProject }) => ({
    says: 'no account is named that an auth key could be bound to',
    cure: 'Choose one, and give it as --service-account or set KEY_WARDEN_KEY_SERVICE_ACCOUNT',
    command: LIST_SERVICE_ACCOUNTS,
    values: fleetValues(undefined, keyProject),
  }),
  account_gone: ({ keyProject, account }) => ({
    says: `there is no account ${account}`,
    cure: 'Choose another one',
    command: LIST_SERVICE_ACCOUNTS,
    values: fleetValues(undefined, keyProject),
  }),
  account_disabled: ({ account }) => ({
    says: `the account ${account} is disabled`,
    cure: 'Enable it',
    command: ENABLE_ACCOUNT,
    values: accountValues(account),
  }),
  may_not_bind: ({ account }) => ({
    says: `you may not bind keys to ${account}`,
    cure: 'Grant whoever rotates the role for it',
    command: GRANT_BINDING,
    values: accountValues(account),
  }),
  other_apis: ({ detail }) => ({
    says: `its key is also good for ${detail}, and an auth key is for the Gemini API alone`,
    cure: 'If nobody uses it for that, plan with',
    command: MIGRATE_NARROWER,
    values: {},
  }),
  no_room: ({ project, keyProject, detail }) => ({
    says: `project ${keyProject} has no room for its key: ${detail}`,
    cure: 'See which old keys can go, or wait for those that await their deletion',
    command: PURGE_PREVIEW,
    values: fleetValues(project),
  }),
};

function accountValues(account: string | undefined): SlotValues {
  return account === undefined ? {} : { serviceAccount: account };
}
