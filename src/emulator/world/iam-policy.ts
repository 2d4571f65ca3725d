import { Buffer } from 'node:buffer';
import { ApiError } from '../server/api-error.ts';
import type { Binding } from './iam.ts';
import type { JsonObject } from '../server/rest/json-body.ts';
import { anything, listOf, message, smallInteger, text, type Of } from '../server/rest/proto-json.ts';

/** The policy of one resource, as every API keeps it. */
export interface Policy {
  readonly etag: string;
  readonly version?: number | undefined;
  readonly bindings: readonly Binding[];
  readonly auditConfigs?: unknown;
}

/** The etag of a policy that was never set (measured by kmoneil/zig-gcp). */
export const FRESH_POLICY: Policy = { etag: 'ACAB', bindings: [] };

const binding = message('google.iam.v1.Binding', { role: text, members: listOf(text), condition: anything });
const policy = message('google.iam.v1.Policy', {
  version: smallInteger,
  bindings: listOf(binding),
  auditConfigs: anything,
  etag: text,
});

/** The requests of iam_policy.proto, which every API with policies takes. */
export const getPolicyRequest = message('google.iam.v1.GetIamPolicyRequest', {
  resource: text,
  options: message('google.iam.v1.GetPolicyOptions', { requestedPolicyVersion: smallInteger }),
});
export const setPolicyRequest = message('google.iam.v1.SetIamPolicyRequest', {
  resource: text,
  policy,
  updateMask: text,
});
export const testPermissionsRequest = message('google.iam.v1.TestIamPermissionsRequest', {
  resource: text,
  permissions: listOf(text),
});

/**
 * The policy that takes the place of `before`, with an etag made of `moment` (microseconds, never the same twice). A
 * stale etag is ABORTED (measured by kmoneil/zig-gcp for secrets); the wording is not settled.
 */
export function replacedPolicy(before: Policy, sent: Of<typeof policy>, moment: number): Policy {
  if (sent.etag !== undefined && sent.etag !== '' && sent.etag !== before.etag)
    throw new ApiError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(BigInt(moment));
  return {
    etag: raw.toString('base64'),
    version: sent.version ?? 1,
    bindings: (sent.bindings ?? []).map(bindingOf),
    auditConfigs: sent.auditConfigs,
  };
}

/** Roles nobody defined are stored and grant nothing; that production refuses some of them is left out. */
function bindingOf({ role = '', members = [], condition }: Of<typeof binding>): Binding {
  if (!/^(roles|(projects|organizations)\/[^/]+\/roles)\/[^/]+$/.test(role))
    throw new ApiError('INVALID_ARGUMENT', `Role ${role} is not supported for this resource.`);
  return { role, members, ...(condition !== undefined && { condition }) };
}

/** A policy in protobuf's JSON form. */
export function policyJson(shown: Policy): JsonObject {
  return {
    ...(shown.version !== undefined && { version: shown.version }),
    etag: shown.etag,
    ...(shown.bindings.length > 0 && { bindings: shown.bindings }),
    ...(shown.auditConfigs !== undefined && { auditConfigs: shown.auditConfigs }),
  };
}
