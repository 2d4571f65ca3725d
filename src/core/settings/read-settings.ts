import { readAlertSettings } from './alert-settings.ts';
import {
  SECRET_POLICY_FIELDS,
  secretPolicyProblem,
  DEFAULT_SECRET_POLICY,
  layOver,
  type SecretPolicy,
} from './secret-policy.ts';
import { isFunctionUrl, readFunctionUrls, type FunctionUrls } from './function-urls.ts';
import { readLeakSigning } from './leak-settings.ts';
import { parseScope, type Scope } from '../google/scope.ts';
import { readViewerRule } from './page-settings.ts';
import { CALENDAR_FORMS } from '../calendar/calendar-policy.ts';
import { calendarReader } from '../calendar/calendar-reader.ts';
import { parseSecretName } from '../google/resource-names.ts';
import { MINT_FORMS } from '../record/mint-policy.ts';
import { nearest } from '../values/nearest.ts';
import {
  ENDPOINT_SETTINGS,
  NUMBERS,
  settingOf,
  SETTINGS,
  type CallerRule,
  type Endpoints,
  type Settings,
} from './settings.ts';

export type SettingsReading = { readonly settings: Settings } | { readonly problems: readonly string[] };

/** What the program cannot do without: the functions must know their callers, some commands work without a project. */
export interface Needs {
  readonly project: boolean;
  readonly callers: boolean;
  /** The topics that `notify` publishes to. */
  readonly deliveries?: boolean;
  /** Who may look at the page. */
  readonly viewers?: boolean;
  /** What PagerDuty signs with. */
  readonly acknowledgements?: boolean;
  /** What those sign with who report leaked keys. */
  readonly leakReports?: boolean;
  /** Where scheduled inventories remember what they told. */
  readonly inventory?: boolean;
}

/** Reads and checks the whole environment, and names every problem at once: what, why, what to do. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, needs: Needs): SettingsReading {
  const problems: string[] = [];
  const given = (name: string) => environment[name]?.trim() || undefined;
  const known = Object.keys(SETTINGS);
  for (const name of Object.keys(environment)) {
    if (name.startsWith('KEY_WARDEN_') && !known.includes(name))
      problems.push(`${name} is not a setting of this release: ${hintAt(name, known)}`);
    else if (known.includes(name) && name !== EMPTY_IS_NOBODY && environment[name]?.trim() === '')
      problems.push(`${name} is set and empty, as a substitution that failed leaves it: give it a value, or unset it`);
  }
  if (needs.acknowledgements === true && given('KEY_WARDEN_PAGERDUTY_SIGNING') === undefined)
    problems.push('KEY_WARDEN_PAGERDUTY_SIGNING is not set: no acknowledgement could be believed without it');
  const emulator = given('KEY_WARDEN_EMULATOR');
  const endpoints = endpointsFrom(given, problems);
  const projects = projectsFrom(given, needs.project, problems);
  const settings: Settings = {
    projects,
    consumerProjects: consumerProjectsFrom(given, projects, problems),
    consumerScope: consumerScopeFrom(given, problems),
    locations: listFrom(
      given('KEY_WARDEN_LOCATIONS') ?? 'global',
      'KEY_WARDEN_LOCATIONS',
      /^(global|[a-z]+-[a-z]+\d+)$/,
      'global or a region such as europe-west1',
      problems,
    ),
    endpoints,
    pretend: emulator !== undefined,
    concurrency: numberFrom(given, 'KEY_WARDEN_CONCURRENCY', problems),
    budgetSeconds: numberFrom(given, 'KEY_WARDEN_BUDGET_SECONDS', problems),
    runEveryMinutes: numberFrom(given, 'KEY_WARDEN_RUN_EVERY_MINUTES', problems),
    rotationsMax: numberFrom(given, 'KEY_WARDEN_ROTATIONS_MAX', problems),
    sharedKeyMinutesMin: numberFrom(given, 'KEY_WARDEN_SHARED_KEY_MINUTES_MIN', problems),
    noticeDays: numberFrom(given, 'KEY_WARDEN_NOTICE_DAYS', problems),
    watchUse: numberFrom(given, 'KEY_WARDEN_WATCH_USE', problems) === 1,
    approval: approvalFrom(given, problems),
    acknowledgedHours: numberFrom(given, 'KEY_WARDEN_ACKNOWLEDGED_HOURS', problems),
    leakSigning: readLeakSigning(given, needs.leakReports === true, problems),
    leakEmergencies: leakEmergenciesFrom(given, needs.leakReports === true, problems),
    inventoryMemory: inventoryMemoryFrom(given, needs.inventory === true, problems),
    secretPolicy: {
      ...careFrom(given, problems),
      keyProjects: projects,
      keyAccounts: accountsFrom(given, 'KEY_WARDEN_KEY_ACCOUNTS', problems),
    },
    survey: surveyFrom(given, emulator !== undefined, problems),
    reachAccounts: accountsFrom(given, 'KEY_WARDEN_REACH_ACCOUNTS', problems),
    host: hostFrom(given, problems),
    callers: needs.callers ? callersFrom(given, problems) : { verify: false },
    viewers: needs.viewers === true ? readViewerRule(given, problems) : undefined,
    functions: functionsFrom(given, emulator !== undefined, problems),
    alerts: readAlertSettings(given, needs.deliveries === true, emulator?.replace(/\/$/, ''), problems),
  };
  return problems.length > 0 ? { problems } : { settings };
}

/** The one list that deployments write out although it is empty. */
const EMPTY_IS_NOBODY = 'KEY_WARDEN_EMERGENCY_CALLERS';

function hintAt(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? '`key-warden config show` lists all of them' : `did you mean ${meant}?`;
}

function hostFrom(given: Given, problems: string[]): string | undefined {
  const host = given('KEY_WARDEN_HOST');
  if (host !== undefined && !/^[\da-f.:]+$|^localhost$/i.test(host))
    problems.push(`KEY_WARDEN_HOST must be an address such as 127.0.0.1, not ${JSON.stringify(host)}`);
  return host;
}

type Given = (name: string) => string | undefined;

const PROJECT_FORM = /^([a-z][a-z0-9.:-]{2,}[a-z0-9]|\d{6,})$/;

function projectsFrom(given: Given, needed: boolean, problems: string[]): readonly string[] {
  const name = given('KEY_WARDEN_PROJECTS') === undefined ? 'GOOGLE_CLOUD_PROJECT' : 'KEY_WARDEN_PROJECTS';
  const text = given(name);
  if (text !== undefined) return listFrom(text, name, PROJECT_FORM, 'a project id or number', problems);
  if (needed)
    problems.push('no project is set: set KEY_WARDEN_PROJECTS to one or more project ids, or name one with --project');
  return [];
}

function inventoryMemoryFrom(given: Given, needed: boolean, problems: string[]): string | undefined {
  const name = given('KEY_WARDEN_INVENTORY_MEMORY');
  if (name === undefined && needed)
    problems.push('KEY_WARDEN_INVENTORY_MEMORY is not set: without it nobody knows what people were told already');
  if (name !== undefined && parseSecretName(name) === undefined)
    problems.push(
      `KEY_WARDEN_INVENTORY_MEMORY must be the full name of a secret, projects/PROJECT/secrets/ID, not ${JSON.stringify(name)}`,
    );
  return name;
}

function consumerProjectsFrom(given: Given, projects: readonly string[], problems: string[]): readonly string[] {
  const text = given('KEY_WARDEN_CONSUMER_PROJECTS');
  if (text === undefined) return projects;
  return listFrom(text, 'KEY_WARDEN_CONSUMER_PROJECTS', PROJECT_FORM, 'a project id or number', problems);
}

function consumerScopeFrom(given: Given, problems: string[]): Scope | undefined {
  const text = given('KEY_WARDEN_CONSUMER_SCOPE');
  if (text === undefined) return undefined;
  const scope = parseScope(text);
  if (scope === undefined)
    problems.push(
      `KEY_WARDEN_CONSUMER_SCOPE must be organizations/NUMBER or folders/NUMBER, not ${JSON.stringify(text)}`,
    );
  return scope;
}

function functionsFrom(given: Given, pretend: boolean, problems: string[]): FunctionUrls | undefined {
  const text = given('KEY_WARDEN_FUNCTIONS');
  if (text === undefined) return undefined;
  const reading = readFunctionUrls(text);
  if ('problems' in reading) {
    problems.push(...reading.problems.map((problem) => `KEY_WARDEN_FUNCTIONS: ${problem}`));
    return undefined;
  }
  if (pretend && Object.values(reading.urls).some((url) => url.startsWith('https:')))
    problems.push(
      'KEY_WARDEN_FUNCTIONS is a real deployment and KEY_WARDEN_EMULATOR a pretend cloud: what is read and what is written would be two worlds; unset one of them',
    );
  return reading.urls;
}

function surveyFrom(given: Given, pretend: boolean, problems: string[]): Settings['survey'] {
  const [url, atOnce] = [given('KEY_WARDEN_SURVEY_URL'), numberFrom(given, 'KEY_WARDEN_SURVEY_AT_ONCE', problems)];
  if (url === undefined) return undefined;
  if (!isFunctionUrl(url))
    problems.push('KEY_WARDEN_SURVEY_URL must be at https://host, or http://127.0.0.1:port for one on this machine');
  else if (pretend && url.startsWith('https:'))
    problems.push(
      'KEY_WARDEN_SURVEY_URL is a real function and KEY_WARDEN_EMULATOR a pretend cloud: unset one of them',
    );
  return { url: url.replace(/\/$/, ''), atOnce };
}

function accountsFrom(given: Given, name: string, problems: string[]): readonly string[] {
  const text = given(name);
  const { pattern, form } = MINT_FORMS.keyServiceAccount;
  return text === undefined ? [] : listFrom(text, name, pattern, form, problems);
}

function listFrom(text: string, name: string, pattern: RegExp, form: string, problems: string[]): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  for (const item of items)
    if (!pattern.test(item)) problems.push(`${name} holds ${JSON.stringify(item)}, which is not ${form}`);
  return items;
}

function numberFrom(given: Given, name: keyof typeof NUMBERS, problems: string[]): number {
  const { fallback, min, max } = NUMBERS[name];
  const text = given(name);
  if (text === undefined) return fallback;
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  problems.push(`${name} must be a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`);
  return fallback;
}

function careFrom(given: Given, problems: string[]): SecretPolicy {
  const fields: Record<string, unknown> = {};
  for (const field of SECRET_POLICY_FIELDS) {
    const name = settingOf(field);
    const text = given(name);
    if (text === undefined) continue;
    const value = field in MINT_FORMS || field in CALENDAR_FORMS ? text : Number(text);
    const problem = secretPolicyProblem(field, value);
    if (problem === undefined) fields[field] = value;
    else problems.push(`${name}: ${problem}`);
  }
  const { secretPolicy, problems: misfits } = layOver(
    { ...DEFAULT_SECRET_POLICY, calendarReader: calendarReader() },
    fields,
  );
  problems.push(...misfits);
  return secretPolicy;
}

function endpointsFrom(given: Given, problems: string[]): Endpoints {
  const endpoints: Partial<Record<keyof Endpoints, string>> = {};
  for (const [name, api] of Object.entries(ENDPOINT_SETTINGS)) {
    const from = given(name) === undefined ? 'KEY_WARDEN_EMULATOR' : name;
    const url = endpoint(given(from));
    if (url === undefined) continue;
    if (URL_FORM.test(url)) endpoints[api] = url;
    else
      problems.push(
        `${from} must be https://host, or http://127.0.0.1:port for a pretend cloud, not ${JSON.stringify(url)}`,
      );
  }
  const pretend = endpoint(given('KEY_WARDEN_EMULATOR'));
  return { ...endpoints, ...(pretend !== undefined && URL_FORM.test(pretend) && { others: pretend }) };
}

function endpoint(url: string | undefined): string | undefined {
  return url?.replace(/\/$/, '');
}

/** Plain http is for loopback only: a key would travel readable. */
const URL_FORM = /^(https:\/\/[A-Za-z0-9.-]+(:\d+)?|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)$/;

function callersFrom(given: Given, problems: string[]): CallerRule {
  const verify = given('KEY_WARDEN_VERIFY_CALLERS') ?? 'on';
  if (verify === 'off') return { verify: false };
  if (verify !== 'on') problems.push(`KEY_WARDEN_VERIFY_CALLERS must be on or off, not ${JSON.stringify(verify)}`);
  const audience = given('KEY_WARDEN_AUDIENCE');
  const emails = given('KEY_WARDEN_CALLERS');
  if (audience === undefined)
    problems.push(
      'KEY_WARDEN_AUDIENCE is not set: callers’ tokens cannot be verified; set it to the URL of the function',
    );
  const approvers = emailsFrom(given('KEY_WARDEN_APPROVERS'), 'KEY_WARDEN_APPROVERS', problems);
  const leakCallers = emailsFrom(given('KEY_WARDEN_LEAK_CALLERS'), 'KEY_WARDEN_LEAK_CALLERS', problems);
  if (emails === undefined && approvers.length === 0 && leakCallers.length === 0)
    problems.push('KEY_WARDEN_CALLERS is not set: nobody could call; set it to the service account of the scheduler');
  const rule = {
    audience: audience ?? '',
    emails: emailsFrom(emails, 'KEY_WARDEN_CALLERS', problems),
    emergencies: emailsFrom(given('KEY_WARDEN_EMERGENCY_CALLERS'), 'KEY_WARDEN_EMERGENCY_CALLERS', problems),
    approvers,
    leakCallers,
  };
  for (const email of rule.emergencies.filter((one) => !rule.emails.includes(one)))
    problems.push(`KEY_WARDEN_EMERGENCY_CALLERS names ${email}, who cannot call: add it to KEY_WARDEN_CALLERS too`);
  return { verify: true, ...rule };
}

/** Where somebody is asked there must be a place to keep the answer. */
function approvalFrom(given: Given, problems: string[]): Settings['approval'] {
  const book = given('KEY_WARDEN_APPROVALS');
  if (book !== undefined && parseSecretName(book) === undefined)
    problems.push(
      `KEY_WARDEN_APPROVALS must be the full name of a secret, projects/PROJECT/secrets/ID, not ${JSON.stringify(book)}`,
    );
  if (book === undefined && given('KEY_WARDEN_APPROVAL') === '1')
    problems.push('KEY_WARDEN_APPROVAL asks for approval, and KEY_WARDEN_APPROVALS names no secret to keep one on');
  return { book, hours: numberFrom(given, 'KEY_WARDEN_APPROVAL_HOURS', problems) };
}

/** Whoever hears of leaks has the worker begin the emergency, so it must know where the worker is. */
function leakEmergenciesFrom(given: Given, hears: boolean, problems: string[]): number {
  const emergencies = numberFrom(given, 'KEY_WARDEN_LEAK_EMERGENCIES', problems);
  if (hears && emergencies > 0 && given('KEY_WARDEN_FUNCTIONS') === undefined)
    problems.push(
      'KEY_WARDEN_LEAK_EMERGENCIES has reports of leaks begin emergencies, and KEY_WARDEN_FUNCTIONS does not say where `rotate` is',
    );
  return emergencies;
}

function emailsFrom(list: string | undefined, name: string, problems: string[]): readonly string[] {
  return list === undefined ? [] : listFrom(list, name, /^[^@\s]+@[^@\s]+$/, 'an email address', problems);
}
