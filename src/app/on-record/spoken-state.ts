import { isBeforePromotion } from '../../core/rotation/rotation.ts';
import type { InFlight } from '../../core/record/journal.ts';
import { valueOf } from '../../core/record/part.ts';
import { parseSecretName } from '../../core/google/resource-names.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { spokenMinuteBy } from '../../core/values/time.ts';
import type { SecretSighting } from '../ports/ports.ts';
import { retiredKey } from './past-rotations.ts';

/** What is true of a secret now, in one sentence: what consumers read, and what becomes of the other key. */
export function spokenState({ name, aliases, record }: SecretSighting, underneath: SecretPolicy): string {
  const { current } = aliases;
  const id = parseSecretName(name)?.secret ?? name;
  const reads = current === undefined ? `${id} has no alias current` : `${id} reads version ${current}`;
  const rotation = valueOf(record.rotation);
  if (rotation === undefined) return `${reads}; its rotation is in a form that this release does not read`;
  if (rotation.phase !== 'resting') return `${reads}; ${flightText(rotation)}`;
  const { retentionDays } = secretPolicyOf(record, underneath).secretPolicy.rotation;
  const [last] = valueOf(record.history) ?? [];
  const old = valueOf(record.retired)?.find((one) => one.rotation === last?.id);
  return old === undefined ? reads : `${reads}; ${retiredKey(old, retentionDays).says}`;
}

function flightText({ phase, from, to, notBefore, held, emergency }: InFlight): string {
  const waits = held ? ', and it waits for a person' : '';
  if (phase === 'abandoned') return `what was made for it is taken away again${waits}`;
  if (phase === 'reverting') return `it goes back to version ${from}${waits}`;
  if (isBeforePromotion(phase))
    return `${to === undefined ? 'a new key is being made' : `version ${to} holds a new key, which nobody reads yet`}${waits}`;
  if (phase === 'drained' || emergency) return `version ${from} is about to be disabled${waits}`;
  const until = notBefore === undefined ? '' : `, which is looked at again ${spokenMinuteBy(notBefore)}`;
  return `version ${from} goes on working until nobody uses its key${until}${waits}`;
}
