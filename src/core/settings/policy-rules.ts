import type { CheckPolicy } from '../health/check-policy.ts';
import type { CalendarPolicy } from '../calendar/calendar-policy.ts';
import type { MintPolicy } from '../record/mint-policy.ts';
import type { RotationPolicy } from '../rotation/rotation-policy.ts';

/** Every field of a secret’s policy by its name; names are unique over all policies. */
export type SecretPolicyField = keyof CheckPolicy | keyof RotationPolicy | keyof MintPolicy | keyof CalendarPolicy;

/** What a deployment lets its secrets choose from. A list that is not there forbids nothing: only settings have them. */
export interface Choices {
  /** Projects that make keys. */
  readonly keyProjects?: readonly string[] | undefined;
  /** Accounts that keys are bound to. */
  readonly keyAccounts?: readonly string[] | undefined;
}

/** How far a secret's own policy may go beyond the deployment's, and why. */
type Rule =
  | { readonly may: 'rise' | 'fall'; readonly because: string }
  | { readonly may: 'be chosen'; readonly from: keyof Choices; readonly because: string }
  | { readonly may: 'be added' | 'be anything'; readonly because: string };

const ITS_OWN = 'it is about this secret’s own consumers alone, and any value within the bounds is safe for others';
const WATCHED = 'a secret may be watched more closely, not less';

/**
 * I17: whoever writes a secret's annotations may ask for more care, and for nothing that the settings do not give. One table
 * for what reads a policy and for docs/reference/settings.md.
 */
export const POLICY_RULES: Readonly<Record<SecretPolicyField, Rule>> = {
  confirmAnswers: { may: 'be anything', because: ITS_OWN },
  confirmSpacingSeconds: { may: 'fall', because: 'a run over all secrets waits for it' },
  unclearRunsMax: { may: 'fall', because: WATCHED },
  goodRunsMin: { may: 'rise', because: WATCHED },
  deepEveryHours: { may: 'fall', because: WATCHED },
  remindAfterHours: { may: 'fall', because: WATCHED },
  escalateAfterHours: { may: 'fall', because: WATCHED },
  drainHoursMin: { may: 'rise', because: 'consumers may need longer, and nobody takes the old key sooner' },
  drainHoursUnmeasured: { may: 'rise', because: 'consumers may need longer, and nobody takes the old key sooner' },
  drainHoursMax: { may: 'be anything', because: 'it decides when a person is called, and takes no key' },
  settleMinutesMax: { may: 'be anything', because: ITS_OWN },
  triesMax: { may: 'be anything', because: ITS_OWN },
  backoffSeconds: { may: 'be anything', because: ITS_OWN },
  leaseSeconds: { may: 'be anything', because: ITS_OWN },
  maxAgeDays: { may: 'fall', because: 'a key may be replaced sooner, not later; 0, never, is the latest' },
  retentionDays: { may: 'rise', because: 'what is deleted sooner cannot be gone back to' },
  destroyAfterDays: { may: 'rise', because: 'what is destroyed is gone' },
  rotateWhenDead: { may: 'fall', because: 'whether a person is asked first is for the settings to say' },
  rotateWhenUnusual: {
    may: 'rise',
    because: 'a key may be replaced sooner, and nobody leaves a theft alone who may not',
  },
  approval: {
    may: 'rise',
    because: 'whether a second person is asked is for the settings to say; a secret may ask for it too',
  },
  lookAtConsumers: { may: 'rise', because: 'more may be looked at before consumers get another key, not less' },
  reachConsumers: { may: 'fall', because: 'whose consumers are touched is for the settings to say' },
  reachPinned: { may: 'fall', because: 'whose consumers are touched is for the settings to say' },
  reachWaveMax: { may: 'fall', because: 'fewer at once harm fewer' },
  reachFailuresMax: { may: 'fall', because: 'fewer failures harm fewer' },
  drainHoursReached: { may: 'rise', because: 'consumers may need longer, and nobody takes the old key sooner' },
  windows: { may: 'be added', because: 'a rotation begins where the settings’ windows and its own are open' },
  freezes: { may: 'be added', because: 'days are frozen beside those of the settings, and none is taken away' },
  keyProject: { may: 'be chosen', from: 'keyProjects', because: 'the worker makes keys there with its own rights' },
  keyServiceAccount: { may: 'be chosen', from: 'keyAccounts', because: 'a key may do what its account may' },
  keyKind: { may: 'be anything', because: ITS_OWN },
  dropTargets: { may: 'be anything', because: ITS_OWN },
  keyField: { may: 'be anything', because: ITS_OWN },
  carryAnnotations: { may: 'be anything', because: 'the key that is replaced had them already' },
};

/** Why a secret's own policy may not have this value over what the settings have, with both ways out; `undefined` if it may. */
export function ruleProblem(
  field: SecretPolicyField,
  { set, given, choices }: { readonly set: unknown; readonly given: unknown; readonly choices: Choices },
): string | undefined {
  const rule = POLICY_RULES[field];
  switch (rule.may) {
    case 'be added':
    case 'be anything':
      return undefined;
    case 'be chosen': {
      const list = choices[rule.from];
      if (list === undefined || set === given || list.some((one) => one === set)) return undefined;
      const from = list.length === 0 ? 'left out, for the settings name none' : `one of ${list.join(', ')}`;
      return `${field} must be ${from}: ${rule.because}. Choose one of these, or have it added to the settings`;
    }
    case 'rise':
    case 'fall': {
      const [asked, least] = [weight(field, set), weight(field, given)];
      if (asked === least || asked > least === (rule.may === 'rise')) return undefined;
      return `${field} may only ${rule.may} from ${String(given)}, which the settings have, and not be ${String(set)}: ${rule.because}. Take it out, or have the settings changed`;
    }
  }
}

/** A number as the rules compare it: never, which is 0 as an age, is later than any. */
function weight(field: SecretPolicyField, value: unknown): number {
  return field === 'maxAgeDays' && value === 0 ? Infinity : Number(value);
}
