/** Where a permission is granted: as near to what it is about as Google allows. */
export type GrantedOn =
  | 'each project with watched secrets'
  | 'each watched secret'
  | 'each project that keys are made in'
  | 'each account that keys are bound to'
  | 'each account that consumers run as'
  | 'each project that consumers are looked up in'
  | 'the organisation or folder that consumers are looked up in'
  | 'the alert topic'
  | 'the delivery topic'
  | 'the dead-letter topic'
  | 'each credential of a channel'
  | 'the secret with the address to ping'
  | 'the secret that PagerDuty signs with'
  | 'each secret that leak reports are signed with'
  | 'the secret that remembers what inventories told'
  | 'each function that it calls'
  | 'the repository of its images'
  | 'the worker’s project';

/** A permission, or a predefined role where Google asks for one, and what it is for. */
export interface Grant {
  readonly needs: string;
  readonly on: GrantedOn;
  /** Which call needs it. */
  readonly because: string;
}

/** Who does what in a deployment; no account is shared. */
export type Identity =
  | 'checker'
  | 'looker'
  | 'rotator'
  | 'purger'
  | 'reacher'
  | 'notifier'
  | 'viewer'
  | 'listener'
  | 'finder'
  | 'surveyor'
  | 'scheduler'
  | 'push'
  | 'build';

interface Row {
  /** Entry points that run as it; none for those that only call. */
  readonly runs: readonly string[];
  /** What whoever steals it can do, in words. */
  readonly ifStolen: string;
  readonly grants: readonly Grant[];
}

const PROJECT = 'each project with watched secrets';
const SECRET = 'each watched secret';
const KEYS = 'each project that keys are made in';
const ACCOUNT = 'each account that keys are bound to';
const MEMORY = 'the secret that remembers what inventories told';

/** Only where the settings of a deployment name such projects. */
const CONSUMERS = 'each project that consumers are looked up in';

/** What everybody who works on secrets does. */
const FINDS: readonly Grant[] = [
  { needs: 'secretmanager.secrets.list', on: PROJECT, because: 'finds managed secrets by their label' },
  { needs: 'secretmanager.secrets.get', on: SECRET, because: 'sees the aliases and what is remembered' },
];
/** Looks through what runs in a project, and at how it fares. */
const LOOKS_AT_CONSUMERS: readonly Grant[] = [
  { needs: 'run.locations.list', on: CONSUMERS, because: 'knows the regions to look in' },
  { needs: 'run.services.list', on: CONSUMERS, because: 'sees services that read a secret' },
  { needs: 'run.workerpools.list', on: CONSUMERS, because: 'sees worker pools that do' },
  { needs: 'run.jobs.list', on: CONSUMERS, because: 'sees jobs that do' },
  { needs: 'run.revisions.get', on: CONSUMERS, because: 'sees what a revision that serves reads, and since when' },
  { needs: 'run.executions.list', on: CONSUMERS, because: 'sees what a job that runs reads' },
  { needs: 'cloudfunctions.functions.list', on: CONSUMERS, because: 'sees functions of both generations' },
  { needs: 'run.services.get', on: CONSUMERS, because: 'sees how the last deployment of a service fares' },
  { needs: 'run.workerpools.get', on: CONSUMERS, because: 'the same of a worker pool' },
  // Granted by whoever holds the organisation: no module of a project does.
  {
    needs: 'cloudasset.assets.searchAllResources',
    on: 'the organisation or folder that consumers are looked up in',
    because: 'knows in which of its projects there are any',
  },
];
const REMEMBERS = 'secretmanager.secrets.update';
const READS = 'secretmanager.versions.access';
const ANNOUNCES: Grant = { needs: 'pubsub.topics.publish', on: 'the alert topic', because: 'announces' };
const POLLS: Grant = {
  needs: 'serviceusage.operations.get',
  on: KEYS,
  because: 'waits until the issuer is done',
};

/**
 * Every permission of a deployment, once: docs/reference/identities.md, the custom roles of the Terraform module and
 * `doctor` all come from here or are compared with it. Exactly what the edge calls, nothing in reserve.
 */
export const IDENTITIES: Readonly<Record<Identity, Row>> = {
  checker: {
    runs: ['healthCheck'],
    ifStolen: 'reads every watched key, and forges or wipes what the worker remembers of it',
    grants: [
      ...FINDS,
      { needs: READS, on: SECRET, because: 'reads the key to probe it' },
      { needs: REMEMBERS, on: SECRET, because: 'remembers episodes in an annotation' },
      ANNOUNCES,
      { needs: READS, on: 'the secret with the address to ping', because: 'tells a dead-man’s service' },
      {
        needs: 'roles/run.invoker',
        on: 'each function that it calls',
        because: 'has parts of a large fleet looked at',
      },
    ],
  },
  looker: {
    runs: ['survey'],
    ifStolen: 'reads every watched key; writes nothing, and announces nothing',
    grants: [...FINDS, { needs: READS, on: SECRET, because: 'reads the key to probe it' }],
  },
  rotator: {
    runs: ['rotate', 'reconcile', 'onSecretEvent'],
    ifStolen:
      'reads, replaces and disables every watched key and makes or deletes keys of the project; destroys no version',
    grants: [
      ...FINDS,
      { needs: READS, on: SECRET, because: 'proves keys, the old one and the new one' },
      { needs: REMEMBERS, on: SECRET, because: 'keeps the journal and moves the alias' },
      { needs: 'secretmanager.versions.list', on: SECRET, because: 'looks before it adds, retires or discards' },
      { needs: 'secretmanager.versions.get', on: SECRET, because: 'sees the state of a version' },
      { needs: 'secretmanager.versions.add', on: SECRET, because: 'writes the new key' },
      { needs: 'secretmanager.versions.enable', on: SECRET, because: 'goes back to the old key' },
      { needs: 'secretmanager.versions.disable', on: SECRET, because: 'retires the old key' },
      { needs: 'apikeys.keys.create', on: KEYS, because: 'mints the new key' },
      { needs: 'apikeys.keys.get', on: KEYS, because: 'sees whether a key is deleted, and what a mint made' },
      { needs: 'apikeys.keys.list', on: KEYS, because: 'finds the old key’s record: its restrictions, its name' },
      {
        needs: 'apikeys.keys.getKeyString',
        on: KEYS,
        because: 'tells the old key from others; reads a minted key again',
      },
      { needs: 'apikeys.keys.delete', on: KEYS, because: 'discards a key that was refused; deletes a leaked one' },
      {
        needs: 'apikeys.keys.update',
        on: KEYS,
        because:
          'marks the old key as the secret’s, which the purge asks for, by when a leaked one goes, and which versions are left with a key',
      },
      { needs: 'apikeys.keys.undelete', on: KEYS, because: 'goes back to a key that is deleted already' },
      { needs: 'iam.serviceAccountApiKeyBindings.create', on: ACCOUNT, because: 'binds a new auth key to it' },
      { needs: 'iam.serviceAccountApiKeyBindings.delete', on: ACCOUNT, because: 'deletes a key that is bound to it' },
      { needs: 'iam.serviceAccountApiKeyBindings.undelete', on: ACCOUNT, because: 'brings one back' },
      POLLS,
      {
        needs: 'monitoring.timeSeries.list',
        on: KEYS,
        because: 'counts who still uses the old key, and whether a key is used as never before',
      },
      ...LOOKS_AT_CONSUMERS,
      ANNOUNCES,
    ],
  },
  purger: {
    runs: ['purge'],
    ifStolen: 'reads every watched key, deletes keys of the project and destroys versions, which Secret Manager delays',
    grants: [
      ...FINDS,
      { needs: READS, on: SECRET, because: 'looks whether a version still holds a key that is to go' },
      { needs: REMEMBERS, on: SECRET, because: 'keeps the ledger of old keys' },
      { needs: 'secretmanager.versions.list', on: SECRET, because: 'looks for versions that hold an orphan' },
      { needs: 'secretmanager.versions.get', on: SECRET, because: 'leaves alone what somebody enabled again' },
      { needs: 'secretmanager.versions.destroy', on: SECRET, because: 'ends an old key for good' },
      { needs: 'apikeys.keys.list', on: KEYS, because: 'sweeps for orphans' },
      { needs: 'apikeys.keys.get', on: KEYS, because: 'sees whether a deletion landed' },
      {
        needs: 'apikeys.keys.getKeyString',
        on: KEYS,
        because: 'spares the key that consumers read; proves that a deleted one is dead',
      },
      { needs: 'apikeys.keys.delete', on: KEYS, because: 'deletes old keys and orphans' },
      { needs: 'iam.serviceAccountApiKeyBindings.delete', on: ACCOUNT, because: 'deletes a key that is bound to it' },
      POLLS,
    ],
  },
  reacher: {
    runs: ['reach'],
    ifStolen:
      'replaces consumers by programs of the thief’s, which act as the accounts that it was granted: it reads what they read, keys too. Reads no key by itself. It is there only where somebody asked for it',
    grants: [
      ...FINDS,
      { needs: 'secretmanager.versions.get', on: SECRET, because: 'sees which version `latest` is' },
      ...LOOKS_AT_CONSUMERS,
      { needs: 'run.services.update', on: CONSUMERS, because: 'makes a new revision of a consumer' },
      { needs: 'run.workerpools.update', on: CONSUMERS, because: 'the same of a worker pool' },
      {
        needs: 'roles/iam.serviceAccountUser',
        on: 'each account that consumers run as',
        because: 'a new revision runs as the consumer’s account',
      },
      ANNOUNCES,
    ],
  },
  notifier: {
    runs: ['notify'],
    ifStolen: 'reads the addresses of channels and can send false alerts; reads no key',
    grants: [
      { needs: 'secretmanager.secrets.get', on: SECRET, because: 'sees whether somebody silenced it' },
      { needs: READS, on: 'each credential of a channel', because: 'reads where to deliver' },
      { needs: 'pubsub.topics.publish', on: 'the delivery topic', because: 'gives each channel its own message' },
      { needs: 'pubsub.topics.publish', on: 'the dead-letter topic', because: 'puts aside what no retry can help' },
    ],
  },
  viewer: {
    runs: ['statusPage'],
    ifStolen: 'sees names, labels and annotations of every secret of the projects; reads no key and writes nothing',
    grants: [{ needs: 'secretmanager.secrets.list', on: PROJECT, because: 'shows what is remembered of each' }],
  },
  listener: {
    runs: ['acknowledge'],
    ifStolen: 'forges or wipes what the worker remembers of every watched secret, its silence too; reads no key',
    grants: [
      { needs: 'secretmanager.secrets.get', on: SECRET, because: 'sees what is open, and how it is silenced' },
      { needs: REMEMBERS, on: SECRET, because: 'writes the silence' },
      ANNOUNCES,
      { needs: READS, on: 'the secret that PagerDuty signs with', because: 'tells PagerDuty from a stranger' },
    ],
  },
  finder: {
    runs: ['leakReports'],
    ifStolen:
      'reads every watched key, and can send false alerts; writes nothing. Where reports begin emergencies (`emergencies_an_hour`), begins as many within an hour, of keys that consumers read',
    grants: [
      { needs: 'secretmanager.secrets.list', on: PROJECT, because: 'finds managed secrets by their label' },
      { needs: 'secretmanager.versions.list', on: SECRET, because: 'knows which versions can be read' },
      { needs: READS, on: SECRET, because: 'compares keys with the one that is reported' },
      ANNOUNCES,
      {
        needs: READS,
        on: 'each secret that leak reports are signed with',
        because: 'tells who may report from a stranger',
      },
      {
        needs: 'roles/run.invoker',
        on: 'each function that it calls',
        because: 'asks `rotate` for emergencies, where reports begin any, and may ask it for nothing else',
      },
    ],
  },
  surveyor: {
    runs: ['inventory'],
    ifStolen:
      'reads every key of the projects and every watched secret, and keeps people from being told of findings; changes no key and no secret but the one that remembers. It is there only where somebody asked for it',
    grants: [
      { needs: 'secretmanager.secrets.list', on: PROJECT, because: 'finds secrets that may hold a key' },
      { needs: 'secretmanager.versions.list', on: SECRET, because: 'knows which versions can be read' },
      { needs: READS, on: SECRET, because: 'compares what they hold with the keys' },
      { needs: 'apikeys.keys.list', on: KEYS, because: 'sees the keys, and what each may call' },
      { needs: 'apikeys.keys.getKeyString', on: KEYS, because: 'tells who holds a key' },
      { needs: 'monitoring.timeSeries.list', on: KEYS, because: 'sees when a key was used last' },
      { needs: 'iam.serviceAccounts.get', on: KEYS, because: 'sees how the account of a key stands' },
      { needs: 'secretmanager.secrets.get', on: MEMORY, because: 'knows what people were told' },
      { needs: REMEMBERS, on: MEMORY, because: 'remembers what they were told now' },
      ANNOUNCES,
    ],
  },
  scheduler: {
    runs: [],
    ifStolen: 'starts checks, reconciliations, purges and inventories, which do nothing that is not due',
    grants: [{ needs: 'roles/run.invoker', on: 'each function that it calls', because: 'calls on schedule' }],
  },
  push: {
    runs: [],
    ifStolen: 'feeds false events: false alerts, and a look at secrets that need none',
    grants: [{ needs: 'roles/run.invoker', on: 'each function that it calls', because: 'pushes events' }],
  },
  build: {
    runs: [],
    ifStolen: 'replaces the code of the worker: whoever holds it holds everything above',
    grants: [
      { needs: 'roles/storage.objectViewer', on: 'the worker’s project', because: 'reads the archive' },
      { needs: 'roles/artifactregistry.writer', on: 'the repository of its images', because: 'stores the image' },
      { needs: 'roles/logging.logWriter', on: 'the worker’s project', because: 'writes the build’s log' },
    ],
  },
};

/** What `doctor` needs of the person who runs it, to look at more than a secret; no account of the deployment has these. */
export const OPERATOR: readonly Grant[] = [
  {
    needs: 'pubsub.topics.get',
    on: 'the alert topic',
    because: 'tells a topic that is missing from one that is closed',
  },
  { needs: 'cloudscheduler.jobs.list', on: 'the worker’s project', because: 'sees how each job ran last' },
  { needs: 'orgpolicy.policy.get', on: KEYS, because: 'sees whether an organisation policy forbids keys' },
];

/** What an identity needs in one place, with the reasons. */
export function grantsOf(identity: Identity, on: GrantedOn): readonly Grant[] {
  return IDENTITIES[identity].grants.filter((grant) => grant.on === on);
}
