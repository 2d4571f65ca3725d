import {
  getPolicyRequest,
  policyJson,
  replacedPolicy,
  setPolicyRequest,
  testPermissionsRequest,
} from '../world/iam-policy.ts';
import { readRoot } from '../server/rest/proto-json.ts';
import { addressOf, openSecret } from './locate.ts';
import type { Rpc } from './world.ts';

export const getIamPolicy: Rpc = (world, caller, request) => {
  const { resource } = readRoot(getPolicyRequest, request);
  return policyJson(openSecret(world, caller, 'secretmanager.secrets.getIamPolicy', resource).policy);
};

/** Replaces the whole policy and leaves the secret's etag alone. */
export const setIamPolicy: Rpc = (world, caller, request) => {
  const { resource, policy = {} } = readRoot(setPolicyRequest, request);
  const secret = openSecret(world, caller, 'secretmanager.secrets.setIamPolicy', resource);
  const after = replacedPolicy(secret.policy, policy, world.tick());
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
