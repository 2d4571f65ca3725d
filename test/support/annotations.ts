import type { Form } from '../../src/core/record/form.ts';
import { HEALTH_FORM } from '../../src/core/record/health-text.ts';
import { ROTATION_FORM } from '../../src/core/record/journal-text.ts';
import { HISTORY_FORM, RETIRED_FORM } from '../../src/core/record/ledger.ts';
import { OUTBOX_FORM } from '../../src/core/record/outbox.ts';
import { partOf, valueOf } from '../../src/core/record/part.ts';
import { POLICY_FORM } from '../../src/core/record/policy-text.ts';
import { recordOf } from '../../src/core/record/secret-record.ts';
import { SILENCE_FORM, silenceAt, type Silence, type SilenceState } from '../../src/core/record/silence.ts';
import { secretPolicyOf, type SecretPolicy, type SecretPolicyReading } from '../../src/core/settings/secret-policy.ts';
import type { Instant } from '../../src/core/values/time.ts';

/** What an annotation says, as the worker reads it; `undefined` where this release does not understand it. */
function reader<T>(form: Form<T>) {
  return (text: string | undefined): T | undefined => valueOf(partOf(form, text));
}

export const readJournal = reader(ROTATION_FORM);
export const readHealth = reader(HEALTH_FORM);
export const readRetired = reader(RETIRED_FORM);
export const readHistory = reader(HISTORY_FORM);
export const readOutbox = reader(OUTBOX_FORM);

/** What the worker writes where nothing was before. */
export const writeJournal = ROTATION_FORM.write;
export const writeRetired = RETIRED_FORM.write;
export const writeHistory = HISTORY_FORM.write;

/** A value that is something, so that there is an annotation of it. */
export function writeHealth(health: Parameters<typeof HEALTH_FORM.write>[0]): string {
  return HEALTH_FORM.write(health) ?? '';
}

export function writeSilence(silence: Silence): string {
  return SILENCE_FORM.write(silence) ?? '';
}

/** A silence as it stands at a moment, from the annotation. */
export function readSilence(text: string | undefined, now: Instant): SilenceState {
  return silenceAt(partOf(SILENCE_FORM, text), now);
}

/** A secret's own policy over another one, from the annotation. */
export function readSecretPolicy(text: string | undefined, underneath: SecretPolicy): SecretPolicyReading {
  return secretPolicyOf(recordOf(text === undefined ? {} : { [POLICY_FORM.annotation]: text }), underneath);
}
