import { ApiError } from '../wire/api-error.ts';
import { isJsonObject } from '../wire/rest/json-body.ts';
import type { Binding, Iam } from './iam.ts';

/** `google.iam.v1.Policy.version`: 0 and 1 are policies without conditions, 3 may have them, 2 never existed. */
const VERSIONS: readonly number[] = [0, 1, 3];
const WITH_CONDITIONS = 3;

/** INVALID_ARGUMENT for a version of policies that there is not. The wording is not settled. */
export function requirePolicyVersion(version: number): void {
  if (!VERSIONS.includes(version))
    throw invalid(`Invalid policy version: ${version}. The policy version must be 0, 1 or 3.`);
}

/**
 * A condition is taken only in a policy of version 3, and a policy that has one is replaced under its etag only by
 * another of version 3 (google/iam/v1/policy.proto). The wording is not settled.
 */
export function requireConditionVersion(before: readonly Binding[], after: readonly Binding[], version: number): void {
  if (version === WITH_CONDITIONS || ![...before, ...after].some(({ condition }) => condition !== undefined)) return;
  throw invalid('Conditional role bindings need a policy of version 3.');
}

/** A condition needs an expression and a title (google/type/expr.proto, cloud.google.com/iam/docs/conditions-overview). */
export function requireCondition(condition: unknown): void {
  if (condition === undefined) return;
  const { expression, title } = isJsonObject(condition) ? condition : {};
  if (typeof expression !== 'string' || expression.trim() === '' || typeof title !== 'string' || title === '')
    throw invalid('A condition needs an expression and a title.');
}

const ROLE = /^(?:roles|(?:projects|organizations)\/[^/]+\/roles)\/[^/]+$/;

/** A role that there is not would grant nothing and say nothing, so Google refuses it. */
export function requireRole(iam: Pick<Iam, 'hasRole'>, role: string): void {
  if (iam.hasRole(role)) return;
  if (ROLE.test(role) && !role.startsWith('roles/'))
    throw invalid(`Role (${role}) does not exist in the resource's hierarchy.`);
  throw invalid(`Role ${role} is not supported for this resource.`);
}

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s.]+$/;
const DOMAIN = /^[^@\s]+\.[^@\s.]+$/;
const PRINCIPAL = /^\/\/(?:iam|cloudresourcemanager)\.googleapis\.com\/\S+$/;
const MEMBERS: Readonly<Record<string, RegExp>> = {
  user: EMAIL,
  serviceAccount: EMAIL,
  group: EMAIL,
  domain: DOMAIN,
  principal: PRINCIPAL,
  principalSet: PRINCIPAL,
  projectOwner: /^[\w.:-]+$/,
  projectEditor: /^[\w.:-]+$/,
  projectViewer: /^[\w.:-]+$/,
};

/**
 * INVALID_ARGUMENT for a member of a kind that there is not, and for a service account that was deleted, in Google's
 * words (googleapis/google-cloud-go#11482). That Google looks whether a user or a group exists is left out.
 */
export function requireMember(iam: Pick<Iam, 'hasAccount'>, member: string): void {
  requireMemberForm(member);
  const [, email] = /^serviceAccount:(.*)$/.exec(member) ?? [];
  if (email !== undefined && !iam.hasAccount(email)) throw invalid(`Service account ${email} does not exist.`);
}

/** The form alone, for a grant that is taken back: it may be of somebody who is gone. */
export function requireMemberForm(member: string): void {
  if (member === 'allUsers' || member === 'allAuthenticatedUsers') return;
  const [, kind = '', rest = ''] = /^(?:deleted:)?(\w+):(.*)$/.exec(member) ?? [];
  const form = Object.hasOwn(MEMBERS, kind) ? MEMBERS[kind] : undefined;
  if (form === undefined)
    throw invalid(`The member ${member} is of an unknown type. Please set a valid type prefix for the member.`);
  if (!form.test(rest.replace(/\?uid=\d+$/, '')))
    throw invalid(`The member ${member} does not name a ${kind}: it is not of the form that one has.`);
}

/** Permissions are tested one by one: no wildcards (google/iam/v1/iam_policy.proto), and none that there is not. */
export function requirePermissions(permissions: readonly string[]): void {
  for (const permission of permissions) {
    if (/^[a-z]+(?:\.[A-Za-z]+){2,3}$/.test(permission)) continue;
    throw invalid(`Permission ${permission} is not valid for this resource.`);
  }
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
