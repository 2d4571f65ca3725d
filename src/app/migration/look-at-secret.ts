import { projectIn } from '../../core/google/resource-names.ts';
import type { MigrationState } from '../../core/inventory/migration.ts';
import { KEY_PREFIXES, KeyText } from '../../core/key/key-text.ts';
import { holdingOf, storedFormOf } from '../../core/key/stored-form.ts';
import type { Journal } from '../../core/record/journal.ts';
import type { MintPolicy } from '../../core/record/mint-policy.ts';
import { valueOf } from '../../core/record/part.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Found } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, Vault } from '../ports/ports.ts';

/** A managed secret whose consumers read a legacy key, or one that a rotation has replaced by an auth key. */
export interface LookedAt {
  readonly secret: SecretName;
  /** As it was asked for. */
  readonly project: string;
  readonly keyProject: string;
  readonly mint: MintPolicy;
  readonly stands: Stands;
}

/** What consumers read. `other`: no key of a type that this is about, or nothing that can be read now. */
export type Stands =
  | {
      readonly is: 'legacy';
      readonly key: KeyText;
      /** Its last rotation came to nothing: it goes after those that were not tried. */
      readonly gaveUp: boolean;
      readonly state: Exclude<MigrationState, 'done' | 'blocked'>;
      readonly why: string;
    }
  /** `isProof`: a rotation promoted it, so its project makes keys that are taken. `replaced`: the key that drains. */
  | { readonly is: 'auth'; readonly isProof: boolean; readonly replaced: string | undefined }
  | { readonly is: 'several'; readonly says: string }
  | { readonly is: 'unreadable_record' }
  | { readonly is: 'other' }
  | { readonly is: 'trouble'; readonly fault: Fault };

/** Reads what consumers of a secret read, and where its rotation stands: one access, and nothing else. */
export async function lookAtSecret(
  vault: Pick<Vault, 'read'>,
  { sighting, project }: Found,
  underneath: SecretPolicy,
): Promise<LookedAt> {
  const { name, record, aliases } = sighting;
  const { mint } = secretPolicyOf(record, underneath).secretPolicy;
  const about = { secret: name, project, keyProject: mint.keyProject ?? projectIn(name), mint };
  const journal = valueOf(record.rotation);
  const history = valueOf(record.history);
  if (journal === undefined || history === undefined) return { ...about, stands: { is: 'unreadable_record' } };
  const reading = await attempt(() => vault.read(name, aliases['current'] ?? 'latest'));
  if (reading instanceof Fault) return { ...about, stands: { is: 'trouble', fault: reading } };
  const stored = storedFormOf(reading.bytes, mint.keyField);
  if (stored.is === 'not_kept') {
    const isLegacy = holdingOf(reading.bytes)(new KeyText(KEY_PREFIXES.standard));
    return { ...about, stands: isLegacy ? { is: 'several', says: `its value ${stored.says}` } : { is: 'other' } };
  }
  const { key } = stored;
  if (key.kind !== 'standard') {
    const isPromoted = journal.phase !== 'resting' && journal.promotedAt !== undefined;
    const isProof = isPromoted || history.some(({ outcome }) => outcome === 'completed');
    const replaced = journal.phase === 'resting' ? undefined : journal.fromKey?.name;
    return { ...about, stands: { is: 'auth', isProof, replaced } };
  }
  return { ...about, stands: { is: 'legacy', key, gaveUp: history[0]?.outcome === 'abandoned', ...flightOf(journal) } };
}

function flightOf(journal: Journal): { readonly state: 'under_way' | 'held' | 'ready'; readonly why: string } {
  if (journal.phase === 'resting') return { state: 'ready', why: '' };
  const { id, phase, held, why } = journal;
  const says = [`rotation ${id} is ${phase}`, ...(why === undefined ? [] : [why])].join(': ');
  return { state: held ? 'held' : 'under_way', why: says };
}
