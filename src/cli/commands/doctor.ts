import { createHmac } from 'node:crypto';
import {
  clockAdvice,
  conclusions,
  examine,
  missingGrants,
  secretSource,
  type Source,
  type SourceFinding,
} from '../../app/doctor/doctor.ts';
import { A_KEY, keyChecks, SAME_KEY, type Check } from '../../app/doctor/checklist.ts';
import { blockedKeys } from '../../app/doctor/blocked-keys.ts';
import { buildServerAdvice } from '../../app/doctor/build-server-advice.ts';
import { compareHosts } from '../../app/doctor/compare.ts';
import { withKinships } from '../../app/doctor/with-kinships.ts';
import { keylessChecks, nameChecks, otherSdkVariables, VARIABLES } from '../../app/doctor/variable-names.ts';
import { keyKindOf, type KeyText } from '../../core/key/key-text.ts';
import { attempt, Fault } from '../../app/ports/fault.ts';
import { jobParts, topicParts, type DeployedParts, type Part } from '../../app/doctor/deployed-parts.ts';
import { lookAtDeployment } from '../../app/doctor/deployment/deployment.ts';
import { whichDeployment, type DeploymentOptions } from './which-deployment.ts';
import { keyRuleParts, policyParts } from '../../app/doctor/key-rule-parts.ts';
import { ageCheck, type ChangedFile, type RunningApp } from '../../app/doctor/running-app.ts';
import type { KeyRules } from '../../app/ports/key-rules.ts';
import type { Vault } from '../../app/ports/ports.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { Wire } from '../../wire.ts';
import { secretsOf, settingsFor, type Target } from './ask.ts';
import { proseOf, type Passage } from '../../core/values/passage.ts';
import { codeOfPlaces, placesNamed, sourcesAt, variablesNamed, worstOf, type NamedPlace } from './elsewhere.ts';
import { tellBuildServer, type BuildServerOptions } from './tell-build-server.ts';
import { envFiles, fileSource, type EnvFiles } from './env-files.ts';
import { casesOfAdvice, casesOfDoctor } from '../show/cases.ts';
import { showChecks } from '../show/checklist.ts';
import { columns } from '../show/columns.ts';
import { showAdvice, showPlaces } from '../show/places.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `doctor --json` prints. */
const DOCTOR_SCHEMA = 'key-warden/doctor/v1';
/** And `doctor --compare --json`. */
const HOSTS_SCHEMA = 'key-warden/hosts/v1';

export interface DoctorOptions extends Target, DeploymentOptions, BuildServerOptions {
  readonly file?: readonly string[] | undefined;
  readonly dotenv: string;
  /** Places besides Secret Manager, as `--from` names them. */
  readonly from?: readonly string[] | undefined;
  /** The app, where it runs on this machine: what it was started with is looked at in place of this shell’s variables. */
  readonly pid?: number | undefined;
  /** Account that auth keys are bound to: whether keys can be made for it is looked at. */
  readonly serviceAccount?: string | undefined;
  /** A word that both hosts are given: only under it their keys can be told apart. */
  readonly compareWith?: string | undefined;
  /** What doctor --json printed on two hosts. */
  readonly compare?: readonly string[] | undefined;
  readonly json: boolean;
}

/**
 * Finds out why a key works in one place and fails in another, and whether topics and jobs are as they should be. Reads
 * and probes; changes nothing, prints no key. 1 for a key, 4 for a topic or job that is broken.
 */
export async function doctor(terminal: Terminal, wire: Wire, options: DoctorOptions): Promise<0 | 1 | 3 | 4> {
  if (options.compare !== undefined) return compare(terminal, options.compare, options.json);
  const { compareWith } = options;
  if (compareWith !== undefined) refuseKey(compareWith);
  const needsProject = options.secret !== undefined || options.region !== undefined;
  const settings = settingsFor(terminal, options, { project: needsProject, callers: false });
  const named = placesNamed(options.from ?? []);
  const which = whichDeployment(settings, options);
  await using wired = wire(settings);
  const { vault, prober, clock } = wired.ports;
  const app = options.pid === undefined ? undefined : await wired.runningApp(options.pid);
  const { environment, unread } = surroundingsOf(app, terminal);
  const secrets = secretsOf(settings, options) ?? [];
  const files = await envFiles(options.dotenv);
  const mounted = await Promise.all((options.file ?? []).map(fileSource));
  const elsewhere = await sourcesAt(named, environment, wired.placeReader);
  const stored = await Promise.all(secrets.map((secret) => secretSource(vault, secret)));
  const sources = [
    ...[...VARIABLES, ...otherSdkVariables(environment)].map((name): Source => ({
      title: name,
      place: 'environment',
      bytes: bytesOf(environment[name]),
    })),
    ...unread,
    ...files.sources,
    ...mounted,
    ...elsewhere,
    ...stored,
  ];
  const examined = await examine({ prober, clock }, sources, (key) => fingerprintOf(key, compareWith));
  const findings = await withKinships(vault, secrets, sources, examined);
  const blocked = await blockedKeys(wired.ports.issuer, sources, findings, settings.projects);
  const clockIs = clockAdvice(clock.now(), await wired.googleTime());
  const permissions = await Promise.all(
    stored.map((source, at) => permissionsOn(vault, secrets[at] ?? source.title, source)),
  );
  const isAboutKeys = options.region === undefined && options.serviceAccount === undefined;
  const advice = [
    ...files.advice,
    ...conclusions(findings),
    ...(isAboutKeys ? buildServerAdvice(environment, wantedOf(environment, named), findings) : []),
    ...blocked.advice,
    ...clockIs,
    ...permissions.flatMap((asked) => asked.advice),
  ];
  const checks = [
    ...keyChecks(findings).map((check) => (isAboutKeys ? check : besides(check))),
    ...blocked.checks,
    ...nameChecks(withoutNamed(environment, named)),
    ...keylessChecks(environment),
    filesCheck(files),
    ageCheck(app, [...files.found, ...mounted.flatMap(changedFile)]),
    ...permissions.map(({ check }) => check),
  ];
  const made = which === undefined ? undefined : await lookAtDeployment(wired.reader, which);
  const deployment = made?.checks ?? [];
  const parts = [
    ...(await partsOf(wired.deployedParts, settings, options.schedulerRegion ?? options.region)),
    ...(await rulesOf(wired.ports.rules, settings, options.serviceAccount)),
    ...(options.serviceAccount === undefined ? await policyParts(wired.ports.rules, made?.keyProjects ?? []) : []),
  ];
  if (options.json)
    terminal.out(
      `${JSON.stringify({ schema: DOCTOR_SCHEMA, comparison: comparisonOf(compareWith), places: findings, checks, deployment, parts, advice: advice.map(proseOf) }, null, 2)}\n`,
    );
  else {
    if (deployment.length > 0) showChecks(terminal, deployment);
    show(terminal, findings, checks, parts, advice);
  }
  const cases = casesOfDoctor(findings, [...checks, ...deployment], parts, HARMLESS);
  tellBuildServer(terminal, 'doctor', [...cases, ...casesOfAdvice('what to set right', advice)], options);
  return codeOf(findings, [...checks, ...deployment], parts, hasOpen(deployment));
}

/** Where somebody asks about a deployment, that this machine has no key is no fault. */
function besides(check: Check): Check {
  return check.state === 'no' && check.title === A_KEY ? { ...check, state: 'not_looked' } : check;
}

/** What the app was started with, where it is looked at, and else what this shell has. */
function surroundingsOf(app: RunningApp | undefined, terminal: Terminal): Surroundings {
  if (app === undefined || 'notSeen' in app) return { environment: terminal.environment, unread: [] };
  if (app.variables !== undefined) return { environment: app.variables, unread: [] };
  const unreadable = 'cannot be read: the process is somebody else’s';
  return {
    environment: {},
    unread: [{ title: 'the app’s environment', place: 'environment', bytes: undefined, unreadable }],
  };
}

interface Surroundings {
  readonly environment: Terminal['environment'];
  readonly unread: readonly Source[];
}

function changedFile({ title, changedAt }: Awaited<ReturnType<typeof fileSource>>): readonly ChangedFile[] {
  return changedAt === undefined ? [] : [{ path: title, changedAt }];
}

/** The variables in which a key is wanted: those that are named or set, or else the one that SDKs' papers name. */
function wantedOf(environment: Terminal['environment'], named: readonly NamedPlace[]): readonly string[] {
  const wanted = [...variablesNamed(named), ...VARIABLES.filter((name) => environment[name] !== undefined)];
  return wanted.length > 0 ? [...new Set(wanted)] : ['GEMINI_API_KEY'];
}

/** Of a variable that somebody names as the place of a key, the name is no mistake. */
function withoutNamed(environment: Terminal['environment'], named: readonly NamedPlace[]): Terminal['environment'] {
  const names = variablesNamed(named);
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !names.includes(name) || VARIABLES.some((read) => read === name)),
  );
}

/** They may be so on purpose. */
const FILES_ALIKE = 'env files say the same to every reader';
const HARMLESS = [SAME_KEY, FILES_ALIKE];

function codeOf(
  findings: readonly SourceFinding[],
  checks: readonly Check[],
  parts: readonly Part[],
  open: boolean,
): 0 | 1 | 3 | 4 {
  const wrong = checks.some(({ state, title }) => state === 'no' && !HARMLESS.includes(title));
  const isOpen = open || parts.some(({ state }) => state === 'unknown');
  return worstOf(
    codeOfPlaces(findings),
    wrong || parts.some(({ state }) => state === 'broken') ? 4 : 0,
    isOpen ? 3 : 0,
  );
}

/** Whether something of a deployment was not looked at. */
function hasOpen(deployment: readonly Check[]): boolean {
  return deployment.some(({ state }) => state === 'not_looked');
}

/** Whether every program reads the env files alike. */
function filesCheck({ found, advice }: EnvFiles): Check {
  const title = FILES_ALIKE;
  if (found.length === 0) return { state: 'not_looked', title, says: 'there is none here' };
  return {
    state: advice.length === 0 ? 'yes' : 'no',
    title,
    says: advice[0] ?? found.map(({ path }) => path).join(', '),
  };
}

/** Every topic that is set, and the jobs when their region is known. */
async function partsOf(
  deployedParts: DeployedParts,
  { alerts, projects }: Settings,
  region: string | undefined,
): Promise<readonly Part[]> {
  const topics = [alerts.alertTopic, alerts.deliveryTopic, alerts.deadLetterTopic].filter(
    (topic) => topic !== undefined,
  );
  return [
    ...(await topicParts(deployedParts, topics)),
    ...(region === undefined ? [] : await jobParts(deployedParts, projects, region)),
  ];
}

/** Whether keys can be made that are bound to the account that is named or set. */
async function rulesOf(
  rules: KeyRules,
  { projects, secretPolicy: { mint } }: Settings,
  named: string | undefined,
): Promise<readonly Part[]> {
  const account = named ?? mint.keyServiceAccount;
  if (account === undefined) return [];
  return keyRuleParts(rules, account, mint.keyProject === undefined ? projects : [mint.keyProject]);
}

function bytesOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}

/** Tells the keys of two hosts apart, under a word that the person chose for it; without one nothing of a key is printed (I9). */
function fingerprintOf(key: KeyText, word: string | undefined): string | undefined {
  return word === undefined ? undefined : keyed(word, `key\0${key.reveal()}`);
}

/** Whether two hosts were given the same word, without showing it. */
function comparisonOf(word: string | undefined): string | undefined {
  return word === undefined ? undefined : keyed(word, 'comparison');
}

function keyed(word: string, text: string): string {
  return createHmac('sha256', word).update(`key-warden doctor 2\0${text}`).digest('hex').slice(0, 16);
}

/** Arguments are seen by everybody on the host. */
function refuseKey(word: string): void {
  if (word === '') throw new Stop(2, '--compare-with is empty: take any word, and the same one on both hosts');
  if (keyKindOf(word) !== 'unknown')
    throw new Stop(2, '--compare-with looks like a key: take any other word, and the same one on both hosts');
}

/** Compares what two hosts printed with --json. 0: both use the same key; 1: they do not; 3: that could not be told. */
async function compare(terminal: Terminal, paths: readonly string[], json: boolean): Promise<0 | 1 | 3> {
  const [here, there, ...more] = await Promise.all(paths.map(fileSource));
  const texts = [here, there].map((file) => (file?.bytes === undefined ? '' : Buffer.from(file.bytes).toString()));
  const checks = more.length > 0 ? undefined : compareHosts(texts[0] ?? '', texts[1] ?? '');
  if (checks === undefined)
    throw new Stop(2, '--compare takes two files, each with what doctor --json printed on one host');
  if (json) terminal.out(`${JSON.stringify({ schema: HOSTS_SCHEMA, checks }, null, 2)}\n`);
  else showChecks(terminal, checks);
  return COMPARED[checks[0]?.state ?? 'not_looked'];
}

const COMPARED = { yes: 0, no: 1, not_looked: 3 } as const satisfies Record<Check['state'], 0 | 1 | 3>;

interface Permissions {
  readonly check: Check;
  readonly advice: readonly string[];
}

async function permissionsOn(vault: Vault, secret: string, { barred }: Pick<Source, 'barred'>): Promise<Permissions> {
  const title = `you may check ${secret}`;
  const missing = await attempt(() => missingGrants(vault, secret));
  if (missing instanceof Fault)
    return {
      check: { state: 'not_looked', title, says: missing.message },
      advice: [`the permissions on ${secret} could not be asked: ${missing.message}`],
    };
  if (missing.length === 0) return { check: { state: 'yes', title, says: 'every permission is there' }, advice: [] };
  // Of a secret that does not exist, Google says that nothing is permitted.
  if (barred === true)
    return {
      check: { state: 'no', title, says: 'it does not exist under this name, or nothing on it is permitted to you' },
      advice: [
        `${secret}: look whether its name and project are spelled right, and whether you are signed in as who you mean`,
      ],
    };
  return {
    check: { state: 'no', title, says: `you lack ${missing.map(({ needs }) => needs).join(', ')}` },
    advice: missing.map(
      ({ needs, because }) => `you lack ${needs} on ${secret}, which whoever checks it needs: the check ${because}`,
    ),
  };
}

const PAINT = { well: 'green', broken: 'red', unknown: 'yellow' } as const satisfies Record<Part['state'], string>;

function show(
  terminal: Terminal,
  findings: readonly SourceFinding[],
  checks: readonly Check[],
  parts: readonly Part[],
  advice: readonly Passage[],
): void {
  const paint = painter(terminal);
  showPlaces(terminal, findings);
  showChecks(terminal, checks);
  if (parts.length > 0)
    terminal.out(
      `${columns(
        terminal,
        parts.map(({ title, state, says }) => [paint(PAINT[state], state), title, says]),
      )}\n`,
    );
  showAdvice(terminal, advice);
}
