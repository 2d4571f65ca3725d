import { stopsOf, type Stops } from '../../core/fleet/key-quota.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Found } from '../listing/gather.ts';
import { rotationViewOf } from './rotation-view.ts';

/** In which projects no rotation is begun because of a key's age, as what is on record says, and why. */
export function stopsOnRecord(found: readonly Found[], secretPolicy: SecretPolicy, now: Instant): Stops {
  return stopsOf(found.map((one) => rotationViewOf(one, secretPolicy, now)));
}
