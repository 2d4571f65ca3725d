import { Fault } from '../../app/ports/fault.ts';
import type { IssuedKey } from '../../app/ports/ports.ts';
import { isRecord } from '../../core/values/json.ts';
import { parseInstant, type Instant } from '../../core/values/time.ts';

/**
 * A key out of an answer of the API Keys API. Rejects what is incomplete as `unavailable`: a key without its uid could
 * never be metered. The key string is not looked at, should an answer hold one.
 */
export function issuedKeyOf(answer: unknown): IssuedKey {
  const { name, uid, createTime, deleteTime, displayName, restrictions, annotations, serviceAccountEmail } = isRecord(
    answer,
  )
    ? answer
    : {};
  const createdAt = instantIn(createTime);
  const deletedAt = instantIn(deleteTime);
  if (typeof name !== 'string' || typeof uid !== 'string' || createdAt === undefined) throw incomplete();
  if (deleteTime !== undefined && deletedAt === undefined) throw incomplete();
  return {
    name,
    uid,
    displayName: typeof displayName === 'string' ? displayName : '',
    restrictions: isRecord(restrictions) ? restrictions : {},
    annotations: textsIn(annotations),
    createdAt,
    ...(typeof serviceAccountEmail === 'string' ? { serviceAccountEmail } : {}),
    ...(deletedAt === undefined ? {} : { deletedAt }),
  };
}

function instantIn(value: unknown): Instant | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined;
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isRecord(value) ? value : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function incomplete(): Fault {
  return new Fault('unavailable', 'The API Keys API answered with an incomplete key. Try again.');
}
