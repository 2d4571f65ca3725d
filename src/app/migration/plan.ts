import { lackOf, wavesOf, type Lack, type MigrationState, type Ready } from '../../core/inventory/migration.ts';
import { KeyText } from '../../core/key/key-text.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import { keysAtIssuer } from '../inventory/keys-at-issuer.ts';
import { SECRET_MARK } from '../keys/key-marks.ts';
import { gather } from '../listing/gather.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { isBarred, isUnreadable } from '../ports/fault.ts';
import type { Clock, SecretName, SecretScope, Vault } from '../ports/ports.ts';
import { lookAtSecret, type LookedAt } from './look-at-secret.ts';
import { missingFor, type MissingOrder, type MissingPorts } from './what-is-missing.ts';

/** All that is asked for a plan; nothing is written. */
export interface PlanPorts extends MissingPorts {
  readonly vault: Vault;
  readonly clock: Clock;
}

export interface PlanOrder extends Omit<MissingOrder, 'keys'> {
  readonly scopes: readonly SecretScope[];
  readonly concurrency: number;
  readonly secretPolicy: SecretPolicy;
  /** The projects of the settings: no key string of another one is read. */
  readonly keyProjects: readonly string[];
}

/** One secret of the plan. */
export interface MigrationStep {
  readonly secret: SecretName;
  readonly project: string;
  readonly keyProject: string;
  readonly state: MigrationState;
  /** What its rotation says, while one is on its way. */
  readonly why: string;
  readonly lacks: readonly Lack[];
}

/** How far a fleet is on its way off legacy keys, and what comes next. */
export interface Migration {
  readonly at: Instant;
  readonly steps: readonly MigrationStep[];
  /** What is ready, in the order in which it goes. */
  readonly waves: readonly (readonly SecretName[])[];
  /** Legacy keys that reach the Gemini API and that no secret under care serves. */
  readonly outside: number;
  readonly notes: readonly string[];
  readonly notLooked: readonly string[];
  readonly barred: boolean;
}

/** The plan for all legacy keys that secrets under care serve. It is made anew of the fleet each time: that is all that it remembers. */
export async function migrationPlan(ports: PlanPorts, order: PlanOrder): Promise<Migration> {
  const { vault, clock } = ports;
  const { scopes, concurrency, secretPolicy, keyProjects } = order;
  const at = clock.now();
  const { found, problems, barred } = await gather(vault, { scopes, concurrency });
  const looks = await inPool(found, concurrency, ALWAYS, (one) => lookAtSecret(vault, one, secretPolicy));
  const all = looks.filter((one) => one !== undefined).toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const served = all.flatMap(({ stands }) => (stands.is === 'legacy' ? [stands.key] : []));
  const issued = await keysAtIssuer(ports, { projects: keyProjects, keyProjects, concurrency });
  const missing = missingFor(ports, { ...order, keys: issued.keys });
  const steps: MigrationStep[] = [];
  const ready: Ready[] = [];
  for (const one of all) {
    const step = await stepOf(one, missing.lacksOf);
    if (step !== undefined) steps.push(step);
    const { stands, secret, keyProject } = one;
    if (stands.is === 'legacy' && step?.state === 'ready')
      ready.push({ secret, keyProject, sameKey: served.findIndex((key) => key.equals(stands.key)) });
  }
  const proven = new Set(
    all.flatMap(({ stands, keyProject }) => (stands.is === 'auth' && stands.isProof ? [keyProject] : [])),
  );
  const faults = all.flatMap(({ secret, stands }) =>
    stands.is === 'trouble' && !isUnreadable(stands.fault) ? [{ secret, fault: stands.fault }] : [],
  );
  return {
    at,
    steps,
    waves: wavesOf(ready, proven),
    outside: issued.keys.filter(
      ({ text, record }) =>
        text instanceof KeyText &&
        text.kind === 'standard' &&
        record.annotations[SECRET_MARK] === undefined &&
        !all.some(({ stands }) => stands.is === 'auth' && stands.replaced === record.name) &&
        !served.some((key) => key.equals(text)),
    ).length,
    notes: missing.notes(),
    notLooked: [...problems, ...issued.notLooked, ...faults.map(({ secret, fault }) => `${secret}: ${fault.message}`)],
    barred: barred || issued.barred || faults.some(({ fault }) => isBarred(fault)),
  };
}

/** What came to nothing last time goes last; else by project, then by name: the same order in every run. */
function placeOf({ keyProject, secret, stands }: LookedAt): string {
  return `${stands.is === 'legacy' && stands.gaveUp ? 1 : 0} ${keyProject} ${secret}`;
}

type LacksOf = ReturnType<typeof missingFor>['lacksOf'];

/** Where a secret stands; `undefined` for one that this is not about. */
async function stepOf(one: LookedAt, lacksOf: LacksOf): Promise<MigrationStep | undefined> {
  const { secret, project, keyProject, stands } = one;
  const about = { secret, project, keyProject };
  switch (stands.is) {
    case 'other':
    case 'trouble':
      return undefined;
    case 'auth':
      return { ...about, state: 'done', why: '', lacks: [] };
    case 'several':
      return {
        ...about,
        state: 'blocked',
        why: '',
        lacks: [lackOf('no_single_key', { ...about, detail: stands.says })],
      };
    case 'unreadable_record':
      return { ...about, state: 'blocked', why: '', lacks: [lackOf('unreadable_record', { ...about, detail: '' })] };
    case 'legacy': {
      const { state, why } = stands;
      if (state !== 'ready') return { ...about, state, why, lacks: [] };
      const lacks = await lacksOf(one, stands.key);
      return { ...about, state: lacks.length > 0 ? 'blocked' : 'ready', why, lacks };
    }
  }
}
