import { valueOf } from '../../core/record/part.ts';
import type { Health } from '../../core/record/health-state.ts';
import type { Leak } from '../../core/record/leaks.ts';
import { openLeaksIn } from '../../core/rotation/open-leaks.ts';
import type { Journal } from '../../core/record/journal.ts';
import { gather, MANAGED_LABEL, type Found, type Scope } from '../listing/gather.ts';
import type { SecretName, Vault } from '../ports/ports.ts';

/** What is on record about one secret, read without a request to Gemini and without reading the key. */
export interface SecretStatus {
  readonly secret: SecretName;
  readonly managed: boolean;
  readonly aliases: Readonly<Record<string, number>>;
  /** `undefined` when the annotation is in a form this release does not read. */
  readonly health: Health | undefined;
  /** The journal of its rotation; `undefined` when it is in a form this release does not read. */
  readonly rotation: Journal | undefined;
  /** Leaked keys that are not proven dead; `undefined` when the list is in a form this release does not read. */
  readonly leaks: readonly Leak[] | undefined;
}

export interface Status {
  readonly secrets: readonly SecretStatus[];
  /** As they were listed, for what they have in common. */
  readonly found: readonly Found[];
  readonly problems: readonly string[];
  /** Whether a setting or a permission would have let us see more. */
  readonly barred: boolean;
}

/** The record of managed or named secrets: one list call per page, nothing else. */
export async function statusOf(vault: Vault, scope: Scope): Promise<Status> {
  const { found, findings, problems, barred } = await gather(vault, scope);
  return {
    secrets: found.map(onRecord),
    found,
    problems: [...problems, ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`)],
    barred,
  };
}

/** What a listed secret remembers. */
export function onRecord({ sighting: { name, labels, aliases, record } }: Found): SecretStatus {
  return {
    secret: name,
    managed: labels[MANAGED_LABEL.key] === MANAGED_LABEL.value,
    aliases,
    health: valueOf(record.health),
    rotation: valueOf(record.rotation),
    leaks: openLeaksIn(record),
  };
}
