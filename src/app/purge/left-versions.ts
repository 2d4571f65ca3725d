import { valueOf } from '../../core/record/part.ts';
import { leftUntil } from '../../core/rotation/next-purge.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import { leftVersionsOf } from '../keys/key-marks.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { IssuedKey, SecretName, SecretSighting } from '../ports/ports.ts';
import { refusedByGemini, type PurgePorts } from './purge-steps.ts';
import type { Swept } from './sweep.ts';

export interface LeftOrder {
  readonly secret: SecretName;
  readonly secretPolicy: SecretPolicy;
  readonly dryRun: boolean;
}

type LeftPorts = Pick<PurgePorts, 'vault' | 'issuer' | 'prober' | 'clock'>;
type DeletedKey = IssuedKey & { readonly deletedAt: Instant };
type Came = Pick<Swept, 'outcome' | 'why' | 'until'>;

/**
 * Destroys the versions that rotations left with a key that is deleted by now: after the retention time, and once Gemini refuses the key.
 * What a record, an alias or a rotation knows is somebody's, and stays. Rejects with `Fault` where the secret cannot be looked at.
 */
export async function purgeLeft(ports: LeftPorts, key: DeletedKey, order: LeftOrder): Promise<readonly Swept[]> {
  const { secret } = order;
  const sighting = await attempt(() => ports.vault.look(secret));
  if (sighting instanceof Fault) {
    if (sighting.code === 'not_found') return [];
    throw sighting;
  }
  const known = versionsOnRecord(sighting);
  if (known === undefined) return [];
  const { secretPolicy } = secretPolicyOf(sighting.record, order.secretPolicy);
  const until = leftUntil(key.deletedAt, secretPolicy.rotation);
  const lines: Swept[] = [];
  for (const version of leftVersionsOf(key)) {
    if (known.includes(version)) continue;
    const came =
      until > ports.clock.now()
        ? { outcome: 'waiting' as const, until, why: `${LEFT}, kept until ${spokenMinuteBy(until)}` }
        : await attempt(() => purgeVersion(ports, key, { ...order, secretPolicy }, version));
    if (came instanceof Fault)
      lines.push({ key: key.name, secret, version, outcome: outcomeOf(came), why: came.message });
    else if (came !== undefined) lines.push({ key: key.name, secret, version, ...came });
  }
  return lines;
}

/** Answers nothing where nothing is left of the version. */
async function purgeVersion(
  ports: LeftPorts,
  key: DeletedKey,
  { secret, secretPolicy, dryRun }: LeftOrder,
  version: number,
): Promise<Came | undefined> {
  const seen = await attempt(() => ports.vault.lookVersion(secret, version));
  if (seen instanceof Fault) {
    if (seen.code === 'not_found') return undefined;
    throw seen;
  }
  if (seen.state === 'destroyed') return undefined;
  if (seen.createdAt < key.createdAt) return { outcome: 'outside', why: OLDER };
  if (seen.state === 'enabled') throw new Fault('wrong_state', enabledText(version));
  if (dryRun) return { outcome: 'would_do', why: LEFT };
  await refusedByGemini(ports, key.name, secretPolicy.checks);
  await ports.vault.destroy(secret, seen);
  return { outcome: 'done', why: `${LEFT}; its key is deleted and refused, and its bytes are gone for good` };
}

const LEFT = 'left by a rotation and on no list of old keys';
const OLDER =
  'it is older than the key whose mark names it, so it cannot hold that key: somebody marked it by hand, and nothing is done to it';

function enabledText(version: number): string {
  return `somebody enabled version ${version} again, which holds a deleted key, so it is not destroyed: disable it`;
}

function outcomeOf({ code }: Fault): 'refused' | 'failed' {
  return code === 'wrong_state' ? 'refused' : 'failed';
}

/** The versions that somebody may want; `undefined` where a record is in a form that this release does not read. */
function versionsOnRecord({ aliases, record }: SecretSighting): readonly number[] | undefined {
  const [journal, retired] = [valueOf(record.rotation), valueOf(record.retired)];
  if (journal === undefined || retired === undefined) return undefined;
  const inFlight = journal.phase === 'resting' ? [] : [journal.from, ...(journal.to === undefined ? [] : [journal.to])];
  return [...Object.values(aliases), ...retired.map(({ version }) => version), ...inFlight];
}
