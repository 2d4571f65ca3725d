import { check } from '../../../src/app/check/check.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';
import { scopesOf, type Settings } from '../../../src/core/settings/settings.ts';
import type { SecretScope } from '../../../src/app/ports/ports.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { structuredLog } from '../../../src/edge/process/log.ts';
import { wireTo, type Wired } from '../../../src/wire.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import type { KeyState } from '../../../src/emulator/world/key-states.ts';
import type { IssuedKind } from '../../../src/emulator/world/keyring.ts';
import { run, type Captured } from '../../support/captured.ts';
import { pretendCloud, START } from '../../support/cloud.ts';

export const PROJECT = 'search-prod';
/** Where keys are made that are not made in the secret's project. */
const ELSEWHERE = 'keys-prod';
export const ACCOUNT = `app-runner@${PROJECT}.iam.gserviceaccount.com`;

/** What the worker is called with, whichever of its functions it is. */
export type WorkerOrder = Settings & { readonly scopes: readonly SecretScope[]; readonly me: string };

/** A secret in trouble. */
export interface Trouble {
  readonly state?: KeyState;
  readonly kind?: IssuedKind;
  readonly managed?: boolean;
  /** The key was made in another project than the secret's. */
  readonly elsewhere?: boolean;
  /** What is stored in place of the key alone. */
  readonly stored?: (key: string) => string;
  /** Something that was done to it afterwards. */
  readonly spoilt?: (on: Stand) => Promise<void>;
}

/** A pretend cloud with one secret in trouble, and a person who types what is printed. */
/** The worker’s own secret, on which freezes stand. */
export const BOOK = `projects/${PROJECT}/secrets/key-warden-silences`;

export interface Stand {
  readonly cloud: PretendCloud;
  readonly key: string;
  /** One that somebody made by hand, in another project, and that works. */
  readonly newKey: string;
  /** Who reads it in AI Studio knows it. */
  readonly keyProject: string;
  type(words: readonly string[], input?: string): Promise<Captured>;
  /** What the worker does, by its own code; answers what it announced. */
  worker(
    act: (ports: Wired['ports'] & Pick<Wired, 'reader'>, order: WorkerOrder) => Promise<unknown>,
  ): Promise<readonly Notice[]>;
  /** The scheduled check, which records what it finds; answers what it announced. */
  scheduledCheck(): Promise<readonly Notice[]>;
  post(path: string, body?: unknown, method?: 'POST' | 'PATCH'): Promise<void>;
  /** What the owner of the key, or of its project, does about it there. */
  mend(project: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export const SECRET = `projects/${PROJECT}/secrets/app`;

export async function standIn({
  state = 'works',
  kind = 'auth',
  managed = true,
  elsewhere = false,
  stored,
  spoilt,
}: Trouble): Promise<Stand> {
  const cloud = await pretendCloud({
    base: () => START,
    propagation: { newKeyMs: 0 },
    projects: { [PROJECT]: '222222222222', [ELSEWHERE]: '333333333333' },
  });
  const clock = { now: () => instantOf(cloud.clock.now()), sleep: (ms: number) => cloud.advance(ms) };
  const project = cloud.names.numberOf(elsewhere ? ELSEWHERE : PROJECT);
  const key = cloud.identities.keyString(kind);
  const account = kind === 'auth' ? { serviceAccountEmail: ACCOUNT } : {};
  const { uid } = cloud.keyring.put(key, state, { project, kind, ...account }, cloud.clock.now() - 40 * 86_400_000);
  cloud.keyring.change(uid, { displayName: 'app' }, cloud.clock.now());
  const newKey = cloud.identities.keyString('auth');
  cloud.keyring.put(newKey, 'works', { project: cloud.names.numberOf(PROJECT), kind: 'auth' }, 0);
  const spare = cloud.identities.keyString('auth');
  cloud.keyring.put(spare, 'works', { project, kind: 'auth', serviceAccountEmail: ACCOUNT }, 0);
  cloud.secrets.seed({
    project: PROJECT,
    secretId: 'app',
    payloads: [spare, stored?.(key) ?? key],
    labels: managed ? { 'key-warden': 'managed' } : {},
    ...(managed ? { aliases: { current: 2 } } : {}),
  });
  cloud.secrets.seed({ project: PROJECT, secretId: 'key-warden-silences', payloads: [], labels: {} });
  const environment = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: PROJECT,
    KEY_WARDEN_SILENCES: BOOK,
    USER: 'jane',
    KEY_WARDEN_KEY_ACCOUNTS: ACCOUNT,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
  };
  const on: Stand = {
    cloud,
    key,
    newKey,
    keyProject: elsewhere ? ELSEWHERE : PROJECT,
    type: (words, input) => run(words, { environment, clock, ...(input === undefined ? {} : { input }) }),
    async worker(act) {
      const reading = readSettings(environment, { project: true, callers: false });
      if ('problems' in reading) throw new Error(reading.problems.join('\n'));
      const { settings } = reading;
      await using wired = wireTo(
        structuredLog(() => undefined),
        { clock, random: () => 0.5 },
      )(settings);
      const told: Notice[] = [];
      const announcer = { announce: (notice: Notice) => Promise.resolve(void told.push(notice)) };
      await act(
        { ...wired.ports, reader: wired.reader, announcer },
        { ...settings, scopes: scopesOf(settings), me: 'the worker' },
      );
      return told;
    },
    scheduledCheck: () => on.worker((ports, order) => check(ports, { ...order, deep: 'always', record: true })),
    async post(path, body = {}, method = 'POST') {
      const sent = { method, body: JSON.stringify(body) };
      const reply = await fetch(`${cloud.url}${path}`, sent);
      if (!reply.ok) throw new Error(await reply.text());
    },
    mend(at) {
      if (![project, elsewhere ? ELSEWHERE : PROJECT].includes(at)) throw new Error(`an innocent project: ${at}`);
      cloud.keyring.put(key, 'works', { project }, cloud.clock.now());
    },
    [Symbol.asyncDispose]: () => cloud.close(),
  };
  await spoilt?.(on);
  return on;
}

/** A word with what only a person can put in. */
export function filledIn({ cloud, key, keyProject }: Stand, word: string): string {
  const uid = cloud.keyring.byString(key)?.keyId ?? '';
  return word
    .replace('SERVICE_ACCOUNT_EMAIL', ACCOUNT)
    .replace('KEY_PROJECT_ID', keyProject)
    .replace('BILLING_ACCOUNT_ID', '012345-6789AB-CDEF01')
    .replace('ALL_ADDRESSES', '203.0.113.7')
    .replace('WORKER_PROJECT_ID', PROJECT)
    .replace('YOUR_EMAIL', 'jane@example.com')
    .replace('WORKER_EMAIL', ACCOUNT)
    .replace('GOOD_VERSION', '1')
    .replace('NEW_VERSION', '3')
    .replace('KEY_ID', uid);
}

/** A printed line as words, its quotes resolved, and whether it takes a key by a pipe. */
export function wordsOf(line: string): { readonly words: readonly string[]; readonly takes?: 'key' | 'newKey' } {
  const command = line.split(' | ').at(-1) ?? '';
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return line.includes(' | ') ? { words, takes: line.includes('$NEW_KEY') ? 'newKey' : 'key' } : { words };
}
