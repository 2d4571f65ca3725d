import type { Opening } from '../../core/record/journal.ts';
import type { RotationPolicy } from '../../core/rotation/rotation-policy.ts';
import { plural } from '../../core/values/plural.ts';
import { leftBehindText } from '../consumers/readers-json.ts';
import type { LookUpReaders, Named } from '../consumers/readers.ts';
import type { Barred } from './form-gate.ts';

/** What the policy does about consumers that would keep the old key: from which number on. */
const NAMED = 1;
const STOPS = 2;
const GAPS_STOP = 3;

/** A sentence that names everybody is read by nobody. */
const SAID_MAX = 3;

/**
 * Consumers that would keep the old key however long a rotation waits are named before it begins, and stop it where the policy says so;
 * what could not be looked at is never nobody. `undefined` where nothing is in the way. A key that is dead or leaked is replaced whoever
 * is left behind: for them nothing gets worse. Going back gives consumers what they had.
 */
export async function readersGate(
  readers: LookUpReaders | undefined,
  secret: Named,
  { lookAtConsumers }: Pick<RotationPolicy, 'lookAtConsumers'>,
  { reason, emergency }: Pick<Opening, 'reason' | 'emergency'>,
  named: ((lines: readonly string[]) => void) | undefined,
): Promise<Barred | undefined> {
  const isPressing = emergency || reason === 'dead' || reason === 'rollback';
  if (readers === undefined || lookAtConsumers < NAMED || isPressing) return undefined;
  const found = await readers(secret);
  const left = leftBehindText(found);
  const gaps = found.notLooked.map((line) => `not looked at: ${line}`);
  if (lookAtConsumers >= STOPS && left.length > 0)
    return barred(`${plural(left.length, 'reading')} would stay with the old key`, left);
  if (lookAtConsumers >= GAPS_STOP && gaps.length > 0)
    return barred(`who reads it could not be looked up in ${plural(gaps.length, 'place')}`, gaps);
  named?.([...left, ...gaps]);
  return undefined;
}

function barred(what: string, lines: readonly string[]): Barred {
  const more = lines.length > SAID_MAX ? `; and ${lines.length - SAID_MAX} more` : '';
  const said = `${lines.slice(0, SAID_MAX).join('; ')}${more}`;
  return { is: 'barred', why: `${what}, and nothing begins before (lookAtConsumers): ${said}` };
}
