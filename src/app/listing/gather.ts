import type { Finding } from '../../core/health/finding.ts';
import { isBarring } from '../../core/health/check-run.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { attempt, Fault, isBarred, type FaultCode } from '../ports/fault.ts';
import { ALWAYS, inPool, oneAfterAnother } from './pool.ts';
import type { SecretName, SecretScope, SecretSighting, Vault } from '../ports/ports.ts';
import { storeDiagnosis, storeFinding } from './store-diagnosis.ts';

/** Label that puts a secret under the worker's care. */
export const MANAGED_LABEL = { key: 'key-warden', value: 'managed' } as const;

const MANAGED_FILTER = `labels.${MANAGED_LABEL.key}=${MANAGED_LABEL.value}`;

/** Which secrets: those named, or, without names, every managed secret of the scopes. */
export interface Scope {
  readonly scopes: readonly SecretScope[];
  readonly secrets?: readonly SecretName[] | undefined;
  /** Secrets looked at in parallel. */
  readonly concurrency: number;
}

/** A secret, and its project as it was asked for: Secret Manager's own names carry the number only. */
export interface Found {
  readonly sighting: SecretSighting;
  readonly project: string;
}

/** What came of a listing besides the secrets themselves. */
export interface Listing {
  /** Secrets that were named and could not be looked at. */
  readonly findings: readonly Finding[];
  readonly problems: readonly string[];
  /** Scopes that were listed to their end. */
  readonly listed: readonly SecretScope[];
  /** Trouble that passes kept something from being listed: what is missing is there, and nobody knows how it fares. */
  readonly isPartial: boolean;
  /** Whether something was not looked at that settings or permissions would have let us see. */
  readonly barred: boolean;
}

/** Secrets found, and what could not be looked at. */
export interface Gathered extends Listing {
  readonly found: readonly Found[];
}

/** A listing, and what was kept of each secret that it found. */
export interface Kept<Part> extends Listing {
  readonly kept: readonly Part[];
}

/** Whether the same question may be answered in a while. */
export function isPassing(fault: Fault): boolean {
  return PASSES.includes(fault.code);
}

const PASSES: readonly FaultCode[] = ['unavailable', 'timeout', 'limited'];

/** Secrets while they are listed, for whoever keeps none of them. */
export interface Coming {
  /** To be read once. Never rejects for outside trouble. */
  readonly found: AsyncIterable<Found>;
  /** What could not be looked at, once all were read. */
  ended(): Listing;
}

/** The secrets an order is about, as they come: the named ones, or every managed one of its scopes. */
export function coming(vault: Vault, scope: Scope): Coming {
  return comingWith(vault, scope, MANAGED_FILTER);
}

function comingWith(vault: Vault, { secrets, scopes, concurrency }: Scope, filter: string): Coming {
  return secrets === undefined ? listedIn(vault, scopes, filter) : named(vault, secrets, concurrency);
}

/** Finds the secrets an order is about: the named ones, or every managed one of its scopes. */
export async function gather(vault: Vault, scope: Scope): Promise<Gathered> {
  return gathered(coming(vault, scope));
}

/**
 * The same for a run over a large fleet, which holds no more than it needs: of each secret only what `keep` answers outlives the page
 * that it was listed on.
 */
export async function gatherKept<Part>(vault: Vault, scope: Scope, keep: (one: Found) => Part): Promise<Kept<Part>> {
  const { found, ended } = coming(vault, scope);
  const kept: Part[] = [];
  for await (const one of found) kept.push(keep(one));
  return { kept, ...ended() };
}

/** The same, with every secret of the scopes, whoever looks after it. */
export async function gatherAll(vault: Vault, scope: Scope): Promise<Gathered> {
  return gathered(comingWith(vault, scope, ''));
}

/** Every secret that a filter of Secret Manager's matches. */
export async function gatherListed(vault: Vault, scopes: readonly SecretScope[], filter: string): Promise<Gathered> {
  return gathered(listedIn(vault, scopes, filter));
}

async function gathered({ found, ended }: Coming): Promise<Gathered> {
  return { found: await Array.fromAsync(found), ...ended() };
}

/** A scope that cannot be listed is a problem of the run; the others are still looked at. */
function listedIn(vault: Vault, scopes: readonly SecretScope[], filter: string): Coming {
  const troubles = new Map<SecretScope, Fault>();
  const listed = new Set<SecretScope>();
  const inScope = async function* (scope: SecretScope): AsyncGenerator<Found> {
    const { project } = scope;
    try {
      for await (const sighting of vault.list(scope, filter)) yield { sighting, project };
      listed.add(scope);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      troubles.set(scope, error);
    }
  };
  const all = oneAfterAnother(scopes.map(inScope), SCOPES_AHEAD);
  const ended = (): Listing => {
    const faults = scopes.flatMap((scope) => troubles.get(scope) ?? []);
    return {
      findings: [],
      problems: scopes.flatMap((scope) => notListed(scope, troubles.get(scope))),
      listed: scopes.filter((scope) => listed.has(scope)),
      isPartial: faults.some(isPassing),
      barred: faults.some(isBarred),
    };
  };
  return { found: all, ended };
}

/** Projects and locations whose first page is asked for before the ones before them are read: a thousand small projects take no thousand waits. */
const SCOPES_AHEAD = 16;

function notListed({ project, location }: SecretScope, trouble: Fault | undefined): readonly string[] {
  return trouble === undefined
    ? []
    : [`project ${project} (${location}) was not listed to the end: ${trouble.message}`];
}

/** Names that cannot be looked at are findings of their own. */
function named(vault: Vault, secrets: readonly SecretName[], width: number): Coming {
  const findings: Finding[] = [];
  const all = async function* (): AsyncGenerator<Found> {
    const looks = await inPool(secrets, width, ALWAYS, async (secret) => {
      const sighting = await attempt(() => vault.look(secret));
      const project = projectIn(secret);
      if (!(sighting instanceof Fault)) return { sighting, project };
      return storeFinding({ secret, project, readAs: 'current' }, storeDiagnosis(sighting, 'secret'));
    });
    for (const one of looks.filter((seen) => seen !== undefined)) {
      if ('diagnosis' in one) findings.push(one);
      else yield one;
    }
  };
  const isBarredFrom = ({ diagnosis }: Finding) => isBarring(diagnosis.cause);
  return {
    found: all(),
    ended: () => ({ findings, problems: [], listed: [], isPartial: false, barred: findings.some(isBarredFrom) }),
  };
}
