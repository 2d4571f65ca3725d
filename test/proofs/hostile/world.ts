import { Buffer } from 'node:buffer';
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { IDENTITIES } from '../../../src/core/google/permissions-of-deployment.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../../src/core/settings/settings.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { callerCheck } from '../../../src/edge/process/callers.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import type { GeminiKey } from '../../../src/emulator/world/keyring.ts';
import { healthCheck } from '../../../src/functions/health-check.ts';
import { onSecretEvent } from '../../../src/functions/on-secret-event.ts';
import { purgeFunction } from '../../../src/functions/purge.ts';
import { reconcileFunction } from '../../../src/functions/reconcile.ts';
import { rotateFunction } from '../../../src/functions/rotate.ts';
import { wireTo } from '../../../src/wire.ts';
import { pretendCloud, NUMBER, OTHER, PROJECT, START } from '../../support/cloud.ts';
import { served } from '../../support/served.ts';

/** The secret whose annotations somebody may write, and another one that he may not even look at. */
export const MINE = `projects/${NUMBER}/secrets/gemini`;
export const THEIRS = `projects/${NUMBER}/secrets/chat-app`;
const ACCOUNT = `gemini@${PROJECT}.iam.gserviceaccount.com`;

/** The worker’s own secret, on which freezes stand. */
export const BOOK = `projects/${NUMBER}/secrets/book`;

/** The versions of the secret: an old one, one that a person staged, and the one that consumers read. */
export const OLD = 1;
export const STAGED = 2;
export const CURRENT = 3;

/** Under whose rights each deployed entry point acts. */
const IDENTITY_OF = { reconcile: 'rotator', rotate: 'rotator', purge: 'purger', healthCheck: 'checker' } as const;
type Identity = (typeof IDENTITY_OF)[keyof typeof IDENTITY_OF];

export interface HostileWorld {
  readonly cloud: PretendCloud;
  /** Keys that are none of the secret's: of another one, deleted, of another project. */
  readonly foreign: { readonly theirs: GeminiKey; readonly deleted: GeminiKey; readonly elsewhere: GeminiKey };
  /** The secret's own. */
  readonly own: { readonly old: GeminiKey; readonly current: GeminiKey; readonly staged: string };
  /** Every line that the worker logged, announcements among them, and every answer that it gave. */
  readonly said: string[];
  /** Writes annotations and the alias `previous`, as whoever may update the secret can. */
  write(annotations: Readonly<Record<string, string | null>>, previous?: number): void;
  /** Calls a deployed entry point, which acts under the rights of its own identity and no others; with the proof that a caller brings. */
  call(name: keyof typeof IDENTITY_OF, body?: object, authorization?: string): Promise<number>;
  /** Has Secret Manager's event pushed. */
  push(attributes: Readonly<Record<string, string>>): Promise<number>;
  startOver(): void;
  close(): Promise<void>;
}

export function nameOf({ project, keyId }: GeminiKey): string {
  return `projects/${project}/locations/global/keys/${keyId}`;
}

/** A pretend cloud with the deployment's roles and no owner among those who call, and the worker's functions before it. */
export async function hostileWorld(more: Readonly<Record<string, string>> = {}): Promise<HostileWorld> {
  const time = { now: START };
  const acting: { as: Identity } = { as: 'rotator' };
  const cloud = await pretendCloud({
    clock: { now: () => time.now, advance: (milliseconds) => void (time.now += milliseconds) },
    projects: { [PROJECT]: NUMBER, [OTHER]: '210987654321' },
    propagation: { newKeyMs: 0 },
    printBugs: true,
    services: [
      {
        title: 'who calls',
        answer({ headers, path }) {
          // Gemini is asked with a key, everything else with the identity of the function.
          if (!path.startsWith('/v1beta')) Object.assign(headers, { authorization: `Bearer ${acting.as}` });
          return undefined;
        },
      },
    ],
  });
  const said: string[] = [];
  const clock = {
    now: () => instantOf(time.now),
    sleep: (milliseconds: number) => cloud.advance(Math.max(0, milliseconds)),
  };
  const reading = readSettings(
    {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      KEY_WARDEN_CONFIRM_ANSWERS: '1',
      KEY_WARDEN_VERIFY_CALLERS: 'off',
      ...more,
    },
    { project: true, callers: true },
  );
  if ('problems' in reading) {
    // What is left open would keep the whole run of tests from ending.
    await cloud.close();
    throw new Error(`the settings cannot be used: ${reading.problems.join('; ')}`);
  }
  const { settings } = reading;
  const log = { write: (...line: readonly unknown[]) => void said.push(JSON.stringify(line)) };
  const wired = wireTo(log, { clock, random: () => 0.5 })(settings);
  const { ports } = wired;
  const { secretPolicy, concurrency, budgetSeconds, runEveryMinutes, rotationsMax, sharedKeyMinutesMin } = settings;
  const { approval, noticeDays } = settings;
  const scopes = scopesOf(settings);
  const callers = callerCheck(settings.callers, settings.endpoints.oidc, clock.now);
  const scope = { scopes, concurrency, secretPolicy };
  http('rotate', rotateFunction(ports, { me: 'w', ...scope, approval, budgetSeconds, sharedKeyMinutesMin }, callers));
  http(
    'reconcile',
    reconcileFunction(
      ports,
      { ...scope, budgetSeconds, runEveryMinutes, rotationsMax, me: 'w' },
      { callers, use: undefined },
    ),
  );
  http('purge', purgeFunction(ports, scope, callers));
  const pace = { budgetSeconds, runEveryMinutes, rotationsMax };
  const looks = { ...scope, ...pace, noticeDays, deep: 'when_due', record: true } as const;
  http('healthCheck', healthCheck(ports, looks, callers));
  cloudEvent('onSecretEvent', onSecretEvent(ports, { me: 'w', secretPolicy, scopes, rotationsMax }));

  const issue = (project: string, annotations: Readonly<Record<string, string>> = {}): GeminiKey =>
    cloud.keyring.issue(
      { project, kind: 'auth', serviceAccountEmail: ACCOUNT, annotations, restrictions: GEMINI_ONLY },
      time.now,
    );
  const world = { made: undefined as Pick<HostileWorld, 'foreign' | 'own'> | undefined };
  const startOver = (): void => {
    cloud.reset();
    time.now = START;
    said.length = 0;
    for (const identity of new Set(Object.values(IDENTITY_OF))) grantTo(cloud, identity);
    const theirs = issue(NUMBER, { [SECRET_MARK]: THEIRS });
    const deleted = issue(NUMBER, { [SECRET_MARK]: THEIRS });
    const elsewhere = issue('210987654321');
    const [old, current] = [issue(NUMBER), issue(NUMBER)];
    const staged = cloud.identities.keyString('auth');
    cloud.keyring.change(deleted.uid, { deletedAt: time.now }, time.now);
    const labels = { 'key-warden': 'managed' };
    cloud.secrets.seed({
      project: PROJECT,
      secretId: 'chat-app',
      payloads: [theirs.keyString],
      labels,
      aliases: { current: 1 },
    });
    cloud.secrets.seed({
      project: PROJECT,
      secretId: 'gemini',
      payloads: [old.keyString, staged, current.keyString],
      labels,
      aliases: { current: CURRENT },
    });
    cloud.secrets.seed({ project: PROJECT, secretId: 'book', payloads: [], labels: {} });
    cloud.secrets.call('disableSecretVersion', {}, { name: `${MINE}/versions/${OLD}` });
    world.made = { foreign: { theirs, deleted, elsewhere }, own: { old, current, staged } };
  };
  startOver();
  const made = () => {
    if (world.made === undefined) throw new Error('nothing was made');
    return world.made;
  };
  const ask = async (name: string, body: object, headers: Record<string, string> = {}): Promise<number> => {
    await using worker = await served(name);
    const answer = await fetch(worker.url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
    said.push(await answer.text());
    return answer.status;
  };
  return {
    cloud,
    said,
    startOver,
    get foreign() {
      return made().foreign;
    },
    get own() {
      return made().own;
    },
    write(annotations, previous) {
      const versionAliases = { current: CURRENT, ...(previous === undefined ? {} : { previous }) };
      const secret = { name: MINE, annotations, versionAliases };
      cloud.secrets.call('updateSecret', {}, { secret, updateMask: 'annotations,version_aliases' });
    },
    call(name, body = {}, authorization) {
      acting.as = IDENTITY_OF[name];
      return ask(name, body, authorization === undefined ? {} : { authorization });
    },
    push(attributes) {
      acting.as = 'rotator';
      const data = Buffer.from('{}').toString('base64');
      return ask('onSecretEvent', { message: { attributes, data }, subscription: 's' }, PUSHED);
    },
    async close() {
      await wired[Symbol.asyncDispose]();
      await cloud.close();
    },
  };
}

const GEMINI_ONLY = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };

const PUSHED = {
  'ce-id': '1',
  'ce-source': '//pubsub.googleapis.com/projects/p/topics/t',
  'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
  'ce-specversion': '1.0',
};

/** What the table of permissions says that an identity has, and nothing else: on accounts, and on the projects. */
function grantTo({ iam, accounts }: PretendCloud, identity: Identity): void {
  const member = `serviceAccount:${identity}@${PROJECT}.iam.gserviceaccount.com`;
  iam.register(identity, member.slice('serviceAccount:'.length));
  const needs = IDENTITIES[identity].grants.map(({ needs: permission }) => permission);
  const role = `projects/${PROJECT}/roles/${identity}`;
  iam.defineRole(role, needs);
  iam.grant(PROJECT, member, role);
  accounts.grant(ACCOUNT, member, role);
}
