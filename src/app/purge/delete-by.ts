import { secretWarnings } from '../../core/alerts/secret-warning.ts';
import { valueOf } from '../../core/record/part.ts';
import type { SecretRecord } from '../../core/record/secret-record.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { MINUTE_MS, plusMs, spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import { deletionMark } from '../keys/deletion-date.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { provenIssuer } from '../keys/proven-issuer.ts';
import { holdersText } from '../listing/holders.ts';
import type { SharedKey } from '../listing/shared-key.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, Issuer, SecretName, Vault } from '../ports/ports.ts';

export interface DeleteByPorts {
  readonly vault: Vault;
  readonly issuer: Issuer;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/** Which leaked key must be gone after so many minutes, whoever else serves it then. */
export interface DeleteByOrder {
  readonly secret: SecretName;
  /** As people know it, usually its id. */
  readonly project: string;
  readonly minutes: number;
  readonly secretPolicy: SecretPolicy;
  readonly shared: SharedKey;
}

/** `gone`: no leaked key of the secret waits for its deletion. */
export type DeleteBy =
  | { readonly is: 'dated'; readonly key: string; readonly by: Instant }
  | { readonly is: 'gone' }
  | { readonly is: 'not_dated'; readonly why: string };

/**
 * Dates the deletion of a leaked key, once its emergency has found it at the issuer. Who serves it is told to people first
 * (I13), and what nobody could be told of is not dated. The date stands at the issuer, on a key that is proven to be this secret's (I16).
 */
export async function deleteBy(ports: DeleteByPorts, order: DeleteByOrder): Promise<DeleteBy> {
  const dated = await attempt(() => date(ports, order));
  return dated instanceof Fault ? { is: 'not_dated', why: dated.message } : dated;
}

async function date(
  { vault, issuer, announcer, clock }: DeleteByPorts,
  { secret, project, minutes, secretPolicy, shared }: DeleteByOrder,
): Promise<DeleteBy> {
  const { name, record } = await vault.look(secret);
  const leaked = leakedKeyIn(record);
  if (leaked === undefined) return { is: 'gone' };
  const { version, key } = leaked;
  if (key === undefined) return { is: 'not_dated', why: `where the key of version ${version} was made is not known` };
  const keyProjects = keyProjectsFor(secretPolicy, name, secret);
  const proven = provenIssuer({ vault, issuer }, { secret: name, keyProjects, versions: [version] });
  if ((await proven.look(key)).deletedAt !== undefined) return { is: 'gone' };
  const now = clock.now();
  const by = plusMs(now, minutes * MINUTE_MS);
  if (shared.holders.length > 0) {
    const risk = { because: 'shared_key_dies', key, at: by, holders: holdersText(shared.holders) } as const;
    for (const warning of secretWarnings(project, [{ secret: name, risk }], now)) await announcer.announce(warning);
  }
  await proven.mark(key, deletionMark(by));
  return { is: 'dated', key, by };
}

/** The key that the emergency on its way replaces, or that the last one left. */
function leakedKeyIn({ rotation, retired }: SecretRecord): Leaked | undefined {
  const journal = valueOf(rotation);
  if (journal !== undefined && journal.phase !== 'resting' && journal.emergency)
    return { version: journal.from, key: journal.fromKey?.name };
  const left = (valueOf(retired) ?? []).findLast(({ urgent, deletedAt }) => urgent === true && deletedAt === undefined);
  return left === undefined ? undefined : { version: left.version, key: left.key?.name };
}

interface Leaked {
  readonly version: number;
  readonly key: string | undefined;
}

/** What whoever asked is told of it; nothing where the key is gone. */
export function deleteByText(dated: DeleteBy): string | undefined {
  switch (dated.is) {
    case 'dated':
      return `${dated.key} is deleted from ${spokenMinuteBy(dated.by)} on, whoever serves it then`;
    case 'not_dated':
      return `no date was set for the deletion of the leaked key, which is kept while others serve it: ${dated.why}`;
    case 'gone':
      return undefined;
  }
}
