import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import {
  clockAdvice,
  conclusions,
  examine,
  missingGrants,
  secretSource,
  type Source,
  type SourceFinding,
} from '../../app/doctor/doctor.ts';
import { attempt, Fault } from '../../app/ports/fault.ts';
import { jobParts, topicParts, type DeployedParts, type Part } from '../../app/doctor/deployed-parts.ts';
import { keyRuleParts } from '../../app/doctor/key-rule-parts.ts';
import type { KeyRules } from '../../app/ports/key-rules.ts';
import type { Vault } from '../../app/ports/ports.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { Wire } from '../../wire.ts';
import { secretsOf, settingsFor, type Target } from './ask.ts';
import { laidOut } from '../show/layout.ts';
import { proseOf, type Passage } from '../../core/values/passage.ts';
import { columns, painter, systemCodeOf, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `doctor --json` prints. */
const DOCTOR_SCHEMA = 'key-warden/doctor/v1';

export interface DoctorOptions extends Target {
  readonly file?: readonly string[] | undefined;
  readonly dotenv: string;
  /** Where the worker is deployed: its Scheduler jobs are looked at. */
  readonly region?: string | undefined;
  /** Account that auth keys are bound to: whether keys can be made for it is looked at. */
  readonly serviceAccount?: string | undefined;
  readonly json: boolean;
}

const VARIABLES = ['GOOGLE_API_KEY', 'GEMINI_API_KEY'] as const;

/**
 * Finds out why a key works in one place and fails in another, and whether topics and jobs are as they should be. Reads
 * and probes; changes nothing, prints no key. 1 for a key, 4 for a topic or job that is broken.
 */
export async function doctor(terminal: Terminal, wire: Wire, options: DoctorOptions): Promise<0 | 1 | 3 | 4> {
  const needsProject = options.secret !== undefined || options.region !== undefined;
  const settings = settingsFor(terminal, options, { project: needsProject, callers: false });
  await using wired = wire(settings);
  const { vault, prober, clock } = wired.ports;
  const secrets = secretsOf(settings, options) ?? [];
  const envFile = await envFileSources(options.dotenv);
  const sources = [
    ...VARIABLES.map((name): Source => ({
      title: name,
      place: 'environment',
      bytes: bytesOf(terminal.environment[name]),
    })),
    ...envFile.sources,
    ...(await Promise.all((options.file ?? []).map(fileSource))),
    ...(await Promise.all(secrets.map((secret) => secretSource(vault, secret)))),
  ];
  const findings = await examine({ prober, clock }, sources);
  const advice = [
    ...envFile.advice,
    ...conclusions(findings),
    ...clockAdvice(clock.now(), await wired.googleTime()),
    ...(await Promise.all(secrets.map((secret) => permissionAdvice(vault, secret)))).flat(),
  ];
  const parts = [
    ...(await partsOf(wired.deployedParts, settings, options.region)),
    ...(await rulesOf(wired.ports.rules, settings, options.serviceAccount)),
  ];
  if (options.json)
    terminal.out(
      `${JSON.stringify({ schema: DOCTOR_SCHEMA, places: findings, parts, advice: advice.map(proseOf) }, null, 2)}\n`,
    );
  else show(terminal, findings, parts, advice);
  const broken = findings.some(
    ({ state, diagnosis }) => state === 'unusable' || diagnosis?.verdict === 'dead' || diagnosis?.verdict === 'blocked',
  );
  const unjudged = findings.some(({ state, diagnosis }) => state === 'unreadable' || diagnosis?.verdict === 'unclear');
  if (broken) return 1;
  if (parts.some(({ state }) => state === 'broken')) return 4;
  return unjudged || parts.some(({ state }) => state === 'unknown') ? 3 : 0;
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

const BYTE_ORDER_MARK = '\ufeff';

/** A `.env` file is looked at only when it is there; one that cannot be read is said. */
async function envFileSources(
  path: string,
): Promise<{ readonly sources: readonly Source[]; readonly advice: readonly string[] }> {
  const file = await fileSource(path);
  if (file.bytes === undefined) return { sources: file.unreadable === undefined ? [] : [file], advice: [] };
  const text = Buffer.from(file.bytes).toString();
  const marked = text.startsWith(BYTE_ORDER_MARK);
  const values = parseEnv(marked ? text.slice(BYTE_ORDER_MARK.length) : text);
  const sources = VARIABLES.filter((name) => values[name] !== undefined).map((name): Source => ({
    title: `${name} in ${path}`,
    place: 'file',
    bytes: bytesOf(values[name]),
  }));
  const advice = `${path} begins with a byte order mark, which most programs take for a part of its first variable’s name: save it as UTF-8 without one`;
  return { sources, advice: marked ? [advice] : [] };
}

async function fileSource(path: string): Promise<Source> {
  try {
    return { title: path, place: 'file', bytes: await readFile(path) };
  } catch (trouble) {
    const code = systemCodeOf(trouble);
    return {
      title: path,
      place: 'file',
      bytes: undefined,
      unreadable: code === 'ENOENT' ? undefined : `cannot be read (${code})`,
    };
  }
}

async function permissionAdvice(vault: Vault, secret: string): Promise<readonly string[]> {
  const missing = await attempt(() => missingGrants(vault, secret));
  if (missing instanceof Fault) return [`the permissions on ${secret} could not be asked: ${missing.message}`];
  return missing.map(
    ({ needs, because }) => `you lack ${needs} on ${secret}, which whoever checks it needs: the check ${because}`,
  );
}

const PAINT = { well: 'green', broken: 'red', unknown: 'yellow' } as const satisfies Record<Part['state'], string>;

function show(
  terminal: Terminal,
  findings: readonly SourceFinding[],
  parts: readonly Part[],
  advice: readonly Passage[],
): void {
  const paint = painter(terminal);
  terminal.out(
    `${columns([
      ['PLACE', 'HOLDS', 'VERDICT', 'CAUSE'].map((title) => paint('dim', title)),
      ...findings.map((finding) => [
        finding.title,
        holds(finding),
        finding.diagnosis?.verdict ?? '-',
        finding.diagnosis?.cause ?? '-',
      ]),
    ])}\n`,
  );
  if (parts.length > 0)
    terminal.out(`${columns(parts.map(({ title, state, says }) => [paint(PAINT[state], state), title, says]))}\n`);
  if (advice.length === 0 && parts.every(({ state }) => state === 'well'))
    terminal.out(`${paint('green', 'nothing looks wrong')}\n`);
  for (const line of advice) terminal.out(`${paint('yellow', '→')} ${laidOut(terminal, line, 2)}\n`);
}

function holds({ state, detail, keyKind, sameAs }: SourceFinding): string {
  if (state !== 'key')
    return detail ?? { absent: 'nothing', unreadable: 'cannot be read', unusable: 'no usable key' }[state];
  return sameAs === undefined ? `a key (${keyKind})` : `the same key as ${sameAs}`;
}
