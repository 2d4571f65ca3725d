import { listSecrets, listSecretVersions } from './lists.ts';
import { getLocation, listLocations } from './locations.ts';
import { getIamPolicy, setIamPolicy, testIamPermissions } from './policies.ts';
import { createSecret, deleteSecret, getSecret, updateSecret } from './secrets.ts';
import {
  accessSecretVersion,
  addSecretVersion,
  destroySecretVersion,
  disableSecretVersion,
  enableSecretVersion,
  getSecretVersion,
} from './versions.ts';
import type { Rpc } from './world.ts';

/** Every rpc served, under its name in service.proto with a small first letter; REST and gRPC both lead here. */
export const RPCS = {
  listSecrets,
  createSecret,
  getSecret,
  updateSecret,
  deleteSecret,
  addSecretVersion,
  listSecretVersions,
  getSecretVersion,
  accessSecretVersion,
  enableSecretVersion,
  disableSecretVersion,
  destroySecretVersion,
  getIamPolicy,
  setIamPolicy,
  testIamPermissions,
  listLocations,
  getLocation,
} satisfies Record<string, Rpc>;

export type RpcName = keyof typeof RPCS;
