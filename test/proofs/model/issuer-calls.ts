import type { IssuedKey, MintOrder } from '../../../src/app/ports/ports.ts';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { keyNameOf } from '../../../src/core/google/resource-names.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { Effect } from './calls.ts';
import { SECRET } from './vault-calls.ts';
import type { ModelKey, World } from './world.ts';

/** Makes a key; asked again under the same id it is the same key, as long as it is not deleted. */
export function mint(world: World, order: MintOrder): Effect {
  const known = world.keys.find(({ id }) => id === order.keyId);
  if (known?.deletedAt !== undefined) return { world, fault: 'exists' };
  if (known !== undefined) return { world, answer: issuedKey(known) };
  const key: ModelKey = { id: order.keyId, uid: `u-${order.keyId}`, rotation: order.keyId };
  return { world: { ...world, keys: [...world.keys, key] }, answer: issuedKey(key) };
}

/** A key by its id or full name. */
export function withKey(world: World, name: string, use: (key: ModelKey) => Effect): Effect {
  const key = world.keys.find(({ id }) => name === id || name.endsWith(`/keys/${id}`));
  return key === undefined ? { world, fault: 'not_found' } : use(key);
}

/** Deletes a key. */
export function deleteKey(world: World, key: ModelKey): Effect {
  if (key.deletedAt !== undefined) return { world, fault: 'not_found' };
  return { world: withChanged(world, key, { ...key, deletedAt: world.now }) };
}

/** Takes a deletion back. */
export function undeleteKey(world: World, key: ModelKey): Effect {
  const { deletedAt: _, ...alive } = key;
  return { world: withChanged(world, key, alive), answer: issuedKey(alive) };
}

/** Writes marks on a key, beside those that it bears. */
export function mark(world: World, key: ModelKey, marks: ModelKey['marks']): Effect {
  const marked = { ...key, marks: { ...key.marks, ...marks } };
  return { world: withChanged(world, key, marked), answer: issuedKey(marked) };
}

function withChanged(world: World, key: ModelKey, changed: ModelKey): World {
  return { ...world, keys: world.keys.map((one) => (one === key ? changed : one)) };
}

/** What the issuer says of a key. */
export function issuedKey({ id, uid, deletedAt, rotation, marks }: ModelKey): IssuedKey {
  return {
    name: keyNameOf('p', id),
    uid,
    displayName: id,
    restrictions: {},
    annotations: { ...(rotation === undefined ? {} : { [SECRET_MARK]: SECRET }), ...marks },
    createdAt: instantOf(0),
    ...(deletedAt === undefined ? {} : { deletedAt: instantOf(deletedAt) }),
  };
}
