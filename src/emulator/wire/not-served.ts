import { ApiError } from './api-error.ts';
import type { Api } from './faults.ts';
import type { Service } from './http.ts';

/** An API of Google's whose methods and fields are looked at here. */
export type GoogleApi = Exclude<Api, 'oidc' | 'control'>;

/**
 * Methods that Google has and the pretend cloud has not, in Google's order: an HTTP method, or `*`, and a path in which
 * `*` is one segment and `**` the rest. They are answered with UNIMPLEMENTED, so that nobody takes them for misspelt.
 */
const METHODS: Readonly<Record<GoogleApi, readonly string[]>> = {
  secretmanager: [
    'POST /v1/projects/*/secrets/*:enableManagedRotation',
    'POST /v1/projects/*/secrets/*:rotateSecret',
    'POST /v1/projects/*/locations/*/secrets/*:enableManagedRotation',
    'POST /v1/projects/*/locations/*/secrets/*:rotateSecret',
  ],
  apikeys: [],
  gemini: [
    '* /v1beta/models/*:embedContent',
    '* /v1beta/models/*:batchEmbedContents',
    '* /v1beta/models/*:asyncBatchEmbedContent',
    '* /v1beta/models/*:batchGenerateContent',
    '* /v1beta/models/*:generateAnswer',
    '* /v1beta/models/*:predict',
    '* /v1beta/models/*:predictLongRunning',
    '* /v1/models/*:embedContent',
    '* /v1/models/*:batchEmbedContents',
    '* /v1beta/openai/embeddings',
    '* /v1beta/openai/images/generations',
    '* /v1beta/openai/batches**',
    '* /v1beta/openai/files**',
    '* /v1beta/files**',
    '* /upload/v1beta/files**',
    '* /v1beta/cachedContents**',
    '* /v1beta/batches**',
    '* /v1beta/tunedModels**',
    '* /v1beta/corpora/**',
    '* /v1beta/fileSearchStores**',
    '* /v1beta/interactions**',
    '* /v1alpha/authTokens',
    '* /ws/google.ai.generativelanguage.**',
  ],
  monitoring: [
    'POST /v3/projects/*/timeSeries',
    'POST /v3/projects/*/timeSeries:createService',
    'POST /v3/projects/*/timeSeries:query',
    '* /v3/projects/*/collectdTimeSeries',
    '* /v3/projects/*/metricDescriptors**',
    '* /v3/projects/*/monitoredResourceDescriptors**',
    '* /v3/projects/*/alerts**',
    '* /v3/projects/*/groups**',
    '* /v3/projects/*/notificationChannelDescriptors**',
    '* /v3/projects/*/snoozes**',
    '* /v3/projects/*/uptimeCheckConfigs**',
    '* /v3/uptimeCheckIps',
    '* /v3/*/*/services**',
    '* /v3/folders/**',
    '* /v3/organizations/**',
  ],
  pubsub: [
    'POST /v1/projects/*/subscriptions/*:detach',
    'GET /v1/projects/*/topics/*/snapshots',
    '* /v1/projects/*/snapshots**',
    '* /v1/projects/*/schemas**',
  ],
  scheduler: ['* /v1/projects/*/locations/*/cmekConfig', '* /v1/projects/*/locations/*/operations**'],
  run: [
    '* /apis/serving.knative.dev/**',
    '* /apis/run.googleapis.com/**',
    '* /apis/domains.cloudrun.com/**',
    '* /v2/projects/*/locations/*/services**',
    '* /v2/projects/*/locations/*/jobs**',
    '* /v2/projects/*/locations/*/workerPools**',
    '* /v2/projects/*/locations/*/instances**',
    '* /v2/projects/*/locations/*/builds**',
  ],
  functions: ['* /v2/projects/*/locations/*/functions**', '* /v2/projects/*/locations/*/runtimes'],
  assets: [
    'GET /v1/*/*/assets',
    'GET /v1/*/*:searchAllIamPolicies',
    '* /v1/*/*:analyze**',
    'GET /v1/*/*:batchGetAssetsHistory',
    'GET /v1/*/*/effectiveIamPolicies:batchGet',
    'POST /v1/*/*:exportAssets',
    'POST /v1/*/*:queryAssets',
    '* /v1/*/*/feeds**',
    '* /v1/*/*/savedQueries**',
  ],
  deployment: [
    '* /v1/projects/*/services**',
    '* /v1/projects/*/serviceAccounts**',
    '* /v1/projects/*/roles**',
    '* /v1/projects/*/dashboards**',
    '* /v1/projects/*/locations/*/repositories**',
    '* /v1/projects/*/locations/*/keyRings**',
    '* /v2/projects/*/metrics**',
    '* /v2/projects/*/sinks**',
    '* /v2/projects/*/locations/*/buckets**',
    'POST /v2/entries:write',
    'POST /v2/entries:tail',
    '* /v3/projects/*/alertPolicies**',
    '* /v3/projects/*/notificationChannels**',
    '* /storage/v1/b**',
  ],
};

/** Fields that are refused with UNIMPLEMENTED when they are set, as `Message.field` of Google's schema. */
const FIELDS = {
  secretmanager: ['Secret.tags', 'ListLocationsRequest.filter'],
  apikeys: [],
  gemini: [],
  monitoring: ['ListTimeSeriesRequest.secondaryAggregation', 'ListTimeSeriesRequest.orderBy'],
  pubsub: [
    'Topic.schemaSettings',
    'Topic.ingestionDataSourceSettings',
    'Topic.messageTransforms',
    'Topic.tags',
    'Subscription.bigqueryConfig',
    'Subscription.cloudStorageConfig',
    'Subscription.bigtableConfig',
    'Subscription.messageTransforms',
    'Subscription.tags',
  ],
  scheduler: [],
  run: [],
  functions: [],
  assets: ['SearchAllResourcesRequest.query', 'SearchAllResourcesRequest.orderBy'],
  deployment: [],
} as const satisfies Readonly<Record<GoogleApi, readonly string[]>>;

/** Fields of requests to the Gemini API that are taken and not looked at; any other that is not served is refused. */
export const NOT_LOOKED_AT = {
  Part: [
    'thought',
    'thoughtSignature',
    'partMetadata',
    'inlineData',
    'fileData',
    'videoMetadata',
    'mediaResolution',
    'functionCall',
    'functionResponse',
    'executableCode',
    'codeExecutionResult',
    'toolCall',
    'toolResponse',
  ],
  GenerationConfig: [
    'temperature',
    'topP',
    'topK',
    'seed',
    'presencePenalty',
    'frequencyPenalty',
    'responseLogprobs',
    'logprobs',
    'responseSchema',
    'responseJsonSchema',
    'responseModalities',
    'speechConfig',
    'thinkingConfig',
    'mediaResolution',
    'imageConfig',
    'enableEnhancedCivicAnswers',
    'responseFormat',
  ],
  GenerateContentRequest: ['tools', 'toolConfig', 'safetySettings', 'labels', 'store', 'serviceTier'],
  ChatCompletionsRequest: [
    'temperature',
    'topP',
    'n',
    'stop',
    'seed',
    'user',
    'tools',
    'toolChoice',
    'responseFormat',
    'modalities',
    'reasoningEffort',
    'presencePenalty',
    'frequencyPenalty',
    'logprobs',
    'topLogprobs',
    'parallelToolCalls',
    'metadata',
    'store',
    'audio',
    'extraBody',
    'serviceTier',
    'webSearchOptions',
  ],
} as const;

/** What a policy holds and nothing here looks at. */
const POLICY_WITHOUT_EFFECT = [
  'Policy.bindings.condition (its expression is not read, and such a binding grants nothing)',
  'Policy.bindings.members (a service account counts as there until POST accounts deletes it, and whether a user or a group is there is not looked at)',
  'Policy.bindings.members of groups and federated principals (whoever belongs to them is granted nothing)',
  'Policy.auditConfigs',
];

/** Fields that are checked, kept and shown, and have no other consequence here. */
const WITHOUT_EFFECT: Readonly<Record<GoogleApi, readonly string[]>> = {
  secretmanager: [
    'Secret.secretType',
    'Secret.customerManagedEncryption',
    'Replication.automatic.customerManagedEncryption',
    'Replication.userManaged.replicas.customerManagedEncryption',
    ...POLICY_WITHOUT_EFFECT,
  ],
  apikeys: [
    'ApiTarget.service (whether there is such a service is not looked at)',
    'BrowserKeyRestrictions.allowedReferrers and IosKeyRestrictions.allowedBundleIds (any text is taken)',
  ],
  gemini: Object.entries(NOT_LOOKED_AT).flatMap(([message, fields]) => fields.map((field) => `${message}.${field}`)),
  monitoring: [],
  pubsub: [
    'Topic.kmsKeyName',
    'Topic.messageStoragePolicy',
    'Topic.messageRetentionDuration',
    'Subscription.retainAckedMessages',
    'Subscription.expirationPolicy',
    'Subscription.enableExactlyOnceDelivery',
    'PushConfig.attributes',
    'PushConfig.pushEndpoint on other machines (nothing is pushed there)',
    ...POLICY_WITHOUT_EFFECT,
  ],
  scheduler: [
    'Job.schedule and Job.timeZone (jobs run when they are told to)',
    'Job.retryConfig',
    'Job.attemptDeadline',
    'Job.appEngineHttpTarget',
    'HttpTarget.oauthToken',
  ],
  run: [
    'Container.image (nothing is pulled or run: what is told by POST consumers is what an instance does)',
    'Container.resources, ports, probes and all else that has to do with neither secrets nor traffic',
    'Service.scaling, RevisionTemplate.scaling (how many instances there are is told by POST consumers)',
    'ListServicesRequest.showDeleted',
  ],
  functions: ['Function.buildConfig (nothing is built: a build takes the time of POST pace)', 'Function.eventTrigger'],
  assets: ['ResourceSearchResult: types, names, places, labels and times alone'],
  deployment: ['every resource that POST resources puts there'],
};

/** A field that is not served; the message says which, the list in docs/emulator.md all of them. */
export function notServed<A extends GoogleApi>(_api: A, field: (typeof FIELDS)[A][number]): ApiError {
  return new ApiError('UNIMPLEMENTED', `${field} is not implemented by the pretend cloud.`);
}

/** Answers what Google has and the pretend cloud has not; asked after every other service. */
export const notServedMethods: Service = {
  title: 'What is not served',
  answer(request) {
    const found = Object.values(METHODS)
      .flat()
      .find((row) => patternOf(row).test(`${request.method} ${request.path}`));
    if (found === undefined) return undefined;
    throw new ApiError('UNIMPLEMENTED', 'Operation is not implemented, or supported, or enabled.');
  },
};

function patternOf(row: string): RegExp {
  const escaped = row.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/: ]+';
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${escaped.join('')}$`);
}

/** The one list of all this, in Markdown: what docs/emulator.md prints. */
export function notServedInMarkdown(): string {
  const apis = Object.keys(METHODS).filter((api): api is GoogleApi => Object.hasOwn(METHODS, api));
  const part = (title: string, rows: (api: GoogleApi) => readonly string[]): readonly string[] => [
    `**${title}**`,
    '',
    ...apis.flatMap((api) =>
      rows(api).length === 0
        ? []
        : [
            `- ${api}: ${rows(api)
              .map((row) => `\`${row}\``)
              .join(', ')}`,
          ],
    ),
    '',
  ];
  return [
    ...part('Methods, answered with UNIMPLEMENTED', (api) => METHODS[api]),
    ...part('Fields, refused with UNIMPLEMENTED', (api) => FIELDS[api]),
    ...part(
      'Fields that are taken without any other effect than that they are checked, and shown where they are kept',
      (api) => WITHOUT_EFFECT[api],
    ),
  ]
    .join('\n')
    .trimEnd();
}
