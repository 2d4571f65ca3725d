import {
  getPolicyRequest,
  policyJson,
  replacedPolicy,
  setPolicyRequest,
  shownPolicy,
  testPermissionsRequest,
} from '../world/iam-policy.ts';
import { requirePermissions } from '../world/iam-policy-rules.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import { addressOf, openSecret } from './locate.ts';
import type { Rpc } from './world.ts';

export const getIamPolicy: Rpc = (world, caller, request) => {
  const { resource, options } = readRoot(getPolicyRequest, request);
  const { policy } = openSecret(world, caller, 'secretmanager.secrets.getIamPolicy', resource);
  return shownPolicy(policy, options?.requestedPolicyVersion);
};

/** Replaces the whole policy and leaves the secret's etag alone. */
export const setIamPolicy: Rpc = (world, caller, request) => {
  const sent = readRoot(setPolicyRequest, request);
  const secret = openSecret(world, caller, 'secretmanager.secrets.setIamPolicy', sent.resource);
  const after = replacedPolicy(secret.policy, sent, world.tick(), world.iam);
  world.secrets.put({ ...secret, policy: after });
  return policyJson(after);
};

/** Needs no permission, and answers the empty set for a secret that is not there. */
export const testIamPermissions: Rpc = (world, caller, request) => {
  const { resource, permissions = [] } = readRoot(testPermissionsRequest, request);
  const { place, record } = addressOf(world, resource);
  requirePermissions(permissions);
  if (record === undefined) return {};
  const guarded = { project: place.projectNumber, name: record.name, bindings: record.policy.bindings };
  const held = permissions.filter((permission) => world.iam.holds(caller, permission, guarded));
  return held.length === 0 ? {} : { permissions: held };
};
