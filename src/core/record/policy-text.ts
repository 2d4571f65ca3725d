import { parseRecord, type JsonRecord } from '../values/json.ts';
import type { Form } from './form.ts';

/** Annotation on a secret that overrides the deployment's policy for it: JSON such as `{"v":1,"confirmAnswers":5}`. */
export const POLICY_ANNOTATION = 'key-warden.policy';

/** What people set, field by field, not judged yet: the settings know the fields and their bounds. */
export type PolicyFields = JsonRecord;

/** The annotation with one field set as a person asked, and everything else that people wrote as it was. */
export function policyWith(policy: PolicyFields, field: string, value: string): Readonly<Record<string, string>> {
  return { [POLICY_ANNOTATION]: JSON.stringify({ v: 1, ...policy, [field]: value }) };
}

/** The form of a secret's own policy, which people write. */
export const POLICY_FORM: Form<PolicyFields> = {
  annotation: POLICY_ANNOTATION,
  absent: {},
  read(text) {
    const value = parseRecord(text);
    if (value === undefined) return { why: 'is not a JSON object' };
    const { v, ...fields } = value;
    return v === 1 ? { value: fields } : { why: `has version ${JSON.stringify(v)}; this release reads version 1` };
  },
  write: JSON.stringify,
  rewrite: (text) => text,
};
