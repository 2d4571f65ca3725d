import { notForRotation } from '../../core/alerts/not-for-rotation.ts';
import type { Finding } from '../../core/health/finding.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { spokenMinute } from '../../core/values/time.ts';
import type { KeyAges } from '../keys/key-ages.ts';
import { valueOf } from '../../core/record/part.ts';
import { policyWith } from '../../core/record/policy-text.ts';
import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { inspect, type InspectPorts } from '../probe/probe-secret.ts';
import type { SecretChange, SecretName, SecretSighting } from '../ports/ports.ts';
import { formOfVersion } from './acts/payload.ts';
import { firstKeyOf, type FirstKey } from './first-key.ts';

/** What taking a secret under care came to. `passed_over`: it was found by a filter and holds no key at all. */
export interface Adoption {
  readonly outcome: 'adopted' | 'would_adopt' | 'already' | 'passed_over';
  /** How its key fares, whatever that is: care is for keys that do not work, too. */
  readonly finding: Finding;
  readonly changes: readonly string[];
  /** Why its key is checked and not rotated, with the ways out (I12). */
  readonly notRotated?: string | undefined;
}

export interface AdoptOrder {
  readonly secret: SecretName;
  /** The deployment's; the secret's own comes on top. */
  readonly secretPolicy: SecretPolicy;
  /** The field of the stored value that holds the key, to be written into the secret's own policy. */
  readonly keyField?: string | undefined;
  /** Nobody named it: what holds no key is passed over. */
  readonly found?: boolean | undefined;
  /** When keys were made, as far as somebody may ask their issuer; without it, only their versions tell. */
  readonly ages?: KeyAges | undefined;
  readonly dryRun: boolean;
}

/**
 * Puts a secret under the worker's care, however its key fares: the label that the check lists by, and the alias `current` on
 * the version that consumers read now, so that a later version is not read before it was proven. A version that stands above
 * `current` already was staged by somebody and is left alone until a person asks for it. One write, under the etag; rejects
 * with `Fault` when the secret cannot be looked at or written.
 */
export async function adopt(ports: InspectPorts, order: AdoptOrder): Promise<Adoption> {
  const { secret, keyField, dryRun } = order;
  const sighting = await ports.vault.look(secret);
  const project = projectIn(secret);
  const { secretPolicy } = secretPolicyOf(sighting.record, order.secretPolicy);
  const field = keyField ?? secretPolicy.mint.keyField;
  const seen = await inspect(ports, { sighting, project }, secretPolicy.checks, false, field);
  const finding = { ...seen, version: seen.version ?? (await newestOf(ports, secret)) };
  if (order.found === true && finding.diagnosis.cause === 'stored_bytes_not_a_key')
    return { outcome: 'passed_over', finding, changes: [] };
  const notRotated = await notRotatedOf(ports, { secret, project, version: finding.version }, field);
  const keyProject = secretPolicy.mint.keyProject ?? project;
  const key = await firstKeyOf(ports.vault, { ages: order.ages, keyProject, field }, sighting, finding.version);
  const { change, changes } = await changeFor(ports, sighting, finding.version, keyField, key);
  if (changes.length === 0) return { outcome: 'already', finding, changes, notRotated };
  if (dryRun) return { outcome: 'would_adopt', finding, changes, notRotated };
  await ports.vault.commit(sighting, change);
  return { outcome: 'adopted', finding, changes, notRotated };
}

/** The version that `latest` names where its bytes could not be read; none where it is gone for good, or not to be seen. */
async function newestOf({ vault }: InspectPorts, secret: SecretName): Promise<number | undefined> {
  const latest = await attempt(() => vault.lookVersion(secret, 'latest'));
  return latest instanceof Fault || latest.state === 'destroyed' ? undefined : latest.number;
}

/** Trouble with reading is the finding's to tell. */
async function notRotatedOf(
  { vault }: InspectPorts,
  { secret, project, version }: Pick<Finding, 'secret' | 'project' | 'version'>,
  field: string | undefined,
): Promise<string | undefined> {
  if (version === undefined) return undefined;
  const stored = await attempt(() => formOfVersion(vault, secret, version, field));
  if (stored instanceof Fault || stored?.is === 'kept') return undefined;
  return notForRotation(secret, project, version, stored);
}

interface Change {
  readonly change: SecretChange;
  /** The same for people. */
  readonly changes: readonly string[];
}

async function changeFor(
  ports: InspectPorts,
  sighting: SecretSighting,
  version: number | undefined,
  keyField: string | undefined,
  key: FirstKey | undefined,
): Promise<Change> {
  const { labels, aliases, record } = sighting;
  const unlabelled = labels[MANAGED_LABEL.key] !== MANAGED_LABEL.value;
  const { current } = aliases;
  const set = current === undefined ? version : undefined;
  const staged = unlabelled ? await stagedAbove(ports, sighting) : [];
  const rest = valueOf(record.rotation);
  const passed =
    rest?.phase === 'resting' && staged.length > 0
      ? { rotation: { ...rest, passedOver: [...rest.passedOver, ...staged] } }
      : {};
  const policy = keyField === undefined ? {} : policyFor(sighting, keyField);
  const known = valueOf(record.managedSince);
  const now = ports.clock.now();
  const since =
    unlabelled || key !== undefined
      ? { managedSince: { since: unlabelled ? now : (known?.since ?? now), key: key ?? known?.key } }
      : {};
  const left = current ?? version;
  const last = left !== undefined && (unlabelled || set !== undefined) ? { lastCurrent: { version: left } } : {};
  const annotations = { ...changeOf(record, { ...passed, ...since, ...last }), ...policy };
  return {
    change: {
      ...(unlabelled ? { labels: { [MANAGED_LABEL.key]: MANAGED_LABEL.value } } : {}),
      ...(set === undefined ? {} : { aliases: { current: set } }),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    changes: [
      ...(unlabelled ? [`label ${MANAGED_LABEL.key}=${MANAGED_LABEL.value}`] : []),
      ...(set === undefined ? [] : [`alias current → version ${set}`]),
      ...(key === undefined ? [] : [`its key counts as made ${spokenMinute(key.madeAt)}, which its issuer says`]),
      ...(keyField === undefined ? [] : [`policy keyField=${keyField}`]),
      ...staged.map(
        (number) =>
          `version ${number} was staged before and is left alone: make it current, or add it again, to have it taken up`,
      ),
    ],
  };
}

/** What people wrote stays; what cannot be read is theirs to mend first. */
function policyFor({ name, record }: SecretSighting, keyField: string): Readonly<Record<string, string>> {
  if (record.policy.is === 'read') return policyWith(record.policy.value, 'keyField', keyField);
  const why = `${annotationOf('policy')} of ${name} ${record.policy.why}`;
  throw new Fault('invalid', `${why}: mend it, or write keyField into it by hand. Nothing was changed.`);
}

/** Versions above the one that consumers read, which somebody added without making them current. */
async function stagedAbove(
  { vault }: InspectPorts,
  { name, aliases, record }: SecretSighting,
): Promise<readonly number[]> {
  const { current } = aliases;
  if (current === undefined) return [];
  const rest = valueOf(record.rotation);
  const known = rest?.phase === 'resting' ? rest.passedOver : [];
  const versions = await vault.versions(name);
  return versions
    .filter(({ number, state }) => number > current && state === 'enabled' && !known.includes(number))
    .map(({ number }) => number)
    .slice(0, STAGED_MAX)
    .toReversed();
}

/** The newest alone would be taken up; the journal holds 20 of what was passed over. */
const STAGED_MAX = 10;
