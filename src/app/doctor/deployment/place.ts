import { MANAGED_LABEL } from '../../listing/gather.ts';
import { readChannels } from '../../../core/settings/channel-settings.ts';
import { parseSecretName, type SecretId } from '../../../core/google/resource-names.ts';
import type { JsonRecord } from '../../../core/values/json.ts';
import { attempt, type Fault } from '../../ports/fault.ts';
import type { GoogleReader, Look, Seen } from '../../ports/google-reader.ts';
import { readLeakSigning } from '../../../core/settings/leak-settings.ts';
import { LOOKS } from './looks.ts';
import { jsonOf, recordIn, recordsIn, textIn, whyUnseen } from './sighted.ts';

/** Which deployment: the prefix of its names, and where it is. */
export interface Deployment {
  readonly name: string;
  readonly project: string;
  readonly region: string;
  /** Where its Cloud Scheduler jobs are. */
  readonly schedulerRegion: string;
}

/** The functions, who runs in each, and who calls it. A test compares them with the module. */
export const FUNCTIONS = {
  'health-check': { identity: 'checker', calledBy: 'scheduler' },
  rotate: { identity: 'rotator', calledBy: 'callers' },
  reconcile: { identity: 'rotator', calledBy: 'scheduler' },
  'on-secret-event': { identity: 'rotator', calledBy: 'push' },
  notify: { identity: 'notifier', calledBy: 'push' },
  reach: { identity: 'reacher', calledBy: 'scheduler' },
  purge: { identity: 'purger', calledBy: 'scheduler' },
  inventory: { identity: 'surveyor', calledBy: 'scheduler' },
  'status-page': { identity: 'viewer', calledBy: 'iap' },
  acknowledge: { identity: 'listener', calledBy: 'anybody' },
  survey: { identity: 'looker', calledBy: 'callers' },
  'leak-reports': { identity: 'finder', calledBy: 'anybody' },
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** All of them, in the order in which they are told of. */
export const FUNCTION_NAMES = Object.keys(FUNCTIONS).filter((name): name is FunctionName =>
  Object.hasOwn(FUNCTIONS, name),
);

/** Functions that the module makes: it leaves out what nobody may call, and what nobody asked for. */
export function functionsOf({ functions }: Pick<Place, 'functions'>): readonly FunctionName[] {
  return FUNCTION_NAMES.filter((name) => {
    const { calledBy } = FUNCTIONS[name];
    return !(OPTIONAL.includes(calledBy) || ASKED_FOR.includes(name)) || functions.get(name) !== 'missing';
  });
}

const OPTIONAL: readonly string[] = ['callers', 'iap', 'anybody'];

/** Called on schedule where they are there. */
const ASKED_FOR: readonly string[] = ['reach', 'inventory'];

/** The one that is built first: what it was told is what the deployment was told. */
export const FIRST: FunctionName = 'health-check';

/** A secret that is watched, as its list shows it. */
export interface WatchedSecret {
  readonly project: string;
  readonly location: string;
  readonly id: string;
  /** Keys of Cloud KMS that it is encrypted with. */
  readonly kmsKeys: readonly string[];
}

/** A secret that is read as it is, and by whom. */
interface Credential {
  readonly identity: 'checker' | 'notifier' | 'listener' | 'finder';
  readonly name: string;
  readonly secret: SecretId;
}

/** A secret that is the worker’s notebook, and who writes in it where not everybody does. */
export interface Book {
  readonly secret: SecretId;
  readonly only?: 'rotator' | 'surveyor' | undefined;
  /** What is granted on it. */
  readonly level: 'secret' | 'memory';
}

/** What the functions say of the deployment: everything that has to be known to look for the rest. */
export interface Place extends Deployment {
  /** What each function came to; they are looked at once. */
  readonly functions: ReadonlyMap<FunctionName, Seen | Fault>;
  /** Absent when the settings do not say it: agents of Google's are named by it. */
  readonly number: string | undefined;
  readonly watchedProjects: readonly string[];
  readonly keyProjects: readonly string[];
  /** Those in which the rotator looks consumers up; none unless the module was told some. */
  readonly consumerProjects: readonly string[];
  /** Service accounts that keys are bound to. */
  readonly boundAccounts: readonly string[];
  /** Accounts that consumers run as which the worker may act as. */
  readonly reachAccounts: readonly string[];
  /** What the sink came to that copies evidence into a log bucket; the module makes it where it was asked to. */
  readonly evidence: Seen | Fault;
  /** Secrets that are read as they are, and by whom. */
  readonly credentials: readonly Credential[];
  readonly secrets: readonly WatchedSecret[];
  /** Secrets of the worker’s own, on which freezes and silences of many stand, what waits for approval, and what inventories have told. */
  readonly books: readonly Book[];
  /** Where secrets could not be listed, and why. */
  readonly unlisted: readonly { readonly location: string; readonly name: string; readonly says: string }[];
}

/** The name of the log bucket that keeps evidence, and of the sink that fills it. */
export function evidenceOf({ name }: Deployment): string {
  return `${name}-evidence`;
}

/** The account of an identity. */
export function accountOf({ name, project }: Deployment, identity: string): string {
  return `${name}-${identity}@${project}.iam.gserviceaccount.com`;
}

/** The same as a policy names it. */
export function memberOf(deployment: Deployment, identity: string): string {
  return `serviceAccount:${accountOf(deployment, identity)}`;
}

/** What a function is told in its environment. */
export function environmentOf(seen: Seen | Fault | undefined): JsonRecord {
  return recordIn(recordIn(jsonOf(seen), 'serviceConfig'), 'environmentVariables');
}

/** Reads the functions and the watched secrets. Without its settings a deployment is taken for one with the module's defaults. */
export async function placeOf(reader: GoogleReader, deployment: Deployment): Promise<Place> {
  const { name, project, region } = deployment;
  const functions = new Map(
    await Promise.all(
      FUNCTION_NAMES.map(async (one) => {
        const look = LOOKS.deployedFunction(project, region, `${name}-${one}`);
        return [one, await attempt(() => reader.read(look))] as const;
      }),
    ),
  );
  const told = environmentOf(functions.get(FIRST));
  const watchedProjects = projectsIn(told, 'KEY_WARDEN_PROJECTS', [project]);
  const locations = listIn(told, 'KEY_WARDEN_LOCATIONS', LOCATION, ['global']);
  const lists = await Promise.all(
    watchedProjects.flatMap((one) => locations.map((location) => listed(reader, one, location))),
  );
  return {
    ...deployment,
    functions,
    number: /-(\d+)\.[a-z0-9-]+\.run\.app$/.exec(textIn(told, 'KEY_WARDEN_AUDIENCE'))?.[1],
    watchedProjects,
    keyProjects: projectsIn(told, 'KEY_WARDEN_KEY_PROJECT', watchedProjects),
    consumerProjects: projectsIn(told, 'KEY_WARDEN_CONSUMER_PROJECTS', []),
    boundAccounts: [
      ...new Set([
        ...listIn(told, 'KEY_WARDEN_KEY_ACCOUNTS', ACCOUNT, []),
        ...listIn(told, 'KEY_WARDEN_KEY_SERVICE_ACCOUNT', ACCOUNT, []),
      ]),
    ],
    reachAccounts: accountsIn(told, 'KEY_WARDEN_REACH_ACCOUNTS'),
    evidence: await attempt(() => reader.read(LOOKS.sink(project, evidenceOf(deployment)))),
    credentials: credentialsIn(
      told,
      environmentOf(functions.get('acknowledge')),
      environmentOf(functions.get('leak-reports')),
    ),
    books: [
      bookIn(told, 'KEY_WARDEN_SILENCES', { level: 'secret' }),
      bookIn(told, 'KEY_WARDEN_APPROVALS', { level: 'secret', only: 'rotator' }),
      bookIn(environmentOf(functions.get('inventory')), 'KEY_WARDEN_INVENTORY_MEMORY', {
        level: 'memory',
        only: 'surveyor',
      }),
    ].flat(),
    secrets: lists.flatMap(({ secrets }) => secrets),
    unlisted: lists.flatMap(({ unlisted }) => unlisted),
  };
}

const PROJECT = /^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/;
const LOCATION = /^[a-z][a-z0-9-]*[a-z0-9]$/;
const ACCOUNT = /^[a-z0-9-]+@[a-z0-9.-]+\.iam\.gserviceaccount\.com$/;

/** Names in a setting; what is none is left out, for it would become part of a path. */
function listIn(told: JsonRecord, setting: string, form: RegExp, fallback: readonly string[]): readonly string[] {
  const names = textIn(told, setting)
    .split(',')
    .map((one) => one.trim())
    .filter((one) => form.test(one));
  return names.length === 0 ? fallback : names;
}

/** Service accounts in a setting. */
export function accountsIn(told: JsonRecord, setting: string): readonly string[] {
  return listIn(told, setting, ACCOUNT, []);
}

function projectsIn(told: JsonRecord, setting: string, fallback: readonly string[]): readonly string[] {
  return listIn(told, setting, PROJECT, fallback);
}

/** Channels that cannot be read are the worker's own complaint, and no credential of theirs is known. */
function credentialsIn(told: JsonRecord, toldListener: JsonRecord, toldFinder: JsonRecord): Place['credentials'] {
  const setting = told['KEY_WARDEN_CHANNELS'];
  const reading = readChannels(typeof setting === 'string' ? setting : undefined);
  const channels = 'channels' in reading ? reading.channels : [];
  const read = [
    ...[...new Set(channels.map(({ credential }) => credential))].map((name) => ['notifier', name] as const),
    ['checker', textIn(told, 'KEY_WARDEN_PING')] as const,
    ['listener', textIn(toldListener, 'KEY_WARDEN_PAGERDUTY_SIGNING')] as const,
    ...Object.values(readLeakSigning((name) => textIn(toldFinder, name) || undefined, false, [])).map(
      (name) => ['finder', name] as const,
    ),
  ];
  return read.flatMap(([identity, name]) => {
    const secret = parseSecretName(name);
    return secret === undefined ? [] : [{ identity, name, secret }];
  });
}

function bookIn(told: JsonRecord, setting: string, whose: Omit<Book, 'secret'>): readonly Book[] {
  const secret = parseSecretName(textIn(told, setting));
  return secret === undefined ? [] : [{ secret, ...whose }];
}

async function listed(
  reader: GoogleReader,
  project: string,
  location: string,
): Promise<Pick<Place, 'secrets' | 'unlisted'>> {
  const look: Look = LOOKS.secrets(project, location, `${MANAGED_LABEL.key}=${MANAGED_LABEL.value}`);
  const seen = await attempt(() => reader.read(look));
  const says = seen === 'missing' ? 'is not there' : whyUnseen(seen, look);
  if (says !== undefined)
    return { secrets: [], unlisted: [{ location, name: `the list of secrets of ${project}`, says }] };
  const secrets = recordsIn(jsonOf(seen), 'secrets').map((secret) => ({
    project,
    location,
    id: textIn(secret, 'name').replace(/^.*\//, ''),
    kmsKeys: kmsKeysIn(secret),
  }));
  return { secrets, unlisted: [] };
}

/** Google writes the key where the secret is: at the secret, its replication, or each replica. */
function kmsKeysIn(secret: JsonRecord): readonly string[] {
  const replication = recordIn(secret, 'replication');
  const encrypted = [
    secret,
    recordIn(replication, 'automatic'),
    ...recordsIn(recordIn(replication, 'userManaged'), 'replicas'),
  ];
  return encrypted
    .map((one) => textIn(recordIn(one, 'customerManagedEncryption'), 'kmsKeyName'))
    .filter((key) => KMS_KEY.test(key));
}

const KMS_KEY = /^projects\/[\w.:-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+$/;
