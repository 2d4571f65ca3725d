import { envelopeOf, ApiError, HTTP_STATUS, type RpcStatus } from './api-error.ts';
import type { Reply, Request } from './http.ts';

/** Which API of the pretend cloud a path belongs to; faults are aimed with it before anything is applied. */
export const APIS = [
  'secretmanager',
  'apikeys',
  'monitoring',
  'pubsub',
  'scheduler',
  'gemini',
  'run',
  'functions',
  'assets',
  'deployment',
  'oidc',
  'control',
] as const;

export type Api = (typeof APIS)[number];

const PATHS: readonly (readonly [RegExp, Api])[] = [
  [/^\/_emulator(\/|$)/, 'control'],
  [/^\/v1\/projects\/[^/]+\/(topics|subscriptions|snapshots)/, 'pubsub'],
  [/^\/v1\/projects\/[^/]+\/locations\/[^/]+\/jobs/, 'scheduler'],
  [/^\/v1\/projects\/[^/]+\/(?:services|serviceAccounts|roles|dashboards)(?:\/|$)/, 'deployment'],
  [/^\/v1\/projects\/[^/]+\/locations\/[^/]+\/(?:repositories|keyRings)(?:\/|$)/, 'deployment'],
  [/^\/v2\/projects\/[^/]+\/locations\/[^/]+\/(?:services|jobs|workerPools|operations)(?:\/|$|:)/, 'run'],
  [
    /^\/apis\/(?:serving\.knative\.dev|run\.googleapis\.com)\/|^\/v1\/projects\/[^/]+\/locations\/[^/]+\/services$/,
    'run',
  ],
  [/^\/v2\/projects\/[^/]+\/locations\/[^/]+\/functions(?:\/|$|:)/, 'functions'],
  [
    /^\/v1\/(?:projects|folders|organizations)\/[^/:]+(?::(?:searchAll|analyze|batchGet|export|query)|\/(?:assets|feeds|savedQueries|effectiveIamPolicies)(?:\/|$|:))/,
    'assets',
  ],
  [/^\/v2\/projects\/[^/]+\/(?:metrics|sinks|locations\/[^/]+\/buckets)(?:\/|$)/, 'deployment'],
  [/^\/v3\/projects\/[^/]+(?::|\/(?:alertPolicies|notificationChannels)(?:\/|$))/, 'deployment'],
  [/^\/v2\/entries:/, 'deployment'],
  [/^\/storage\/v1\//, 'deployment'],
  [/^\/google\.(?:pubsub|iam)\./, 'pubsub'],
  [/^\/google\.cloud\.scheduler\./, 'scheduler'],
  [/^\/google\.monitoring\./, 'monitoring'],
  [/^\/google\.(?:api\.apikeys|longrunning)\./, 'apikeys'],
  [/^\/v1\/projects(\/|$)|^\/google\.cloud\.secretmanager\./, 'secretmanager'],
  [/^\/v2\//, 'apikeys'],
  [/^\/v3\//, 'monitoring'],
  [/^\/(v1|v1beta)(\/|$)/, 'gemini'],
];

/** The API a path is for; what no API owns is answered beside the OIDC issuer. */
export function apiOf(path: string): Api {
  return PATHS.find(([pattern]) => pattern.test(path))?.[1] ?? 'oidc';
}

/** What a planted fault does to a call. Only `delay` and `lostAnswer` let the call be applied. */
export type Fault =
  | { readonly act: 'answer'; readonly reply: Reply }
  | { readonly act: 'delay'; readonly delayMs: number }
  | { readonly act: 'hang' | 'drop' | 'lostAnswer' };

/** Which calls a fault strikes: everything given must agree. */
export interface FaultMatch {
  readonly service?: Api;
  /** HTTP method, upper case. */
  readonly method?: string;
  /** A part of the path, such as `:addVersion`. */
  readonly path?: string;
  /** A regular expression over the path. */
  readonly pathPattern?: RegExp;
  /** Let this many matching calls less one pass first: 3 strikes from the third on. */
  readonly nth?: number;
}

/** Faults planted by a test: each strikes the next `times` calls it matches. */
export interface FaultBoard {
  plant(match: FaultMatch, times: number, fault: Fault): void;
  /** The fault for this call, if any, counted as used. The control surface is never struck. */
  strike(request: Request): Fault | undefined;
  clear(): void;
  /** How many planted faults have strikes left. */
  remaining(): number;
}

interface Planted {
  readonly match: FaultMatch;
  readonly fault: Fault;
  toSkip: number;
  timesLeft: number;
}

/** An empty board. A call is struck by the first planted fault that matches. */
export function faultBoard(): FaultBoard {
  let planted: Planted[] = [];
  return {
    plant(match, times, fault) {
      planted.push({ match, fault, toSkip: (match.nth ?? 1) - 1, timesLeft: times });
    },
    strike(request) {
      if (apiOf(request.path) === 'control') return undefined;
      for (const candidate of planted.filter(({ match }) => matches(match, request))) {
        if (candidate.toSkip > 0) {
          candidate.toSkip -= 1;
          continue;
        }
        candidate.timesLeft -= 1;
        planted = planted.filter(({ timesLeft }) => timesLeft > 0);
        return candidate.fault;
      }
      return undefined;
    },
    clear() {
      planted = [];
    },
    remaining: () => planted.length,
  };
}

function matches(match: FaultMatch, request: Request): boolean {
  return (
    (match.service === undefined || match.service === apiOf(request.path)) &&
    (match.method === undefined || match.method === request.method) &&
    (match.path === undefined || request.path.includes(match.path)) &&
    (match.pathPattern === undefined || match.pathPattern.test(request.path))
  );
}

const PLANTED_MESSAGE = 'The pretend cloud was told to fail this call.';

/** Google's envelope for an HTTP status; one without an RPC name of its own gets `UNKNOWN`. */
export function answerWithStatus(status: number, message = PLANTED_MESSAGE): Reply {
  const named = STATUS_NAMES.find((name) => HTTP_STATUS[name] === status);
  if (named !== undefined) return envelopeOf(new ApiError(named, message));
  return { status, body: { error: { code: status, message, status: 'UNKNOWN' } } };
}

/** First match wins, so that 400 reads INVALID_ARGUMENT and 409 ABORTED. */
const STATUS_NAMES: readonly RpcStatus[] = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'ABORTED',
  'RESOURCE_EXHAUSTED',
  'INTERNAL',
  'UNIMPLEMENTED',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
];
