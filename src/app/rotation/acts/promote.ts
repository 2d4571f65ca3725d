import type { Outcome } from '../../../core/rotation/advance.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import { unsure, type ActInput } from './act-input.ts';

/**
 * The aliases move in the commit that follows. A last look that the version is still enabled keeps I1, because the
 * secret's etag does not notice when somebody disables one.
 */
export async function promote({ ports, secret, journal }: ActInput): Promise<Outcome> {
  const { to } = journal;
  if (to === undefined) return { kind: 'refused', why: 'the journal names no new version' };
  const version = await attempt(() => ports.vault.lookVersion(secret, to));
  if (version instanceof Fault)
    return version.code === 'not_found' ? { kind: 'refused', why: version.message } : unsure(version);
  if (version.state === 'enabled') return { kind: 'done' };
  return { kind: 'refused', why: `version ${to} was ${version.state} by somebody else`, learned: { passOver: [to] } };
}
