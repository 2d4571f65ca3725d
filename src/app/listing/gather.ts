import type { Finding } from '../../core/health/finding.ts';
import { isBarring } from '../../core/health/check-run.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { attempt, Fault, isBarred, type FaultCode } from '../ports/fault.ts';
import { ALWAYS, inPool } from './pool.ts';
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

/** Finds the secrets an order is about: the named ones, or every managed one of its scopes. */
export async function gather(vault: Vault, scope: Scope): Promise<Gathered> {
  return foundIn(await gatherKept(vault, scope, (one) => one));
}

/**
 * The same for a run over a large fleet, which holds no more than it needs: of each secret only what `keep` answers outlives the page
 * that it was listed on.
 */
export function gatherKept<Part>(
  vault: Vault,
  { secrets, scopes, concurrency }: Scope,
  keep: (one: Found) => Part,
): Promise<Kept<Part>> {
  return secrets === undefined
    ? keepListed(vault, scopes, MANAGED_FILTER, keep)
    : keepNamed(vault, secrets, concurrency, keep);
}

/** The same, with every secret of the scopes, whoever looks after it. */
export async function gatherAll(vault: Vault, { secrets, scopes, concurrency }: Scope): Promise<Gathered> {
  return secrets === undefined
    ? gatherListed(vault, scopes, '')
    : foundIn(await keepNamed(vault, secrets, concurrency, (one) => one));
}

/** Every secret that a filter of Secret Manager's matches. */
export async function gatherListed(vault: Vault, scopes: readonly SecretScope[], filter: string): Promise<Gathered> {
  return foundIn(await keepListed(vault, scopes, filter, (one) => one));
}

function foundIn({ kept: found, ...listing }: Kept<Found>): Gathered {
  return { found, ...listing };
}

/** A scope that cannot be listed is a problem of the run; the others are still looked at. */
async function keepListed<Part>(
  vault: Vault,
  scopes: readonly SecretScope[],
  filter: string,
  keep: (one: Found) => Part,
): Promise<Kept<Part>> {
  const kept: Part[] = [];
  const problems: string[] = [];
  let isPartial = false;
  const listed: SecretScope[] = [];
  let barred = false;
  for (const scope of scopes) {
    const { project, location } = scope;
    const trouble = await attempt(async () => {
      for await (const sighting of vault.list(scope, filter)) kept.push(keep({ sighting, project }));
    });
    if (!(trouble instanceof Fault)) {
      listed.push(scope);
      continue;
    }
    problems.push(`project ${project} (${location}) was not listed to the end: ${trouble.message}`);
    isPartial ||= isPassing(trouble);
    barred ||= isBarred(trouble);
  }
  return { kept, findings: [], problems, listed, isPartial, barred };
}

async function keepNamed<Part>(
  vault: Vault,
  secrets: readonly SecretName[],
  width: number,
  keep: (one: Found) => Part,
): Promise<Kept<Part>> {
  const looks = await inPool(secrets, width, ALWAYS, async (secret) => {
    const sighting = await attempt(() => vault.look(secret));
    const project = projectIn(secret);
    if (sighting instanceof Fault)
      return storeFinding({ secret, project, readAs: 'current' }, storeDiagnosis(sighting, 'secret'));
    return { part: keep({ sighting, project }) };
  });
  const seen = looks.filter((one) => one !== undefined);
  const findings = seen.filter((one) => 'diagnosis' in one);
  return {
    kept: seen.flatMap((one) => ('part' in one ? [one.part] : [])),
    findings,
    problems: [],
    listed: [],
    isPartial: false,
    barred: findings.some(({ diagnosis }) => isBarring(diagnosis.cause)),
  };
}
