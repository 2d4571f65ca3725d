import { ApiError } from '../wire/api-error.ts';
import { snakeCase } from '../wire/rest/proto-json.ts';

/** Paths that UpdateSecret takes. Maps go as a whole: a path to one of their keys is refused. */
export const CHANGEABLE = [
  'replication',
  'labels',
  'topics',
  'expire_time',
  'ttl',
  'rotation',
  'rotation.next_rotation_time',
  'rotation.rotation_period',
  'version_aliases',
  'annotations',
  'version_destroy_ttl',
  'customer_managed_encryption',
] as const;

export type ChangeablePath = (typeof CHANGEABLE)[number];

const IGNORED = ['name', 'create_time', 'tags', 'etag'];
const IMMUTABLE = ['secret_type', 'policy_member'];

/**
 * The paths a mask names, in snake_case or lowerCamelCase. An empty mask is allowed and changes nothing; none at all
 * is refused (measured by kmoneil/zig-gcp).
 */
export function pathsOf(mask: string | undefined): ReadonlySet<ChangeablePath> {
  if (mask === undefined) throw new ApiError('INVALID_ARGUMENT', 'Field [update_mask] is required.');
  const named = mask === '' ? [] : mask.split(',').map((path) => snakeCase(path.trim()));
  return new Set(named.flatMap(changeable));
}

function changeable(path: string): readonly ChangeablePath[] {
  if (IGNORED.includes(path)) return [];
  if (IMMUTABLE.includes(path))
    throw new ApiError('INVALID_ARGUMENT', `Field '${path}' is immutable and cannot be updated.`);
  const known = CHANGEABLE.find((candidate) => candidate === path);
  if (known === undefined) throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  return [known];
}
