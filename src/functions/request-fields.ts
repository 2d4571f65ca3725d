import { isCause } from '../core/causes/causes.ts';
import { redact } from '../core/key/redact.ts';
import { mintProblem } from '../core/record/mint-policy.ts';
import { SHARED_KEY_MINUTES_MAX } from '../core/settings/settings.ts';
import { parseInstant } from '../core/values/time.ts';

/** The fields that a call of `rotate` may have besides its secret and mode: each says what is wrong with a value. */
export const FIELDS = {
  dryRun: flagField('dryRun'),
  dropTargets: flagField('dropTargets'),
  clean: flagField('clean'),
  standard: flagField('standard'),
  allHolders: flagField('allHolders'),
  outages: flagField('outages'),
  everything: flagField('everything'),
  id: nameField('id'),
  cause: (value: unknown) => (isCause(value) ? undefined : 'cause must be one of docs/causes.md'),
  project: nameField('project'),
  found: flagField('found'),
  removeAliases: flagField('removeAliases'),
  leaveKeys: flagField('leaveKeys'),
  form: (value: unknown) => (value === 'bare' ? undefined : 'form must be bare, which writes the key alone'),
  replace: versionField('replace'),
  version: versionField('version'),
  keyProject: (value: unknown) => mintProblem('keyProject', value),
  keyField: (value: unknown) => mintProblem('keyField', value),
  serviceAccount: (value: unknown) => mintProblem('keyServiceAccount', value),
  atTheLatestMinutes: minutesField,
  reason: wordsField('reason'),
  owner: wordsField('owner'),
  until: (value: unknown) =>
    typeof value === 'string' && parseInstant(value) !== undefined
      ? undefined
      : 'until must be a moment such as 2026-01-31T12:00:00Z',
  requestId: nameField('requestId'),
  confirm: nameField('confirm'),
  plan: (value: unknown) =>
    typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
      ? undefined
      : 'plan must be the 32 letters and digits that stand in the request for approval',
  group: (value: unknown) =>
    typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
      ? undefined
      : 'group must be the 32 letters and digits that stand in the message that asks for approval of several',
} as const satisfies Record<string, (value: unknown) => string | undefined>;
export type Field = keyof typeof FIELDS;

/** Whether a name is one of theirs. */
export function isField(name: string): name is Field {
  return Object.hasOwn(FIELDS, name);
}

function flagField(name: string) {
  return (value: unknown) => (typeof value === 'boolean' ? undefined : `${name} must be true or false`);
}

function versionField(name: string) {
  return (value: unknown) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value > 0
      ? undefined
      : `${name} must be the number of a version`;
}

/** How few there may be, the settings say. */
function minutesField(value: unknown): string | undefined {
  const isCount = typeof value === 'number' && Number.isInteger(value) && value > 0;
  return isCount && value <= SHARED_KEY_MINUTES_MAX
    ? undefined
    : `atTheLatestMinutes must be a whole number of minutes, ${SHARED_KEY_MINUTES_MAX} at most`;
}

const WORDS = /^[^\p{Cc}]{1,400}$/u;

/** A person's own words are cut and redacted where they are written down; here only their length and lines are looked at. */
function wordsField(name: string) {
  return (value: unknown) =>
    typeof value === 'string' && WORDS.test(value) ? undefined : `${name} must be one line of up to 400 characters`;
}

const NAME = /^[\w .:/@#-]{1,100}$/;

/** An id that was redacted would be another caller's id as well, so one that holds a key is not taken. */
function nameField(name: string) {
  return (value: unknown) => {
    if (typeof value !== 'string' || !NAME.test(value))
      return `${name} must be up to 100 letters, digits, spaces and . : / @ # _ -`;
    return redact(value) === value ? undefined : `${name} must not hold a key`;
  };
}
