import { beforeForgetting } from '../../core/alerts/before-forgetting.ts';
import { forgetAll } from '../../core/record/forget-all.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import type { Announcer, SecretChange, SecretName, SecretSighting, Vault } from '../ports/ports.ts';
import { closeUnwatched } from './close-unwatched.ts';

/** What ending the care of a secret came to. */
export interface Forgotten {
  readonly outcome: 'forgotten' | 'would_forget' | 'nothing' | 'refused';
  /** Why not, where it is refused. */
  readonly why: readonly string[];
  /** What is taken off the secret. */
  readonly changes: readonly string[];
  /** What stays behind, for whoever comes after. */
  readonly stays: readonly string[];
}

export interface ForgetOrder {
  readonly secret: SecretName;
  /** Take the aliases away as well: whoever reads one of them fails from then on. */
  readonly aliases: boolean;
  /** Although old keys are left of which nobody sees to it that they die. */
  readonly leaveKeys: boolean;
  readonly dryRun: boolean;
}

/** The aliases that we set. */
const ALIASES = ['current', 'previous'] as const;

/**
 * Undoes what `init` did: takes the label and our annotations off a secret, and its aliases where somebody wants that. Versions,
 * keys and what people wrote stay. An open episode is told to be watched no more, before the write. One write, under the etag;
 * rejects with `Fault` when the secret cannot be looked at or written.
 */
export async function forget(
  { vault, announcer }: { readonly vault: Vault; readonly announcer: Announcer },
  { secret, aliases, leaveKeys, dryRun }: ForgetOrder,
): Promise<Forgotten> {
  const sighting = await vault.look(secret);
  const { unfinished, keys } = beforeForgetting(secret, sighting.record);
  const { change, changes, kept } = changeFor(sighting, aliases);
  const stays = [...kept, ...keys];
  if (changes.length === 0) return { outcome: 'nothing', why: [], changes, stays };
  const why = [...unfinished, ...(leaveKeys ? [] : keys)];
  if (why.length > 0) return { outcome: 'refused', why, changes, stays };
  if (dryRun) return { outcome: 'would_forget', why, changes, stays };
  await closeUnwatched(announcer, sighting.name, 'label_removed', sighting.record);
  await vault.commit(sighting, change);
  return { outcome: 'forgotten', why, changes, stays };
}

interface Undoing {
  readonly change: SecretChange;
  /** The same for people, and what it leaves. */
  readonly changes: readonly string[];
  readonly kept: readonly string[];
}

function changeFor(sighting: SecretSighting, withAliases: boolean): Undoing {
  const { labels, aliases } = sighting;
  const isManaged = labels[MANAGED_LABEL.key] === MANAGED_LABEL.value;
  const { annotations, kept } = forgetAll(sighting);
  const written = Object.keys(annotations);
  const set = ALIASES.filter((alias) => aliases[alias] !== undefined);
  const named = withAliases ? set : [];
  return {
    change: {
      labels: isManaged ? { [MANAGED_LABEL.key]: null } : {},
      annotations,
      aliases: Object.fromEntries(named.map((alias) => [alias, null])),
    },
    changes: [
      ...(isManaged ? [`label ${MANAGED_LABEL.key}`] : []),
      ...(written.length === 0 ? [] : [`annotations ${written.join(', ')}`]),
      ...named.map((alias) => `alias ${alias}, which was on version ${aliases[alias]}`),
    ],
    kept: [
      ...(withAliases ? [] : set.map((alias) => `alias ${alias} on version ${aliases[alias]}`)),
      ...kept.map((policy) => `annotation ${policy}, which people wrote`),
    ],
  };
}
