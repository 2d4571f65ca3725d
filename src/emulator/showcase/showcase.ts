import { GEMINI_API } from '../world/restrictions.ts';
import type { KeyState } from '../world/key-states.ts';
import type { IssuedKind, KeyChange } from '../world/keyring.ts';
import type { PretendCloud } from '../server/server.ts';

const HOUR_MS = 3_600_000;
/** Keys that are in use have been there for a while. */
const AGE_MS = 30 * 24 * HOUR_MS;

/** The project that the demo and a locally started worker look at. */
export const SHOWCASE_PROJECT = 'demo-project';

interface Exhibit {
  readonly secretId: string;
  readonly kind: IssuedKind;
  readonly state: KeyState;
  /** What is stored around the key, as people do by accident. */
  readonly stored?: (key: string) => string;
  /** Set at the issuer, where it can be found and undone with gcloud. */
  readonly issuer?: (now: number) => KeyChange;
}

/** One secret per thing that is worth seeing once. */
const EXHIBITS = [
  { secretId: 'search-app', kind: 'auth', state: 'works' },
  { secretId: 'chat-app', kind: 'standard', state: 'works' },
  { secretId: 'echoed-key', kind: 'auth', state: 'works', stored: (key) => `${key}\n` },
  { secretId: 'old-app', kind: 'standard', state: 'works', issuer: (now) => ({ deletedAt: now - HOUR_MS }) },
  {
    secretId: 'batch-jobs',
    kind: 'auth',
    state: 'works',
    issuer: () => ({ restrictions: { apiTargets: [{ service: GEMINI_API }], allowedIps: ['203.0.113.7'] } }),
  },
  { secretId: 'public-repo', kind: 'standard', state: 'leaked' },
] as const satisfies readonly Exhibit[];

type ExhibitId = (typeof EXHIBITS)[number]['secretId'];

/** The set-up show: keys stay in here, never printed. */
export interface Showcase {
  /** Makes the key of a secret answer differently from now on, as a leak or a deletion would. */
  turn(secretId: ExhibitId, state: KeyState): void;
}

/** Fills a pretend cloud with managed secrets in different conditions, each read through the alias `current`. */
export function setUpShowcase(cloud: PretendCloud): Showcase {
  const project = cloud.names.add(SHOWCASE_PROJECT);
  const keys = new Map<string, string>();
  const exhibits: readonly Exhibit[] = EXHIBITS;
  const now = cloud.clock.now();
  for (const { secretId, kind, state, stored, issuer } of exhibits) {
    const key = cloud.identities.keyString(kind);
    const email = `${secretId}@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;
    const account = kind === 'auth' ? { serviceAccountEmail: email } : {};
    if (kind === 'auth') cloud.accounts.setState(email, 'active');
    const { uid } = cloud.keyring.put(key, state, { project, kind, ...account }, now - AGE_MS);
    cloud.keyring.change(uid, { displayName: secretId, ...issuer?.(now) }, now - AGE_MS);
    cloud.secrets.seed({
      project: SHOWCASE_PROJECT,
      secretId,
      payloads: [stored?.(key) ?? key],
      labels: { 'key-warden': 'managed', team: 'demo' },
      aliases: { current: 1 },
    });
    keys.set(secretId, key);
  }
  return {
    turn(secretId, state) {
      const key = keys.get(secretId);
      if (key !== undefined) cloud.keyring.put(key, state, { project }, cloud.clock.now());
    },
  };
}

/** What the pretend PagerDuty signs with, and whoever reports leaks. */
export const SHOWCASE_SIGNING = 'what-the-pretend-pagerduty-signs-with';

/** Stores that as a secret, makes one for what inventories have told, and says where: `acknowledge`, `leakReports` and `inventory` start with it. */
export function showcaseSigning(cloud: PretendCloud): Readonly<Record<string, string>> {
  const secretId = 'pagerduty-webhook';
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads: [SHOWCASE_SIGNING] });
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'key-warden-inventory', payloads: [] });
  const name = `projects/${SHOWCASE_PROJECT}/secrets/${secretId}`;
  return {
    KEY_WARDEN_PAGERDUTY_SIGNING: name,
    KEY_WARDEN_LEAK_SIGNING: `github=${name},gitguardian=${name}`,
    KEY_WARDEN_INVENTORY_MEMORY: `projects/${SHOWCASE_PROJECT}/secrets/key-warden-inventory`,
  };
}

/**
 * Environment of a worker that looks after the show and lets anybody call, with the topics that announcements pass
 * through; each entry point starts with it.
 */
export function showcaseEnvironment(cloud: PretendCloud): Readonly<Record<string, string>> {
  const topic = (id: string) => {
    const name = `projects/${SHOWCASE_PROJECT}/topics/${id}`;
    cloud.pubsub.store.createTopic({ name, labels: {} });
    return name;
  };
  return {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_VERIFY_CALLERS: 'off',
    KEY_WARDEN_ALERT_TOPIC: topic('alerts'),
    KEY_WARDEN_DELIVERY_TOPIC: topic('deliveries'),
    KEY_WARDEN_DEAD_LETTER_TOPIC: topic('dead-letters'),
  };
}
