/** What must be true of a plan of the Terraform module, read from what `terraform show -json` prints of it. */
import { DEPLOYMENT_ROWS } from '../src/app/doctor/deployment/deployment.ts';
import { redact } from '../src/core/key/redact.ts';
import { isRecord, type JsonRecord } from '../src/core/values/json.ts';

/** `first` is of an empty project; `again` is of one in which all of it is there, where nothing may differ. */
export type Moment = 'first' | 'again';

/** One change of a plan, as far as it is looked at. */
interface Change {
  readonly address: string;
  readonly block: string;
  readonly mode: string;
  readonly actions: readonly string[];
  readonly after: JsonRecord;
  readonly provider: string;
}

type Rule = (plan: JsonRecord, changes: readonly Change[], moment: Moment) => readonly string[];

const PROVIDERS = ['hashicorp/google', 'hashicorp/google-beta', 'hashicorp/archive', 'hashicorp/time'];

/** Terraform promises to keep the form within a major number. */
const isOfAFormThatIsKnown: Rule = (plan) => [
  ...(String(plan['format_version']).startsWith('1.')
    ? []
    : [`is of the form ${String(plan['format_version'])}, not 1`]),
  ...(plan['errored'] === true ? ['ended with an error'] : []),
  ...(plan['complete'] === false ? ['leaves something for another apply'] : []),
];

const makesWhatItShould: Rule = (_, changes, moment) => {
  const managed = changes.filter(({ mode }) => mode === 'managed');
  const wanted = moment === 'first' ? 'create' : 'no-op';
  return [
    ...(managed.length === 0 ? ['makes nothing'] : []),
    ...managed.flatMap(({ address, actions }) =>
      actions.length === 1 && actions[0] === wanted ? [] : [`${address}: ${actions.join(' and ')}, not ${wanted}`],
    ),
  ];
};

/** Terraform of a later module, or another module: doctor would not look for what it makes. */
const isWhatDoctorLooksFor: Rule = (_, changes) =>
  changes.flatMap(({ mode, address, block }) =>
    mode !== 'managed' || Object.hasOwn(DEPLOYMENT_ROWS, block) ? [] : [`${address}: doctor has no row for ${block}`],
  );

/** Blocks that every deployment has, whatever its inputs. */
const leavesNothingOut: Rule = (_, changes) => {
  const planned = new Set(changes.map(({ block }) => block));
  return Object.keys(DEPLOYMENT_ROWS)
    .filter((block) => !planned.has(block) && !BY_INPUT.includes(block))
    .map((block) => `nothing of ${block} is planned`);
};
const BY_INPUT = [
  'google_project_service.api',
  'google_project_iam_audit_config.secret_manager',
  'google_service_account.keys',
  'google_service_account_iam_member.binding',
  'google_secret_manager_secret.watched',
  'google_secret_manager_secret_iam_member.worker',
  'google_secret_manager_secret_iam_member.credential',
  'google_secret_manager_regional_secret.watched',
  'google_secret_manager_regional_secret_iam_member.worker',
  'google_kms_crypto_key_iam_member.secret_manager',
  'google_monitoring_notification_channel.email',
];

const SECRET_TYPES = /^google_(secret_manager_(regional_)?secret_version|apikeys_key|service_account_key)\b/;

/** A plan is kept, shown and approved by people: what is in it is no secret (I9). */
const holdsNoSecret: Rule = (plan, changes) => [
  ...changes.flatMap(({ address, block }) => (SECRET_TYPES.test(block) ? [`${address}: a secret in the state`] : [])),
  ...textsIn(plan).flatMap(([at, text]) => (redact(text) === text ? [] : [`${at}: looks like a key`])),
];

/** PagerDuty and those who report leaks have no identity at Google, so whoever wants them heard lets anybody call these two functions. */
const SIGNED = /\bgoogle_cloud_run_v2_service_iam_member\.invoker\["(?:acknowledge|leak-reports)\/anybody"\]$/;

const letsNobodyIn: Rule = (_, changes) =>
  changes.flatMap(({ address, after }) => {
    const { member, role } = after;
    const isAnybody = member === 'allUsers' || member === 'allAuthenticatedUsers';
    const anyone = isAnybody && !(member === 'allUsers' && SIGNED.test(address));
    const basic = typeof role === 'string' && /^roles\/(owner|editor|viewer|browser)$/.test(role);
    return [...(anyone ? [`${address}: lets anybody in`] : []), ...(basic ? [`${address}: a basic role`] : [])];
  });

const protectsSecrets: Rule = (_, changes) =>
  changes.flatMap(({ address, block, after }) => {
    if (!block.endsWith('_secret.watched')) return [];
    const { labels, deletion_protection: isProtected } = after;
    return [
      ...(isRecord(labels) && labels['key-warden'] === 'managed' ? [] : [`${address}: is not labelled as managed`]),
      ...(isProtected === true ? [] : [`${address}: could be deleted with the module`]),
    ];
  });

const usesItsProviders: Rule = (_, changes) => [
  ...new Set(
    changes.flatMap(({ provider }) =>
      PROVIDERS.some((own) => provider === `registry.terraform.io/${own}`) ? [] : [`uses the provider ${provider}`],
    ),
  ),
];

/** The first build makes in a fresh project what the rest find there. */
const buildsOneFunctionFirst: Rule = (plan) => {
  const blocks = blocksIn(plan).filter(({ address }) => address === 'google_cloudfunctions2_function.worker');
  const waits = blocks.some(({ depends_on: on }) => [on].flat().includes('google_cloudfunctions2_function.first'));
  return waits ? [] : ['builds all functions at once'];
};

/** What is not known before the apply is no complaint. */
const passesItsChecks: Rule = ({ checks }) =>
  [checks].flat().flatMap((check) => {
    if (!isRecord(check) || !['fail', 'error'].includes(String(check['status']))) return [];
    const { to_display: name } = isRecord(check['address']) ? check['address'] : {};
    return [`${String(name)}: ${String(check['status'])}`];
  });

const RULES: readonly Rule[] = [
  isOfAFormThatIsKnown,
  makesWhatItShould,
  isWhatDoctorLooksFor,
  leavesNothingOut,
  holdsNoSecret,
  letsNobodyIn,
  protectsSecrets,
  usesItsProviders,
  buildsOneFunctionFirst,
  passesItsChecks,
];

/** Everything that is wrong with a plan, in words; nothing where nothing is. */
export function complaintsAbout(plan: JsonRecord, moment: Moment): readonly string[] {
  const changes = changesIn(plan);
  return RULES.flatMap((rule) => rule(plan, changes, moment));
}

function changesIn({ resource_changes: all }: JsonRecord): readonly Change[] {
  return [all]
    .flat()
    .filter(isRecord)
    .map((one) => {
      const change = isRecord(one['change']) ? one['change'] : {};
      return {
        address: String(one['address']),
        block: `${String(one['type'])}.${String(one['name'])}`,
        mode: String(one['mode']),
        actions: [change['actions']].flat().map(String),
        after: isRecord(change['after']) ? change['after'] : {},
        provider: String(one['provider_name']),
      };
    });
}

/** Blocks of the configuration, those of modules too. */
function blocksIn({ configuration }: JsonRecord): readonly JsonRecord[] {
  const inModule = (module: unknown): readonly JsonRecord[] => {
    if (!isRecord(module)) return [];
    const calls = isRecord(module['module_calls']) ? Object.values(module['module_calls']) : [];
    return [
      ...[module['resources']].flat().filter(isRecord),
      ...calls.filter(isRecord).flatMap((call) => inModule(call['module'])),
    ];
  };
  return inModule(isRecord(configuration) ? configuration['root_module'] : undefined);
}

/** Every text of a JSON value, with its place. */
function textsIn(value: unknown, at = 'plan'): readonly (readonly [at: string, text: string])[] {
  if (typeof value === 'string') return [[at, value]];
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => textsIn(one, `${at}[${index}]`));
  return isRecord(value) ? Object.entries(value).flatMap(([name, one]) => textsIn(one, `${at}.${name}`)) : [];
}
