import { heldKeyIn } from '../../core/key/stored-form.ts';
import { keyMadeAtOnRecord } from '../../core/record/key-made-at.ts';
import type { Instant } from '../../core/values/time.ts';
import type { KeyAges } from '../keys/key-ages.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretSighting, Vault } from '../ports/ports.ts';

/** The version that consumers read when a secret comes under care, and when the key in it was made. */
export interface FirstKey {
  readonly version: number;
  readonly madeAt: Instant;
}

/** By whom and where it is asked, and which field of the value holds the key. */
interface Asking {
  readonly ages: KeyAges | undefined;
  readonly keyProject: string;
  readonly field: string | undefined;
}

/**
 * When the key that consumers read was made, where no rotation has learned it: its version may be years younger. `undefined` where
 * that is on record, or is not to be known.
 */
export async function firstKeyOf(
  vault: Vault,
  { ages, keyProject, field }: Asking,
  { name, record }: SecretSighting,
  version: number | undefined,
): Promise<FirstKey | undefined> {
  if (ages === undefined || version === undefined || keyMadeAtOnRecord(record, version) !== undefined) return undefined;
  const reading = await attempt(() => vault.read(name, version));
  const key = reading instanceof Fault ? undefined : heldKeyIn(reading.bytes, field);
  const madeAt = key && (await ages.madeAt(key, keyProject));
  return madeAt && { version, madeAt };
}
