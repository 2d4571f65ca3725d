import { blocksOf, listOf, localOf, namedIn, nested, recordOf, type Block, type HclFile } from './module.ts';

/** What is wrong with a module in the eyes of one policy, in words; empty when nothing is. */
type Policy = (files: readonly HclFile[]) => readonly string[];

const at = ({ type, name }: Block) => `${type}.${name}`;
const json = (value: unknown) => JSON.stringify(value ?? '');

/** Accounts by what they are for: whoever only calls, or builds, runs nothing. */
const ACCOUNT_OF: Readonly<Record<string, { readonly in: readonly string[]; readonly is: string }>> = {
  google_cloudfunctions2_function: { in: ['service_config', 'service_account_email'], is: '[each.value.identity].' },
  google_cloud_scheduler_job: { in: ['http_target', 'oidc_token', 'service_account_email'], is: '["scheduler"].' },
  google_pubsub_subscription: { in: ['push_config', 'oidc_token', 'service_account_email'], is: '["push"].' },
};

function deepIn(block: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, step) => recordOf(listOf(found)[0])[step], block);
}

const noSharedAccount: Policy = (files) => [
  ...blocksOf(files, ...Object.keys(ACCOUNT_OF)).flatMap((block) => {
    const rule = ACCOUNT_OF[block.type];
    if (rule === undefined || (block.type === 'google_pubsub_subscription' && !nested(block.body, 'push_config')))
      return [];
    const account = json(deepIn(block.body, rule.in)).replaceAll('\\', '');
    const isOwn = account.replace(/local\.functions\[local\.\w+\]/, 'each.value');
    return isOwn.includes(`google_service_account.identity${rule.is}`)
      ? []
      : [`${at(block)} does not run or call as its own identity but as ${account}`];
  }),
  ...blocksOf(files, 'google_cloudfunctions2_function')
    .filter(({ body }) => !json(deepIn(body, ['build_config', 'service_account'])).includes('identity[\\"build\\"]'))
    .map((block) => `${at(block)} is not built by the build account`),
  ...blocksOf(files)
    .filter(({ type }) => /^google_(compute|app_engine)_default_service_account$/.test(type))
    .map((block) => `${at(block)} is an account that everything shares`),
];

const nobodyUnknown: Policy = (files) =>
  files.flatMap(({ name, text }) =>
    /\ball(Authenticated)?Users\b/.test(ASKED_FOR.reduce((rest, one) => rest.replace(one, ''), text))
      ? [`${name} lets anybody in`]
      : [],
  );

/** The two exceptions, and only where somebody names what PagerDuty, or whoever reports leaks, signs with. */
const ASKED_FOR = [
  'var.pagerduty_webhook == null ? {} : { "acknowledge/anybody" = { function = "acknowledge", member = "allUsers" } }',
  'var.leak_reports == null ? {} : { "leak-reports/anybody" = { function = "leak-reports", member = "allUsers" } }',
];

const noWideGrant: Policy = (files) =>
  blocksOf(files).flatMap((block) => [
    ...(/roles\/(owner|editor|viewer|browser)\b/.test(json(block.body)) ? [`${at(block)} grants a basic role`] : []),
    ...(/_iam_(binding|policy)$/.test(block.type) ? [`${at(block)} takes away what others granted`] : []),
  ]);

/** A role on all objects of a project reads Terraform’s state and other people’s buckets. */
const noBucketButItsOwn: Policy = (files) =>
  blocksOf(files, 'google_project_iam_member')
    .filter(({ body }) => json(body).includes('roles/storage.') && !nested(body, 'condition'))
    .map((block) => `${at(block)} reaches into every bucket of the project`);

/** Whatever Terraform sets or reads stands readable in its state. */
const noSecretInState: Policy = (files) =>
  blocksOf(files).flatMap((block) =>
    /^google_(secret_manager_(regional_)?secret_version(_access|s)?|apikeys_key|service_account_key)$/.test(
      block.type,
    ) || /"(secret_data|payload|auth_token|service_key|password)":/.test(json(block.body))
      ? [`${at(block)} puts a secret into the state`]
      : [],
  );

const SEVERITIES = ['CRITICAL', 'ERROR', 'WARNING'];

/** Policies may be written out or made from a table; the table’s rows are looked at like policies. */
const alarmsSayWhatToDo: Policy = (files) => {
  const blocks = blocksOf(files, 'google_monitoring_alert_policy');
  const tables = ['policies', 'events'].filter((table) =>
    blocks.some(({ body }) => String(body['for_each']).includes(`local.${table}`)),
  );
  return [
    ...blocks.flatMap((block) => [
      ...(block.body['severity'] === undefined ? [`${at(block)} has no severity`] : []),
      ...(nested(block.body, 'documentation')?.['content'] === undefined ? [`${at(block)} has no documentation`] : []),
    ]),
    ...tables
      .flatMap((table) => Object.entries(recordOf(localOf(files, table))))
      .flatMap(([name, row]) => {
        const { severity, runbook } = recordOf(row);
        return [
          ...(SEVERITIES.includes(String(severity)) ? [] : [`alarm ${name} has the severity ${json(severity)}`]),
          ...(/`(gcloud|key-warden) [^`]+`/.test(String(runbook)) ? [] : [`alarm ${name} names no command`]),
        ];
      }),
  ];
};

/** The end of the line is the one subscription that forwards nothing: the dead letters’ own. */
const nothingGetsLost: Policy = (files) =>
  blocksOf(files, 'google_pubsub_subscription').flatMap((block) => {
    const isEnd = json(block.body['topic']).includes('dead-letters');
    return [
      ...(nested(block.body, 'retry_policy') ? [] : [`${at(block)} has no retry policy`]),
      ...(isEnd || nested(block.body, 'dead_letter_policy') ? [] : [`${at(block)} has no dead-letter topic`]),
      ...(nested(block.body, 'expiration_policy')?.['ttl'] === '' ? [] : [`${at(block)} expires when it is quiet`]),
    ];
  });

const SECRETS = ['google_secret_manager_secret', 'google_secret_manager_regional_secret'];
const OURS_ON_A_SECRET = ['annotations', 'version_aliases', 'rotation[0].next_rotation_time'];

/** An apply that sets what the worker moves would undo a promotion. */
const leavesTheWorkersFields: Policy = (files) =>
  blocksOf(files, ...SECRETS).flatMap((block) => {
    const ignored = listOf(nested(block.body, 'lifecycle')?.['ignore_changes']).map(String);
    return OURS_ON_A_SECRET.flatMap((field) => {
      const line = block.file.text.split('\n').find((text) => text.trim().startsWith(`${field},`));
      if (!ignored.includes(`\${${field}}`)) return [`${at(block)} does not ignore changes of ${field}`];
      return line?.includes('#') ? [] : [`${at(block)} ignores ${field} and does not say why`];
    });
  });

const callsAreProven: Policy = (files) => [
  ...blocksOf(files, 'google_cloud_scheduler_job').flatMap((block) => [
    ...(deepIn(block.body, ['http_target', 'oidc_token', 'audience']) ? [] : [`${at(block)} calls without a token`]),
    ...(nested(block.body, 'retry_config') ? [] : [`${at(block)} does not try again`]),
    ...(block.body['attempt_deadline'] === undefined ? [`${at(block)} has no deadline`] : []),
    ...(block.body['time_zone'] === 'Etc/UTC' ? [] : [`${at(block)} has hours that come twice or never`]),
  ]),
  ...blocksOf(files, 'google_pubsub_subscription').flatMap((block) =>
    nested(block.body, 'push_config') && !deepIn(block.body, ['push_config', 'oidc_token', 'audience'])
      ? [`${at(block)} pushes without a token`]
      : [],
  ),
];

/** What comes too early fails in the first apply, or does its first run without its rights. */
const WAITS_FOR: readonly (readonly [type: string, what: string])[] = [
  ['google_cloudfunctions2_function.first', 'time_sleep.grants'],
  ['google_cloudfunctions2_function.worker', 'google_cloudfunctions2_function.first'],
  ['google_secret_manager_secret', 'time_sleep.grants'],
  ['google_secret_manager_regional_secret', 'time_sleep.grants'],
  ['time_sleep.grants', 'google_artifact_registry_repository_iam_member.build'],
  ['time_sleep.grants', 'google_project_service_identity.agent'],
  ['google_cloud_scheduler_job', 'google_service_account_iam_member.binding'],
  ['google_cloudbuild_trigger', 'google_cloudbuildv2_connection_iam_member.source'],
  ['google_cloud_scheduler_job', 'google_cloud_run_v2_service_iam_member.invoker'],
  ['google_cloud_scheduler_job', 'google_project_iam_member.worker'],
  ['google_cloud_scheduler_job', 'google_secret_manager_secret_iam_member.worker'],
  ['google_cloud_scheduler_job', 'google_pubsub_topic_iam_member.publisher'],
  ['google_pubsub_subscription.push', 'google_cloud_run_v2_service_iam_member.invoker'],
  ['google_pubsub_subscription.push', 'google_pubsub_topic_iam_member.dead_letters'],
  ['google_pubsub_subscription.push', 'google_service_account_iam_member.push_tokens'],
  ['google_monitoring_alert_policy', 'google_cloud_scheduler_job.worker'],
];

const firstApplyWorks: Policy = (files) =>
  WAITS_FOR.flatMap(([type, what]) =>
    blocksOf(files)
      .filter((block) => block.kind === 'resource' && (block.type === type || at(block) === type))
      .filter(({ body }) => !listOf(body['depends_on']).includes(`\${${what}}`))
      .map((block) => `${at(block)} does not wait for ${what}`),
  );

/** A secret that is destroyed takes its keys along, so somebody must have asked for it in so many words. */
const keysOutliveTerraform: Policy = (files) => [
  ...blocksOf(files, ...SECRETS).flatMap((block) =>
    block.body['deletion_protection'] === '${var.guards.deletion_protection}'
      ? []
      : [`${at(block)} can be destroyed by a plan that nobody read`],
  ),
  ...Object.entries(namedIn(files, 'variable')).flatMap(([name, { type }]) =>
    /deletion_protection = optional\(bool, (?!true)/.test(String(type))
      ? [`variable ${name} protects no secret unless asked to`]
      : [],
  ),
];

const bucketsAreClosed: Policy = (files) =>
  blocksOf(files, 'google_storage_bucket').flatMap((block) => [
    ...(block.body['public_access_prevention'] === 'enforced' ? [] : [`${at(block)} could be opened to everybody`]),
    ...(block.body['uniform_bucket_level_access'] === true ? [] : [`${at(block)} has rights on single objects`]),
  ]);

/** An approval is a trigger’s, so whatever may write runs in no other trigger, and nobody’s push starts it. */
const appliesAreApproved: Policy = (files) =>
  blocksOf(files, 'google_cloudbuild_trigger').flatMap((block) => {
    const account = json(block.body['service_account']);
    if (account === '""') return [`${at(block)} runs as an account that everything shares`];
    if (account.includes('[\\"plan\\"]')) return [];
    return [
      ...(nested(block.body, 'approval_config')?.['approval_required'] === true
        ? []
        : [`${at(block)} writes without an approval`]),
      ...(['repository_event_config', 'github', 'trigger_template', 'pubsub_config', 'webhook_config'].some((event) =>
        nested(block.body, event),
      )
        ? [`${at(block)} is started by an event`]
        : []),
      ...(nested(block.body, 'build') && !nested(block.body, 'git_file_source') && !block.body['filename']
        ? []
        : [`${at(block)} runs what a branch says`]),
    ];
  });

const LOOKS = /\.(get|list|getIamPolicy)$/;
const NEVER = ['secretmanager.versions.access', 'secretmanager.versions.destroy', 'secretmanager.secrets.delete'];

/** A plan sees; and no build reads a key or takes one away, whoever approved it. */
const buildsAreModest: Policy = (files) => {
  const calls = files.some(({ name }) => name === 'calls.tf') ? recordOf(localOf(files, 'calls')) : {};
  return Object.entries(calls).flatMap(([type, row]) => [
    ...listOf(recordOf(row)['reads'])
      .map(String)
      .filter((permission) => !LOOKS.test(permission))
      .map((permission) => `a plan of ${type} may ${permission}`),
    ...NEVER.filter((permission) => json(row).includes(`"${permission}"`)).map(
      (permission) => `a build may ${permission}, for ${type}`,
    ),
  ]);
};

const everythingIsExplained: Policy = (files) =>
  (['variable', 'output'] as const).flatMap((kind) =>
    Object.entries(namedIn(files, kind)).flatMap(([name, { description, type }]) => [
      ...(description === undefined ? [`${kind} ${name} has no description`] : []),
      ...(kind === 'variable' && type === undefined ? [`variable ${name} has no type`] : []),
    ]),
  );

/** What a module must be; each name is a sentence. */
export const POLICIES = {
  'no account is shared': noSharedAccount,
  'nobody unknown is let in': nobodyUnknown,
  'no basic role is granted, and no grant takes others away': noWideGrant,
  'nobody reaches into every bucket of the project': noBucketButItsOwn,
  'no secret gets into the state': noSecretInState,
  'every alarm has a severity and says what to do': alarmsSayWhatToDo,
  'every subscription tries again and puts aside what it cannot deliver': nothingGetsLost,
  'what the worker writes on a secret is left alone, with a reason': leavesTheWorkersFields,
  'every call carries a token and is tried again': callsAreProven,
  'what needs a grant waits for it, so that the first apply works': firstApplyWorks,
  'no key is destroyed by Terraform unless asked to': keysOutliveTerraform,
  'no bucket can be opened to everybody': bucketsAreClosed,
  'what writes waits for an approval': appliesAreApproved,
  'a plan looks and does not touch, and no build reads a key': buildsAreModest,
  'every input and output is explained': everythingIsExplained,
} as const satisfies Record<string, Policy>;
