import { ApiError } from '../api-error.ts';
import type { Binding } from '../iam.ts';
import { policyEtagOf } from './etag.ts';
import { addressOf, openSecret } from './locate.ts';
import { getPolicyRequest, setPolicyRequest, testPermissionsRequest } from './messages.ts';
import { readRoot } from '../rest/proto-json.ts';
import { policyJson } from './render.ts';
import type { Policy } from './resource.ts';
import type { Rpc } from './world.ts';

export const getIamPolicy: Rpc = (world, caller, request) => {
  const { resource } = readRoot(getPolicyRequest, request);
  return policyJson(openSecret(world, caller, 'secretmanager.secrets.getIamPolicy', resource).policy);
};

/**
 * Replaces the whole policy and leaves the secret's etag alone. A stale policy etag is ABORTED, unlike everything else
 * here (measured by kmoneil/zig-gcp); the wording is not settled.
 */
export const setIamPolicy: Rpc = (world, caller, request) => {
  const { resource, policy = {} } = readRoot(setPolicyRequest, request);
  const secret = openSecret(world, caller, 'secretmanager.secrets.setIamPolicy', resource);
  if (policy.etag !== undefined && policy.etag !== '' && policy.etag !== secret.policy.etag)
    throw new ApiError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  const after: Policy = {
    etag: policyEtagOf(world.tick()),
    version: policy.version ?? 1,
    bindings: (policy.bindings ?? []).map(bindingOf),
    auditConfigs: policy.auditConfigs,
  };
  world.secrets.put({ ...secret, policy: after });
  return policyJson(after);
};

/** Needs no permission, and answers the empty set for a secret that is not there. */
export const testIamPermissions: Rpc = (world, caller, request) => {
  const { resource, permissions = [] } = readRoot(testPermissionsRequest, request);
  const { place, record } = addressOf(world, resource);
  if (record === undefined) return {};
  const guarded = { project: place.projectNumber, name: record.name, bindings: record.policy.bindings };
  const held = permissions.filter((permission) => world.iam.holds(caller, permission, guarded));
  return held.length === 0 ? {} : { permissions: held };
};

/** Roles nobody defined are stored and grant nothing; that production refuses some of them is left out. */
function bindingOf(sent: {
  readonly role?: string;
  readonly members?: readonly string[];
  readonly condition?: unknown;
}): Binding {
  if (sent.role === undefined || !/^(roles|(projects|organizations)\/[^/]+\/roles)\/[^/]+$/.test(sent.role))
    throw new ApiError('INVALID_ARGUMENT', `Role ${sent.role ?? ''} is not supported for this resource.`);
  return {
    role: sent.role,
    members: sent.members ?? [],
    ...(sent.condition === undefined ? {} : { condition: sent.condition }),
  };
}
