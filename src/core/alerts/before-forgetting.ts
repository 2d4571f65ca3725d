import { PURGE, STATUS } from '../causes/commands.ts';
import { lineFor } from '../causes/names.ts';
import { projectIn } from '../google/resource-names.ts';
import { valueOf } from '../record/part.ts';
import type { SecretRecord } from '../record/secret-record.ts';
import { unreadableIn, unreadableText } from './unreadable-annotation.ts';

/** What would become of keys if nobody looked after their secret any more. */
export interface BeforeForgetting {
  /** Why it cannot be forgotten now. */
  readonly unfinished: readonly string[];
  /** Old keys of which nobody would see to it any more that they die. */
  readonly keys: readonly string[];
}

/** What stands in the way of letting a secret go, with the command that ends each. */
export function beforeForgetting(secret: string, record: SecretRecord): BeforeForgetting {
  const unreadable = unreadableIn(record);
  const journal = valueOf(record.rotation);
  const look = lineFor(STATUS, secret);
  const flight =
    journal === undefined || journal.phase === 'resting'
      ? []
      : [`rotation ${journal.id} is ${journal.phase}: let it end, or end it with abort or rollback; see ${look}`];
  const unread = unreadable.length === 0 ? [] : [unreadableText(secret, projectIn(secret), unreadable)];
  return { unfinished: [...flight, ...unread], keys: keysLeft(secret, record) };
}

function keysLeft(secret: string, record: SecretRecord): readonly string[] {
  const purge = lineFor(PURGE, secret);
  const retired = (valueOf(record.retired) ?? []).filter(({ deletedAt }) => deletedAt === undefined);
  const leaks = valueOf(record.leaks) ?? [];
  return [
    ...retired.map(({ version, key, keyUnknown }) =>
      key === undefined
        ? `the old key of version ${version} may be alive where it was made: ${keyUnknown ?? 'where that is, nobody knows'}`
        : `the old key of version ${version} is not deleted: ${key.name}; ${purge} deletes it when its time has come`,
    ),
    ...leaks.map(({ version }) => `the leaked key of version ${version} is not proven dead`),
  ];
}
