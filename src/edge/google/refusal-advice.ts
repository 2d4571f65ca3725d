import { BINDING_PERMISSIONS, BINDING_ROLE } from '../../core/google/key-rules.ts';
import { clip } from '../../core/values/clip.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { redact } from '../../core/key/redact.ts';

/** What Google names in a refusal is theirs to spell; a name is never as long as this. */
const NAME_CHARACTERS_MAX = 200;

/** Roles that hold these permissions alone. */
const ROLES: ReadonlyMap<string, string> = new Map(BINDING_PERMISSIONS.map((one) => [one, BINDING_ROLE]));

/** What a call is known to need, where Google names nothing. */
interface Guess {
  readonly permission?: string | undefined;
  readonly role?: string | undefined;
  readonly besides?: string | undefined;
}

/**
 * What to grant, and where: as Google names them in the metadata of `ErrorInfo`, because one call may need permissions on
 * more than one resource; else what the call is known to need.
 */
export function permissionAdvice(named: JsonRecord, guess: Guess): string | undefined {
  const permission = nameIn(named, 'permission');
  if (permission !== undefined) {
    const role = permission === guess.permission ? guess.role : ROLES.get(permission);
    return `Grant ${permission} on ${nameIn(named, 'resource') ?? 'it'}${suchAs(role)}.`;
  }
  if (guess.permission === undefined) return undefined;
  const besides = guess.besides === undefined ? '' : ` ${guess.besides}`;
  return `Grant ${guess.permission} on it${suchAs(guess.role)}.${besides} The same answer is given when it does not exist.`;
}

function suchAs(role: string | undefined): string {
  return role === undefined ? '' : `, for example with ${role}`;
}

/** `constraints/…` of an organisation policy, or `customConstraints/…`. */
const CONSTRAINT = /\b(?:customConstraints|constraints)\/[\w.]+/;

/**
 * That an organisation’s policy or perimeter stands in the way, and which; `undefined` when none does. Managed constraints and custom ones
 * refuse with the same reason, older ones say so in words alone.
 */
export function forbidding(reason: string | undefined, message: string, named: JsonRecord): string | undefined {
  if (reason === 'SECURITY_POLICY_VIOLATED' || /vpcServiceControls/.test(message))
    return 'A perimeter of VPC Service Controls refuses it: no grant helps. Whoever administers the perimeter can let this caller in.';
  const spelled = CONSTRAINT.exec(`${JSON.stringify(named)} ${message}`)?.[0];
  if (spelled === undefined && (reason === undefined || !POLICY_REASONS.includes(reason))) return undefined;
  return `An organisation policy forbids it${spelled === undefined ? '' : ` (${spelled})`}: no grant helps, and neither does trying again.`;
}

const POLICY_REASONS = [
  'CUSTOM_ORG_POLICY_VIOLATION',
  'ORG_RESTRICTION_VIOLATION',
  'RESOURCE_USAGE_RESTRICTION_VIOLATED',
];

function nameIn(named: JsonRecord, field: string): string | undefined {
  const name = named[field];
  return typeof name === 'string' && name !== '' ? clip(redact(name), NAME_CHARACTERS_MAX) : undefined;
}
