/** One kind of resource that is kept as it was put, and only read. */
export interface Kind {
  /** Where its collection is; `*` is one segment. */
  readonly collection: string;
  /** What its permissions begin with. */
  readonly permissions: string;
  /** Field of a list that holds it; such a kind has no list where there is none. */
  readonly list?: string;
  /** Whether each has a policy of its own, read with GET. */
  readonly policy?: true;
}

/** What a deployment leaves in APIs that are not served otherwise, in Google's own paths. */
export const KINDS: readonly Kind[] = [
  { collection: '/v1/projects/*/services', permissions: 'serviceusage.services', list: 'services' },
  { collection: '/v1/projects/*/serviceAccounts', permissions: 'iam.serviceAccounts', list: 'accounts' },
  {
    collection: '/v1/projects/*/locations/*/repositories',
    permissions: 'artifactregistry.repositories',
    list: 'repositories',
    policy: true,
  },
  {
    collection: '/v1/projects/*/locations/*/keyRings/*/cryptoKeys',
    permissions: 'cloudkms.cryptoKeys',
    list: 'cryptoKeys',
    policy: true,
  },
  { collection: '/v1/projects/*/dashboards', permissions: 'monitoring.dashboards', list: 'dashboards' },
  { collection: '/v2/projects/*/locations/*/functions', permissions: 'cloudfunctions.functions', list: 'functions' },
  { collection: '/v2/projects/*/locations/*/services', permissions: 'run.services', list: 'services', policy: true },
  { collection: '/v2/projects/*/metrics', permissions: 'logging.logMetrics', list: 'metrics' },
  { collection: '/v2/projects/*/sinks', permissions: 'logging.sinks', list: 'sinks' },
  { collection: '/v2/projects/*/locations/*/buckets', permissions: 'logging.buckets', list: 'buckets' },
  { collection: '/v3/projects/*/alertPolicies', permissions: 'monitoring.alertPolicies', list: 'alertPolicies' },
  {
    collection: '/v3/projects/*/notificationChannels',
    permissions: 'monitoring.notificationChannels',
    list: 'notificationChannels',
  },
  { collection: '/storage/v1/b', permissions: 'storage.buckets' },
  { collection: '/storage/v1/b/*/o', permissions: 'storage.objects' },
];

/** What a path asks of a kind. */
export interface Asked {
  readonly kind: Kind;
  readonly what: 'list' | 'get' | 'getIamPolicy';
  /** Absent where the path names none, as Cloud Storage's do not. */
  readonly project: string | undefined;
}

const ROUTES = KINDS.map((kind) => {
  const segments = kind.collection.replaceAll('*', '[^/:]+').replace('projects/[^/:]+', 'projects/(?<project>[^/:]+)');
  return { kind, route: new RegExp(`^${segments}(?<item>/[^/:]+)?(?<verb>:getIamPolicy)?$`) };
});

/** The kind and the question in a path; `undefined` for what is none of these. */
export function askedIn(path: string): Asked | undefined {
  for (const { kind, route } of ROUTES) {
    const found = route.exec(path)?.groups;
    if (found === undefined) continue;
    const { item, verb, project } = found;
    if (item === undefined)
      return kind.list === undefined || verb !== undefined ? undefined : { kind, what: 'list', project };
    if (verb === undefined) return { kind, what: 'get', project };
    return kind.policy ? { kind, what: 'getIamPolicy', project } : undefined;
  }
  return undefined;
}
