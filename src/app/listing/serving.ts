import type { LedgerParts } from '../../core/record/secret-record.ts';
import type { SecretSighting } from '../ports/ports.ts';

/** What is kept of a listed secret to find out who serves a key, and who keeps an old one: a small part of what the list carried. */
export interface Serving extends Pick<SecretSighting, 'name' | 'aliases'> {
  /** Absent where it has no list of old keys. */
  readonly ledger?: LedgerParts | undefined;
}

/** The part of a sighting, which lets go of the rest. */
export function servingOf({ name, aliases, record }: SecretSighting): Serving {
  if (record.retired.text === undefined) return { name, aliases };
  return { name, aliases, ledger: { rotation: record.rotation, retired: record.retired, policy: record.policy } };
}
