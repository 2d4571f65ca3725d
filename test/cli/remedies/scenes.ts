import { expect } from '@jest/globals';
import { hearLeak } from '../../../src/app/alerts/hear-leak.ts';
import { tellNews } from '../../../src/app/inventory/tell-news.ts';
import { silenceSecret } from '../../../src/app/alerts/silence-secret.ts';
import { approvalsOf } from '../../../src/app/approval/approvals.ts';
import { check } from '../../../src/app/check/check.ts';
import { takeUp } from '../../../src/app/on-record/take-up-event.ts';
import { purgeFleet } from '../../../src/app/purge/purge-fleet.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { freeze } from '../../../src/app/rotation/freeze.ts';
import { start } from '../../../src/app/rotation/start.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { stoppedWarning } from '../../../src/core/alerts/stopped-rotations.ts';
import { unusualUseOf, unusualUseOfNobody } from '../../../src/core/alerts/unusual-use.ts';
import { secretWarnings } from '../../../src/core/alerts/secret-warning.ts';
import { WARNED_OF } from '../../../src/core/alerts/notices/secret-notices.ts';
import type { Notice, NoticeType } from '../../../src/core/alerts/notice.ts';
import type { SecretRisk } from '../../../src/core/health/secret-risk.ts';
import { MANAGED_SINCE_FORM } from '../../../src/core/record/managed-since.ts';
import type { Steering } from '../../../src/core/record/journal.ts';
import type { SecretEvent } from '../../../src/core/rotation/store-event.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { writeRetired } from '../../support/annotations.ts';
import { look } from './follow.ts';
import { ACCOUNT, BOOK, PROJECT, SECRET, type Stand, type Trouble } from './stand.ts';

/** How a notice comes about, and how each command ends that is told with it. */
export interface Scene {
  readonly when: string;
  readonly trouble?: Trouble;
  /** Brings it about by the worker's own code; what was told on the way. */
  tell(on: Stand): Promise<readonly Notice[]>;
  /** What the words ask a person to do before. */
  mend?(on: Stand): Promise<void>;
  /** Exit codes by command, in the order in which they are told; the names of secret and project left out. */
  readonly ends: Readonly<Record<string, number>>;
  /** What is true afterwards. */
  proof?(on: Stand): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ANA = { who: 'ana', is: 'claimed' } as const;
const APPROVALS = `projects/${PROJECT}/secrets/approvals`;
const VERSIONS = `/v1/${SECRET}/versions`;

/** Beside whatever would be said again. */
const QUIET = 'key-warden silence --until 4h --reason acknowledged';

type Tell = Scene['tell'];

/** One after the other; what all of them told. */
const after =
  (...tells: readonly ((on: Stand) => Promise<readonly Notice[] | void>)[]): Tell =>
  async (on) => {
    const told: Notice[] = [];
    for (const tell of tells) told.push(...((await tell(on)) ?? []));
    return told;
  };

const checked: Tell = (on) => on.scheduledCheck();
const days =
  (count: number) =>
  async ({ cloud }: Stand): Promise<void> =>
    cloud.advance(count * DAY_MS);
/** All is frozen from now on. */
const frozen =
  (count: number): Tell =>
  (on) =>
    on.worker((ports) => {
      const until = instantOf(on.cloud.clock.now() + count * DAY_MS);
      const silence = { reason: 'year end', owner: 'ana', until };
      return freeze(ports, { book: BOOK, scopes: [] }, { about: { all: true }, by: ANA, dryRun: false, silence });
    });
const begun =
  (emergency = false, account?: string): Tell =>
  (on) =>
    on.worker((ports, order) =>
      start(
        ports,
        {
          ...order,
          secret: SECRET,
          asked: {
            reason: emergency ? 'leaked' : 'request',
            candidate: 'minted',
            emergency,
            by: ANA,
            ...(account === undefined ? {} : { mint: { keyServiceAccount: account } }),
          },
        },
        () => undefined,
      ),
    );
const wished =
  (to: Steering): Tell =>
  (on) =>
    on.worker(async (ports, order) => {
      await ask(ports.vault, SECRET, { to, by: ANA });
      await drive(ports, { ...order, secret: SECRET }, () => undefined);
    });
const reconciled: Tell = (on) => on.worker((ports, order) => reconcile(ports, order));
const purged: Tell = (on) => on.worker((ports, order) => purgeFleet(ports, { ...order, dryRun: false }));
const event =
  (happened: (on: Stand) => SecretEvent): Tell =>
  (on) =>
    on.worker((ports, order) => takeUp(ports, order, happened(on)));
const denied: Tell = async ({ cloud }) => {
  const reply = { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } } };
  cloud.faults.plant({ method: 'POST', path: ':addVersion' }, Infinity, { act: 'answer', reply });
  return [];
};
/** The right is back; and a rotation of the same millisecond would have the same id. */
const granted = async ({ cloud }: Stand): Promise<void> => {
  cloud.faults.clear();
  await cloud.advance(1_000);
};
const taken =
  (change: 'disable' | 'destroy'): Tell =>
  (on) =>
    after(
      ({ post }) => post(`${VERSIONS}/2:${change}`),
      event(({ cloud }) => ({
        is: 'taken away',
        secret: SECRET,
        version: 2,
        change: change === 'disable' ? 'disabled' : 'destroyed',
        at: instantOf(cloud.clock.now()),
      })),
    )(on);
const unusual =
  (isServed: boolean): Tell =>
  (on) =>
    on.worker(async ({ announcer, clock }) => {
      const use = { hour: clock.now(), requests: 2_400, usual: 20, most: 80 };
      const found = { key: `projects/${PROJECT}/locations/global/keys/app`, project: PROJECT, use, methods: [] };
      const holder = { secret: SECRET, version: 2, project: PROJECT };
      await announcer.announce(isServed ? unusualUseOf(found, holder) : unusualUseOfNobody(found));
    });
const reported =
  (keysOf: (on: Stand) => readonly string[]): Tell =>
  (on) =>
    on.worker((ports, order) => {
      const keys = keysOf(on).map((key) => new KeyText(key));
      return hearLeak(ports, { ...order, emergencies: 0, report: '9f3c2a17b0d4e586' }, { source: 'github', keys });
    });
const inventoried: Tell = (on) =>
  on.worker((ports, order) =>
    tellNews(ports, { ...order, projects: [PROJECT], keyProjects: [PROJECT], memory: BOOK, dryRun: false }),
  );
/** Auth keys that somebody makes in the console, and stores nowhere. */
const madeByHand = ({ cloud }: Stand, count = 1): void => {
  const project = cloud.names.numberOf(PROJECT);
  for (let at = 1; at <= count; at += 1) {
    const key = cloud.identities.keyString('auth');
    const made = { project, kind: 'auth', keyId: `by-hand-${at}`, serviceAccountEmail: ACCOUNT } as const;
    cloud.keyring.put(key, 'works', made, cloud.clock.now());
  }
};
const works = async (on: Stand): Promise<void> => expect((await look(on)).cause).toBe('ok');

/** Its key is 40 days old when it comes under care. */
const adoptedLate = ({ post, cloud }: Stand): Promise<void> => {
  const [since, madeAt] = [instantOf(cloud.clock.now()), instantOf(cloud.clock.now() - 40 * DAY_MS)];
  const annotations = { 'key-warden.managed-since': MANAGED_SINCE_FORM.write({ since, key: { version: 2, madeAt } }) };
  return post(`/v1/${SECRET}?updateMask=annotations`, { annotations }, 'PATCH');
};
/** A check that runs once a day, and tells owners ahead. */
const dailyLook =
  (rotationsMax: number): Tell =>
  (on) =>
    on.worker((ports, { secretPolicy, ...order }) => {
      const rotation = { ...secretPolicy.rotation, maxAgeDays: 45 };
      const daily = {
        ...order,
        rotationsMax,
        noticeDays: 7,
        runEveryMinutes: 1440,
        deep: 'never' as const,
        record: true,
      };
      return check(ports, { ...daily, secretPolicy: { ...secretPolicy, rotation } });
    });

const NOTHING = {};
const nothing = (): Promise<void> => Promise.resolve();
/** Somebody adds a version with a key of theirs. */
const add = ({ post, newKey }: Stand): Promise<void> =>
  post(`/v1/${SECRET}:addVersion`, { payload: { data: Buffer.from(newKey).toString('base64') } });
const pointing = (version: number) =>
  [`/v1/${SECRET}?updateMask=versionAliases`, { versionAliases: { current: String(version) } }, 'PATCH'] as const;
/** The list of old keys names a key that is not this secret's. */
const claimed = async ({ post, cloud, newKey }: Stand): Promise<void> => {
  const { uid = '', keyId = '' } = cloud.keyring.byString(newKey) ?? {};
  const name = `projects/${cloud.names.numberOf(PROJECT)}/locations/global/keys/${keyId}`;
  const old = { version: 1, key: { name, uid }, at: instantOf(cloud.clock.now()), rotation: 'kw-1' };
  const annotations = { 'key-warden.retired': writeRetired([old]) };
  await post(`/v1/${SECRET}?updateMask=annotations`, { annotations }, 'PATCH');
};
/** Two more secrets whose keys fare like the first one's. */
const three = async ({ cloud, key }: Stand): Promise<void> => {
  for (const secretId of ['second', 'third'])
    cloud.secrets.seed({
      project: PROJECT,
      secretId,
      payloads: [key],
      labels: { 'key-warden': 'managed' },
      aliases: { current: 1 },
    });
};

/** What threatens a secret, in the words that the worker has for it, and what the command beside them comes to. */
const warned = (
  risk: SecretRisk,
  ends: Scene['ends'],
  {
    happened = nothing,
    ...rest
  }: Omit<Partial<Scene>, 'tell'> & { readonly happened?: (on: Stand) => Promise<void> } = {},
): Scene => ({
  when: risk.because,
  async tell(on) {
    await happened(on);
    return secretWarnings(PROJECT, [{ secret: SECRET, risk }], instantOf(on.cloud.clock.now()));
  },
  ends,
  ...rest,
});

const GOOD = 'gcloud secrets update app --update-version-aliases=current=GOOD_VERSION';
const LIST = 'gcloud secrets versions list app';
const DESCRIBE = 'gcloud secrets describe app';
const ALIAS = 'versionAliases';
const noAlias = (on: Stand) => on.post(`/v1/${SECRET}?updateMask=${ALIAS}`, { versionAliases: {} }, 'PATCH');
const space = { used: 1, most: 2, needed: 3 };
const shared = { key: 'projects/1/locations/global/keys/k', holders: 'other (version 1)' };

/** A risk that no scene brings about does not compile. */
const RISK_SCENES = {
  label_removed: warned(
    { because: 'label_removed' },
    { 'key-warden init': 0 },
    { trouble: { managed: false }, proof: works },
  ),
  expires: warned(
    { because: 'expires', at: instantOf(Date.UTC(2026, 11, 1)) },
    { 'gcloud secrets update app --remove-expiration': 0 },
    {
      happened: (on) => on.post(`/v1/${SECRET}?updateMask=expireTime`, { expireTime: '2026-12-01T00:00:00Z' }, 'PATCH'),
    },
  ),
  annotations_full: warned({ because: 'annotations_full', space: { of: 'annotations', ...space } }, { [DESCRIBE]: 0 }),
  aliases_full: warned({ because: 'aliases_full', space: { of: 'aliases', ...space } }, { [DESCRIBE]: 0 }),
  current_removed: warned({ because: 'current_removed', version: 2 }, { [DESCRIBE]: 0 }),
  current_missing: warned(
    { because: 'current_missing', version: 2 },
    { [LIST]: 0, [GOOD]: 0 },
    { happened: noAlias, proof: works },
  ),
  current_leaked: warned(
    { because: 'current_leaked', version: 2 },
    { [LIST]: 0, [GOOD]: 0 },
    { trouble: { state: 'leaked' }, proof: works },
  ),
  current_contested: warned({ because: 'current_contested', version: 2 }, { 'key-warden rotate': 0 }),
  unwritable: warned({ because: 'unwritable', why: 'Secret Manager refuses it.' }, { 'key-warden doctor': 0 }),
  no_account: warned({ because: 'no_account' }, { 'key-warden status': 3 }, { trouble: { kind: 'standard' } }),
  shared_key_dies: warned(
    { because: 'shared_key_dies', at: instantOf(Date.UTC(2026, 10, 25)), ...shared },
    { 'key-warden status --holders': 3 },
  ),
  shared_key_deleted: warned({ because: 'shared_key_deleted', ...shared }, { 'key-warden status --holders': 3 }),
  consumers_kept: warned(
    { because: 'consumers_kept', why: '1 consumer may keep the old key: api in europe-west1: no port' },
    { 'key-warden reach --again': 0 },
  ),
  rotations_stopped: {
    when: 'rotations_stopped',
    tell: (on) => {
      const keeper = { secret: SECRET, project: PROJECT };
      const now = instantOf(on.cloud.clock.now());
      return Promise.resolve([stoppedWarning(keeper, { project: PROJECT, why: 'no account', others: 1, now })]);
    },
    ends: { 'key-warden status': 3 },
  },
} as const satisfies Record<(typeof WARNED_OF)[number], Scene>;

const SEEN = { 'key-warden doctor': 1, [QUIET]: 0 };
const HELD = { 'key-warden status': 5, 'key-warden resume': 0 };
const BACK = { 'key-warden check': 0, 'key-warden rollback': 0 };

/** Of every type of notice at least one scene; a type without does not compile, and none stands for one that no command goes with. */
export const SCENES: Readonly<Record<NoticeType, readonly Scene[]>> = {
  'key.unhealthy': [{ when: 'dead', trouble: { state: 'invalid' }, tell: checked, ends: SEEN }],
  'key.unclear': [
    {
      when: 'no word of the key',
      trouble: { state: 'overloaded' },
      tell: after(checked, checked, checked),
      ends: { 'key-warden status': 3, [QUIET]: 0 },
    },
  ],
  'key.reminder': [
    { when: 'dead for a day', trouble: { state: 'invalid' }, tell: after(checked, days(1), checked), ends: SEEN },
  ],
  'key.recovered': [
    {
      when: 'works again',
      trouble: { state: 'invalid' },
      tell: after(checked, async ({ mend, keyProject }) => mend(keyProject), checked, checked),
      ends: NOTHING,
    },
  ],
  'key.unwatched': [
    {
      when: 'dead, and its label is gone',
      trouble: { state: 'invalid' },
      tell: after(
        checked,
        ({ post }) => post(`/v1/${SECRET}?updateMask=labels`, { labels: {} }, 'PATCH'),
        event(() => ({ is: 'changed', secret: SECRET })),
      ),
      ends: NOTHING,
    },
  ],
  'key.aging': [
    {
      when: 'nothing begins by itself',
      tell: after(adoptedLate, days(1), dailyLook(0)),
      ends: { 'key-warden rotate': 0 },
    },
  ],
  'rotation.planned': [
    {
      when: 'it begins by itself',
      tell: after(adoptedLate, days(1), dailyLook(20)),
      ends: { 'key-warden rotate --dry-run': 0 },
    },
  ],
  'rotation.proposed': [
    {
      when: 'by the schedule, for somebody who knows no deployment',
      tell: (on) =>
        on.worker((ports, { secretPolicy, ...order }) => {
          const policy = { ...secretPolicy, rotation: { ...secretPolicy.rotation, approval: 1 } };
          const approvals = approvalsOf(ports, { ...order, book: APPROVALS, hours: 72 });
          return start(
            { ...ports, approvals },
            {
              ...order,
              secretPolicy: policy,
              secret: SECRET,
              asked: { reason: 'request', candidate: 'minted', emergency: false },
            },
            () => undefined,
          );
        }),
      ends: { 'key-warden approve': 4 },
      trouble: {
        spoilt: ({ cloud }) =>
          Promise.resolve(void cloud.secrets.seed({ project: PROJECT, secretId: 'approvals', payloads: [] })),
      },
    },
  ],
  'secret.warning': WARNED_OF.map((because) => RISK_SCENES[because]),
  'version.changed': [
    { when: 'disabled', tell: taken('disable'), ends: { 'gcloud secrets versions enable 2': 0 }, proof: works },
    { when: 'destroyed', tell: taken('destroy'), ends: { 'key-warden check': 1, [GOOD]: 0 }, proof: works },
  ],
  'name.unproven': [
    { when: 'in the list of old keys', tell: after(claimed, days(60), purged), ends: { 'key-warden status': 3 } },
  ],
  'silence.set': [
    {
      when: 'by a person',
      tell: (on) =>
        on.worker((ports) => {
          const silence = { reason: 'a move', owner: 'ana', until: instantOf(on.cloud.clock.now() + HOUR_MS) };
          return silenceSecret(ports, SECRET, { silence, by: ANA }, false);
        }),
      ends: { 'key-warden silence --end': 0 },
    },
  ],
  'silence.ended': [],
  'freeze.set': [
    {
      when: 'by a person',
      tell: frozen(7),
      ends: { 'key-warden unfreeze --id mwun79c0': 0 },
    },
  ],
  'freeze.ended': [],
  'rotation.due': [
    {
      when: 'of age, in a freeze of a week',
      tell: async (on) => {
        await after(days(91), frozen(7))(on);
        return reconciled(on);
      },
      ends: { 'key-warden status': 3 },
    },
  ],
  'rotation.opened': [{ when: 'by a person', tell: begun(), ends: { 'key-warden status': 3 } }],
  'rotation.promoted': [
    { when: 'planned', tell: begun(), ends: BACK },
    { when: 'in an emergency', tell: begun(true), ends: { 'key-warden rotate': 0 }, proof: works },
  ],
  'rotation.completed': [
    { when: 'planned', tell: after(begun(), days(3), reconciled, days(3), reconciled), ends: BACK },
    { when: 'in an emergency', tell: begun(true), ends: { 'key-warden purge --dry-run': 0 } },
    {
      when: 'an emergency of a key of another project',
      trouble: { elsewhere: true },
      tell: begun(true, ACCOUNT),
      ends: { 'key-warden check': 0 },
    },
  ],
  'rotation.abandoned': [
    {
      when: 'given up by a person',
      tell: after(denied, begun(), wished('abort')),
      mend: granted,
      ends: { 'key-warden check': 0 },
    },
    { when: 'gone back', tell: after(begun(), wished('rollback')), ends: { 'key-warden check': 0 } },
    {
      when: 'an emergency given up',
      tell: after(denied, begun(true), wished('abort')),
      mend: granted,
      ends: { 'key-warden rotate --emergency': 0 },
      proof: works,
    },
  ],
  'rotation.held': [
    { when: 'a right is missing', tell: after(denied, begun()), mend: granted, ends: HELD },
    {
      when: 'somebody moved current',
      tell: after(
        begun(),
        add,
        ({ post }) => post(...pointing(4)),
        event(() => ({ is: 'changed', secret: SECRET })),
      ),
      mend: ({ post }) => post(...pointing(3)),
      ends: HELD,
    },
  ],
  'leak.open': [
    {
      when: 'a key of another project',
      trouble: { elsewhere: true },
      tell: after(begun(true, ACCOUNT), reconciled),
      ends: { 'gcloud secrets versions enable 2': 0, [QUIET]: 0 },
    },
  ],
  'leak.closed': [],
  'key.unusual': [
    { when: 'of a secret that serves the key', tell: unusual(true), ends: { 'key-warden consumers': 0 } },
    { when: 'of a key that no secret serves', tell: unusual(false), ends: { 'key-warden inventory': 5 } },
  ],
  'leak.reported': [
    {
      when: 'of a key that consumers read',
      tell: reported(({ key }) => [key]),
      ends: { 'key-warden rotate --emergency': 0 },
      proof: works,
    },
    {
      when: 'of a standard key, whose successor needs an account',
      trouble: { kind: 'standard' },
      tell: reported(({ key }) => [key]),
      ends: { 'key-warden rotate --emergency --service-account=SERVICE_ACCOUNT_EMAIL': 0 },
      proof: works,
    },
    {
      when: 'of a version that no name leads to',
      tell: (on) =>
        on.worker(async (ports, order) => {
          const { bytes } = await ports.vault.read(SECRET, 1);
          const keys = [new KeyText(new TextDecoder().decode(bytes))];
          await hearLeak(ports, { ...order, emergencies: 0, report: '9f3c2a17b0d4e586' }, { source: 'webhook', keys });
        }),
      ends: { 'key-warden revoke': 0 },
    },
    { when: 'without the key', tell: reported(() => []), ends: { 'key-warden find --from-stdin': 2 } },
    {
      when: 'of a key of somebody else',
      tell: reported(({ newKey }) => [newKey]),
      ends: { 'key-warden find --from-stdin': 2 },
    },
  ],
  'inventory.news': [
    { when: 'for the first time', tell: inventoried, ends: { 'key-warden inventory': 5 } },
    {
      when: 'of a key that nobody holds',
      tell: async (on) => {
        await inventoried(on);
        madeByHand(on);
        await days(1)(on);
        const told = await inventoried(on);
        return told.filter((one) => one.type === 'inventory.news' && 'kind' in one && one.kind === 'shadow');
      },
      ends: { 'gcloud services api-keys describe by-hand-1': 0 },
    },
    {
      when: 'of several',
      tell: async (on) => {
        await inventoried(on);
        madeByHand(on, 2);
        await days(1)(on);
        return inventoried(on);
      },
      ends: { 'key-warden inventory': 5 },
    },
    {
      when: 'with a memory that is not understood',
      tell: async (on) => {
        await on.post(
          `/v1/${BOOK}?updateMask=annotations`,
          { annotations: { 'key-warden.inventory': '{"v":2}' } },
          'PATCH',
        );
        return inventoried(on);
      },
      ends: { 'gcloud secrets update key-warden-silences --remove-annotations=key-warden.inventory': 0 },
      proof: async (on) => expect(await inventoried(on)).toMatchObject([{ because: 'first_run' }]),
    },
  ],
  'fleet.outage': [
    {
      when: 'all fail alike',
      trouble: { state: 'html_403' },
      tell: after(three, checked, checked, checked),
      ends: { 'key-warden check': 3 },
    },
  ],
  'fleet.recovered': [],
  'fleet.heartbeat': [],
  'alert.test': [],
};
