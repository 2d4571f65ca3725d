import { ApiError } from '../wire/api-error.ts';
import type { Caller, Iam } from '../world/iam.ts';
import {
  getPolicyRequest,
  policyJson,
  replacedPolicy,
  setPolicyRequest,
  shownPolicy,
  testPermissionsRequest,
} from '../world/iam-policy.ts';
import { requirePermissions } from '../world/iam-policy-rules.ts';
import type { Request } from '../wire/http.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { readRoot, type Reader } from '../wire/rest/proto-json.ts';
import { queryFields, nestedFields } from '../wire/rest/query.ts';
import type { PubSubStore } from './store.ts';

/** One request to Pub/Sub, recognised by its path. */
export interface Call {
  readonly store: PubSubStore;
  readonly iam: Iam;
  readonly caller: Caller;
  readonly now: number;
  /** Method and shape of the path, such as `POST topics/*:publish`. */
  readonly shape: string;
  /** Full name of the resource as sent; of a list, its collection. */
  readonly name: string;
  /** Project as sent. */
  readonly project: string;
  readonly request: Request;
}

/** Throws PERMISSION_DENIED unless the caller holds `pubsub.<permission>` on the resource or its project. */
export function allow({ iam, caller, project, name, store }: Call, permission: string): void {
  iam.require(caller, `pubsub.${permission}`, { project, name, bindings: store.policy(name).bindings });
}

/** The request message: the body, and of the query what `known` names. */
export function asked<T>({ request }: Call, reader: Reader<T>, ...known: readonly string[]): T {
  return readRoot(reader, { ...jsonObjectOf(request.body), ...queryFields(request.query, known) });
}

const ID = /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;

/** Ids have 3 to 255 characters and begin with a letter, but not with `goog`. */
export function requireName(name: string, collection: 'topics' | 'subscriptions'): void {
  const [, id = ''] = new RegExp(`^projects/[^/]+/${collection}/([^/]+)$`).exec(name) ?? [];
  if (ID.test(id)) return;
  const more = 'https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names';
  throw new ApiError(
    'INVALID_ARGUMENT',
    `Invalid resource name given (name=${name}). Refer to ${more} for more information.`,
  );
}

/** Reads, replaces or tests a policy; `find` throws NOT_FOUND when there is nothing that it could belong to. */
export function policyCall(
  call: Call,
  kind: 'topics' | 'subscriptions',
  verb: string,
  find: () => unknown,
): JsonObject | undefined {
  const { store, iam, caller, project, name, now, request } = call;
  const before = store.policy(name);
  switch (verb) {
    case 'GET getIamPolicy': {
      allow(call, `${kind}.getIamPolicy`);
      find();
      const { options } = readRoot(getPolicyRequest, nestedFields(request.query, ['options.requestedPolicyVersion']));
      return shownPolicy(before, options?.requestedPolicyVersion);
    }
    case 'POST setIamPolicy': {
      allow(call, `${kind}.setIamPolicy`);
      find();
      const after = replacedPolicy(before, asked(call, setPolicyRequest), now * 1000, iam);
      store.setPolicy(name, after);
      return policyJson(after);
    }
    case 'POST testIamPermissions': {
      const { permissions = [] } = asked(call, testPermissionsRequest);
      requirePermissions(permissions);
      if (!store.has(name)) return {};
      const guarded = { project, name, bindings: before.bindings };
      const held = permissions.filter((permission) => iam.holds(caller, permission, guarded));
      return held.length === 0 ? {} : { permissions: held };
    }
    default:
      return undefined;
  }
}
