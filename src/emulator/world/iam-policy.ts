import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { ApiError } from '../wire/api-error.ts';
import type { Binding, Iam } from './iam.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { anything, listOf, message, smallInteger, text, bytes, camelCase, type Of } from '../wire/rest/proto-json.ts';
import {
  requireCondition,
  requireConditionVersion,
  requireMember,
  requirePolicyVersion,
  requireRole,
} from './iam-policy-rules.ts';

/** The policy of one resource, as every API keeps it. */
export interface Policy {
  /** Bytes; base64 here, as JSON has them. */
  readonly etag: string;
  /** Absent on a policy that was never set. */
  readonly version?: number | undefined;
  readonly bindings: readonly Binding[];
  readonly auditConfigs?: unknown;
}

/** The etag of a policy that was never set (measured by kmoneil/zig-gcp). */
export const FRESH_POLICY: Policy = { etag: 'ACAB', bindings: [] };

const binding = message('google.iam.v1.Binding', { role: text, members: listOf(text), condition: anything });
const policyMessage = message('google.iam.v1.Policy', {
  version: smallInteger,
  bindings: listOf(binding),
  auditConfigs: anything,
  etag: bytes,
});

/** The requests of iam_policy.proto, which every API with policies takes. */
export const getPolicyRequest = message('google.iam.v1.GetIamPolicyRequest', {
  resource: text,
  options: message('google.iam.v1.GetPolicyOptions', { requestedPolicyVersion: smallInteger }),
});
export const setPolicyRequest = message('google.iam.v1.SetIamPolicyRequest', {
  resource: text,
  policy: policyMessage,
  updateMask: text,
});
export const testPermissionsRequest = message('google.iam.v1.TestIamPermissionsRequest', {
  resource: text,
  permissions: listOf(text),
});

/** Who and what a policy may name. */
type Principals = Pick<Iam, 'hasRole' | 'hasAccount'>;

/**
 * The policy that takes the place of `before`, with an etag made of `moment` (microseconds). A
 * stale etag is ABORTED (measured by kmoneil/zig-gcp for secrets); the wording is not settled. Etags are compared as
 * bytes, because gcloud sends back in URL-safe base64 what it was given in the standard one.
 */
export function replacedPolicy(
  before: Policy,
  request: Of<typeof setPolicyRequest>,
  moment: number,
  iam: Principals,
): Policy {
  const { policy: sent = {}, updateMask = '' } = request;
  const guarded = sent.etag !== undefined && sent.etag.length > 0;
  if (guarded && !Buffer.from(before.etag, 'base64').equals(sent.etag))
    throw new ApiError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  requirePolicyVersion(sent.version ?? 0);
  const named = (field: string): boolean => updateMask === '' || maskOf(updateMask).includes(field);
  const bindings = named('bindings')
    ? (sent.bindings ?? []).map((one) => bindingOf(one, iam, before))
    : before.bindings;
  requireConditionVersion(guarded ? before.bindings : [], bindings, sent.version ?? 0);
  return {
    etag: etagAfter(before.etag, moment),
    version: bindings.some(({ condition }) => condition !== undefined) ? 3 : 1,
    bindings,
    auditConfigs: named('auditConfigs') ? sent.auditConfigs : before.auditConfigs,
  };
}

/** Eight bytes that grow with every write, also when two share a moment. */
function etagAfter(before: string, moment: number): string {
  const last = Buffer.from(before, 'base64');
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(
    last.length === 8 && last.readBigUInt64BE() >= BigInt(moment) ? last.readBigUInt64BE() + 1n : BigInt(moment),
  );
  return raw.toString('base64');
}

function maskOf(mask: string): readonly string[] {
  return mask.split(',').map((path) => camelCase(path.trim()));
}

/** Whoever stands in the policy already may stay: Google marks members that were deleted since, and takes them back so. */
function bindingOf(sent: Of<typeof binding>, iam: Principals, before: Policy): Binding {
  const { role = '', members = [], condition } = sent;
  const standing = before.bindings.flatMap((one) => one.members);
  requireRole(iam, role);
  for (const member of members) {
    if (standing.includes(member)) continue;
    requireMember(iam, member);
  }
  requireCondition(condition);
  return { role, members, ...(condition !== undefined && { condition }) };
}

/** What somebody sees who asks for a policy in `wanted`; `undefined` asks for the oldest. */
export function shownPolicy(policy: Policy, wanted: number | undefined): JsonObject {
  requirePolicyVersion(wanted ?? 0);
  return policyJson(wanted === 3 ? policy : withoutConditions(policy));
}

/**
 * A reader of version 1 cannot be shown a condition: Google marks the role instead, so that it is not taken for
 * granted (cloud.google.com/iam/docs/troubleshoot-policies#conditional-role-bindings).
 */
function withoutConditions(policy: Policy): Policy {
  if (policy.version !== 3) return policy;
  const bindings = policy.bindings.map(({ role, members, condition }) => {
    if (condition === undefined) return { role, members };
    const mark = createHash('sha256').update(JSON.stringify(condition)).digest('hex').slice(0, 20);
    return { role: `${role}_withcond_${mark}`, members };
  });
  return { ...policy, version: 1, bindings };
}

/** A policy in protobuf's JSON form, whole. */
export function policyJson(shown: Policy): JsonObject {
  return {
    ...(shown.version !== undefined && { version: shown.version }),
    etag: shown.etag,
    ...(shown.bindings.length > 0 && { bindings: shown.bindings }),
    ...(shown.auditConfigs !== undefined && { auditConfigs: shown.auditConfigs }),
  };
}
