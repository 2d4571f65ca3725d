import { attempt, Fault } from '../ports/fault.ts';
import type { IssuedKey, Issuer } from '../ports/ports.ts';

/** The issuer's record of a key; `undefined` once it forgot it. Rejects with `Fault` where that cannot be told. */
export async function recordAtIssuer({ look }: Pick<Issuer, 'look'>, name: string): Promise<IssuedKey | undefined> {
  const record = await attempt(() => look(name));
  if (!(record instanceof Fault)) return record;
  if (record.code === 'not_found') return undefined;
  throw record;
}
