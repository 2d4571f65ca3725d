import { ALERT_SETTINGS, type AlertSettings } from './alert-settings.ts';
import type { SecretPolicyField } from './policy-rules.ts';
import { SECRET_POLICY_FIELDS, type SecretPolicy } from './secret-policy.ts';
import type { Scope } from '../google/scope.ts';
import type { FunctionUrls } from './function-urls.ts';
import { LEAK_SETTINGS, type LeakSigning } from './leak-settings.ts';
import { PAGE_SETTINGS, type ViewerRule } from './page-settings.ts';
import { CALENDAR_FORMS } from '../calendar/calendar-policy.ts';
import { APPROVAL_HOURS_MAX } from '../record/approval.ts';
import { MINT_FORMS } from '../record/mint-policy.ts';
import { CHECK_POLICY_BOUNDS } from '../health/check-policy.ts';
import { ROTATION_POLICY_BOUNDS } from '../rotation/rotation-policy.ts';

/** Where each Google API is; absent = Google's own address. */
export interface Endpoints {
  readonly secretManager?: string;
  readonly gemini?: string;
  readonly apiKeys?: string;
  readonly monitoring?: string;
  readonly pubsub?: string;
  readonly scheduler?: string;
  readonly iam?: string;
  readonly orgPolicy?: string;
  /** Where every other API is, which only `doctor` looks at; a pretend cloud serves them all. */
  readonly others?: string;
  /** Where the certificates are that callers' tokens are verified with. */
  readonly oidc?: string;
}

/** Who may call the deployed functions, besides what Cloud Run's own IAM lets through. */
export type CallerRule =
  | {
      readonly verify: true;
      readonly audience: string;
      readonly emails: readonly string[];
      /** Those of `emails` that may also ask for what ends a key without a drain. */
      readonly emergencies: readonly string[];
      /** Who may approve what others ask for; who is not among `emails` may do nothing else. */
      readonly approvers?: readonly string[];
      /** Who may begin the emergencies of leak reports; who is not among `emails` may do nothing else. */
      readonly leakCallers?: readonly string[];
    }
  | { readonly verify: false };

/** Everything the worker is told from outside, checked. Built by `readSettings`, used by `wire.ts`. */
export interface Settings {
  readonly projects: readonly string[];
  /** Where consumers of their secrets run. */
  readonly consumerProjects: readonly string[];
  /** An organisation or a folder in whose projects they are looked for besides. */
  readonly consumerScope: Scope | undefined;
  /** `global` and regions. */
  readonly locations: readonly string[];
  readonly endpoints: Endpoints;
  /** True when every endpoint is the pretend cloud's. */
  readonly pretend: boolean;
  readonly concurrency: number;
  readonly budgetSeconds: number;
  readonly runEveryMinutes: number;
  /** Rotations begun and not yet promoted at which the worker begins no further one of its own accord. */
  readonly rotationsMax: number;
  /** Least minutes after which a leaked key may be deleted although other secrets serve it. */
  readonly sharedKeyMinutesMin: number;
  /** Days before a key gets too old at which its owners are told; 0 = not at all. */
  readonly noticeDays: number;
  /** Whether the use of keys is compared with their past. */
  readonly watchUse: boolean;
  /** Where planned rotations wait for a second person, and how long. */
  readonly approval: { readonly book: string | undefined; readonly hours: number };
  /** For how long an acknowledgement at PagerDuty keeps channels quiet about its secret. */
  readonly acknowledgedHours: number;
  /** Whose reports of leaked keys are heard, and what they sign with. */
  readonly leakSigning: LeakSigning;
  /** Emergencies that reports of leaks may begin within an hour; 0 = none. */
  readonly leakEmergencies: number;
  /** Full name of the secret on which stands what scheduled inventories have told. */
  readonly inventoryMemory: string | undefined;
  /** Accounts of consumers that may be given new revisions; empty = any that the worker may act as. */
  readonly reachAccounts: readonly string[];
  /** Which function looks at parts of the fleet for the check, and at how many at once; absent where one instance looks at all. */
  readonly survey?: { readonly url: string; readonly atOnce: number } | undefined;
  /** For every secret that does not say otherwise in its own annotation. */
  readonly secretPolicy: SecretPolicy;
  readonly callers: CallerRule;
  /** Who may look at the page; absent where it is not served. */
  readonly viewers?: ViewerRule | undefined;
  /** The address that a function listens on; absent = all of the machine's. */
  readonly host?: string | undefined;
  readonly alerts: AlertSettings;
  /** Where the deployed functions are that the command line calls; absent = it acts by itself. */
  readonly functions?: FunctionUrls | undefined;
}

/** Every namespace that the settings name: each project in each location. */
export function scopesOf({ projects, locations }: Pick<Settings, 'projects' | 'locations'>) {
  return projects.flatMap((project) => locations.map((location) => ({ project, location })));
}

interface Row {
  readonly says: string;
  readonly fallback: string;
  readonly example: string;
}

/** The variable that sets a field of the policy for all secrets of a deployment; a secret's own annotation comes on top. */
export function settingOf(field: SecretPolicyField): string {
  return `KEY_WARDEN_${field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Nobody may wait longer for whoever else serves a leaked key: a week. */
export const SHARED_KEY_MINUTES_MAX = 10_080;

/** Numbers that are not part of the policy: name, bounds, default. */
export const NUMBERS = {
  KEY_WARDEN_CONCURRENCY: { fallback: 16, min: 1, max: 500 },
  KEY_WARDEN_BUDGET_SECONDS: { fallback: 240, min: 1, max: 3300 },
  KEY_WARDEN_RUN_EVERY_MINUTES: { fallback: 10, min: 1, max: 1440 },
  KEY_WARDEN_ROTATIONS_MAX: { fallback: 20, min: 0, max: 1000 },
  KEY_WARDEN_SHARED_KEY_MINUTES_MIN: { fallback: 30, min: 5, max: SHARED_KEY_MINUTES_MAX },
  KEY_WARDEN_NOTICE_DAYS: { fallback: 0, min: 0, max: 60 },
  KEY_WARDEN_WATCH_USE: { fallback: 1, min: 0, max: 1 },
  KEY_WARDEN_APPROVAL_HOURS: { fallback: 72, min: 1, max: APPROVAL_HOURS_MAX },
  KEY_WARDEN_ACKNOWLEDGED_HOURS: { fallback: 4, min: 1, max: 168 },
  KEY_WARDEN_LEAK_EMERGENCIES: { fallback: 0, min: 0, max: 100 },
  KEY_WARDEN_SURVEY_AT_ONCE: { fallback: 10, min: 1, max: 100 },
} as const;

/** An address for each API on its own. */
export const ENDPOINT_SETTINGS = {
  KEY_WARDEN_SECRET_MANAGER_URL: 'secretManager',
  KEY_WARDEN_GEMINI_URL: 'gemini',
  KEY_WARDEN_API_KEYS_URL: 'apiKeys',
  KEY_WARDEN_MONITORING_URL: 'monitoring',
  KEY_WARDEN_PUBSUB_URL: 'pubsub',
  KEY_WARDEN_SCHEDULER_URL: 'scheduler',
  KEY_WARDEN_IAM_URL: 'iam',
  KEY_WARDEN_ORG_POLICY_URL: 'orgPolicy',
  KEY_WARDEN_OIDC_URL: 'oidc',
} as const satisfies Record<string, keyof Endpoints>;

/** Every environment variable the worker reads. docs/reference/settings.md is printed from here. */
export const SETTINGS: Readonly<Record<string, Row>> = {
  KEY_WARDEN_PROJECTS: {
    says: 'projects whose managed secrets are checked, separated by commas',
    fallback: 'the value of GOOGLE_CLOUD_PROJECT',
    example: 'search-prod,ads-prod',
  },
  KEY_WARDEN_CONSUMER_PROJECTS: {
    says: 'projects in which services, jobs, worker pools and functions run that read these secrets, separated by commas; looked through by `consumers`, and by the worker where `lookAtConsumers` says so',
    fallback: 'the projects of the secrets',
    example: 'search-prod,search-web',
  },
  KEY_WARDEN_CONSUMER_SCOPE: {
    says: 'organisation or folder in all of whose projects such consumers are looked for besides, as Cloud Asset Inventory knows them; never written to',
    fallback: 'none',
    example: 'organizations/123456789012',
  },
  KEY_WARDEN_LOCATIONS: {
    says: 'namespaces to look in: `global` and regions; regional secrets are a namespace of their own',
    fallback: 'global',
    example: 'global,europe-west1',
  },
  KEY_WARDEN_CONCURRENCY: { says: 'secrets looked at in parallel', ...numberRow('KEY_WARDEN_CONCURRENCY') },
  KEY_WARDEN_BUDGET_SECONDS: {
    says: 'no new secret is begun after this many seconds of a run',
    ...numberRow('KEY_WARDEN_BUDGET_SECONDS'),
  },
  KEY_WARDEN_SURVEY_URL: {
    says: 'read by `health-check`: where the function `survey` is, which looks at the fleet part by part, so that many instances look and one acts',
    fallback: 'none: one instance looks at all',
    example: 'https://survey-abc.a.run.app',
  },
  KEY_WARDEN_SURVEY_AT_ONCE: {
    says: 'parts of the fleet that `survey` is asked for at once: so many instances of it look at the same time',
    ...numberRow('KEY_WARDEN_SURVEY_AT_ONCE'),
  },
  KEY_WARDEN_RUN_EVERY_MINUTES: {
    says: 'how often the schedule runs the check; decides when a deep probe is due',
    ...numberRow('KEY_WARDEN_RUN_EVERY_MINUTES'),
  },
  KEY_WARDEN_ROTATIONS_MAX: {
    says: 'rotations that the worker begins of its own accord (age, dead keys) and has not promoted yet, at once; drains do not count; 0 begins none',
    ...numberRow('KEY_WARDEN_ROTATIONS_MAX'),
  },
  KEY_WARDEN_SHARED_KEY_MINUTES_MIN: {
    says: 'least minutes after which an emergency may have a leaked key deleted although other secrets serve it (`--at-the-latest`); their owners have as long to rotate',
    ...numberRow('KEY_WARDEN_SHARED_KEY_MINUTES_MIN'),
  },
  KEY_WARDEN_APPROVALS: {
    says: 'secret of the worker’s own, without a version, on which stands what waits for approval (`KEY_WARDEN_APPROVAL`) and what is approved; whoever may change it can approve',
    fallback: 'none: where approval is asked for, no planned rotation begins',
    example: 'projects/ops-prod/secrets/key-warden-approvals',
  },
  KEY_WARDEN_APPROVAL_HOURS: {
    says: 'hours that a plan waits for approval, and that an approval holds until its rotation begins; longer than from one window to the next',
    ...numberRow('KEY_WARDEN_APPROVAL_HOURS'),
  },
  KEY_WARDEN_NOTICE_DAYS: {
    says: 'days before a key reaches its greatest age at which its owners are told, once, and half of that age at most; 0 = nobody is told before its rotation',
    ...numberRow('KEY_WARDEN_NOTICE_DAYS'),
  },
  KEY_WARDEN_WATCH_USE: {
    says: 'read by `reconcile`: 1 compares the use of every key with its own past, each hour, as Cloud Monitoring counts it, and tells what is unusual (`key.unusual`); 0 does not look',
    ...numberRow('KEY_WARDEN_WATCH_USE'),
  },
  ...Object.fromEntries(SECRET_POLICY_FIELDS.map((field) => [settingOf(field), careRow(field)])),
  KEY_WARDEN_KEY_ACCOUNTS: {
    says: 'service accounts that a secret’s own policy may bind its new keys to besides `KEY_WARDEN_KEY_SERVICE_ACCOUNT`, separated by commas',
    fallback: 'none: a key is bound to that one, or to the old key’s own',
    example: 'search-app@search-prod.iam.gserviceaccount.com,ads-app@ads-prod.iam.gserviceaccount.com',
  },
  KEY_WARDEN_REACH_ACCOUNTS: {
    says: 'service accounts that consumers run as which may be given new revisions (`KEY_WARDEN_REACH_CONSUMERS`), separated by commas; whoever runs as another is told, and left alone',
    fallback: 'none: whoever the worker may act as',
    example: 'search-app@search-prod.iam.gserviceaccount.com',
  },
  KEY_WARDEN_CALLERS: {
    says: 'service accounts that may call the functions, separated by commas',
    fallback: 'none: required for the functions',
    example: 'scheduler@search-prod.iam.gserviceaccount.com',
  },
  KEY_WARDEN_EMERGENCY_CALLERS: {
    says: 'those of `KEY_WARDEN_CALLERS` that may ask `rotate` for an emergency, which deletes the old key without a drain, or to revoke a key, separated by commas',
    fallback: 'none: nobody may, over HTTP',
    example: 'incident-response@search-prod.iam.gserviceaccount.com',
  },
  KEY_WARDEN_APPROVERS: {
    says: 'service accounts that may approve at `rotate` what others ask for, separated by commas; who is not in `KEY_WARDEN_CALLERS` as well may do nothing else',
    fallback: 'none: nobody may',
    example: 'release-managers@search-prod.iam.gserviceaccount.com',
  },
  KEY_WARDEN_AUDIENCE: {
    says: 'audience that a caller’s OIDC token must carry, usually the function’s URL',
    fallback: 'none: required for the functions',
    example: 'https://health-check-abc.a.run.app',
  },
  KEY_WARDEN_HOST: {
    says: 'address that a function listens on; `npm start` listens on loopback unless told otherwise',
    fallback: 'every address of the machine, as Cloud Run wants it',
    example: '127.0.0.1',
  },
  KEY_WARDEN_VERIFY_CALLERS: {
    says: '`off` lets anybody who reaches the function call it, or look at the page; said in the log at every start',
    fallback: 'on',
    example: 'off',
  },
  ...PAGE_SETTINGS,
  ...ALERT_SETTINGS,
  ...LEAK_SETTINGS,
  KEY_WARDEN_LEAK_EMERGENCIES: {
    says: 'read by `leakReports` and `rotate`: emergencies that reports of leaks may begin within an hour, and secrets that hold the key of one report at which none is begun if there are more; 0 = a report is announced and begins nothing',
    ...numberRow('KEY_WARDEN_LEAK_EMERGENCIES'),
  },
  KEY_WARDEN_INVENTORY_MEMORY: {
    says: 'read by `inventory`: secret of the worker’s own, without a version, on which stands what people were told of the keys; whoever may change it can have findings told again, or not at all',
    fallback: 'none: required for `inventory`',
    example: 'projects/ops-prod/secrets/key-warden-inventory',
  },
  KEY_WARDEN_ACKNOWLEDGED_HOURS: {
    says: 'read by `acknowledge`: hours for which whoever acknowledges an incident at PagerDuty silences its secret',
    ...numberRow('KEY_WARDEN_ACKNOWLEDGED_HOURS'),
  },
  KEY_WARDEN_FUNCTIONS: {
    says: 'read by the command line: where the worker’s functions are, as Terraform’s output `urls` has it. What writes is then done by them, under your verified name, unless `--local` is given; `leakReports` reads there where `rotate` is',
    fallback: 'none: the command line writes by itself, with your own grants',
    example: '{"rotate":"https://rotate-abc.a.run.app","purge":"https://purge-abc.a.run.app"}',
  },
  KEY_WARDEN_CONFIG: {
    says: 'read by the command line: the file that `config pull` writes, with the settings of a deployment; a variable goes before it',
    fallback: '`~/.config/key-warden/config.json`',
    example: '/etc/key-warden.json',
  },
  KEY_WARDEN_EMULATOR: {
    says: 'address of a pretend cloud; stands in for every address below, and its clock for the machine’s',
    fallback: 'none',
    example: 'http://127.0.0.1:8085',
  },
  ...Object.fromEntries(
    Object.keys(ENDPOINT_SETTINGS).map((name) => [
      name,
      { says: 'another address for this one API', fallback: 'Google’s', example: 'http://127.0.0.1:8085' },
    ]),
  ),
};

function numberRow(name: keyof typeof NUMBERS): Omit<Row, 'says'> {
  const { fallback, min, max } = NUMBERS[name];
  return { fallback: String(fallback), example: `${min} … ${max}` };
}

function careRow(field: SecretPolicyField): Row {
  const rows = { ...CHECK_POLICY_BOUNDS, ...ROTATION_POLICY_BOUNDS, ...MINT_FORMS, ...CALENDAR_FORMS };
  const row = rows[field];
  if ('example' in row) return { says: row.says, fallback: row.fallback, example: row.example };
  return { says: row.says, fallback: String(row.fallback), example: `${row.min} … ${row.max}` };
}
