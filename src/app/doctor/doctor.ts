import { CAUSES } from '../../core/causes/causes.ts';
import { valuesAbout } from '../../core/health/finding.ts';
import { grantsOf, type Grant } from '../../core/google/permissions-of-deployment.ts';
import type { KeyKind, KeyText } from '../../core/key/key-text.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { toldLint, type LintFinding, type ToldLint } from '../../core/key/lint-finding.ts';
import { lintStoredBytes } from '../../core/key/stored-bytes.ts';
import { passageOf, type Instruction, type SlotValues } from '../../core/values/command.ts';
import type { Passage } from '../../core/values/passage.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Diagnosis } from '../../core/classify/classify.ts';
import { attempt, Fault, isBarred } from '../ports/fault.ts';
import { probeStored, readAsOf, type InspectPorts } from '../probe/probe-secret.ts';
import type { Prober, SecretName, Vault } from '../ports/ports.ts';
import { saysOf, type Kinship } from './kinship.ts';

/** A place where a key may be: a variable, a file, another vendor's store, a version of the secret. `bytes` is absent when nothing is there. */
export interface Source {
  readonly title: string;
  readonly place: 'environment' | 'file' | 'store' | 'secret';
  readonly bytes: Uint8Array | undefined;
  /** For a place in Secret Manager: the secret's full name. */
  readonly secret?: SecretName | undefined;
  /** Why the place could not be read, as opposed to being empty. */
  readonly unreadable?: string | undefined;
  /** Whether that is a matter of permissions or names, which a person has to set right. */
  readonly barred?: boolean | undefined;
}

/** What a place holds, without a byte of it. `sameAs` names the first place that holds the same key. */
export interface SourceFinding {
  readonly title: string;
  readonly place: Source['place'];
  readonly state: 'absent' | 'unreadable' | 'unusable' | 'key';
  readonly detail?: string | undefined;
  readonly barred?: boolean | undefined;
  readonly keyKind?: KeyKind | undefined;
  /** What is wrong with the bytes, with the cure for this place. */
  readonly lint: readonly ToldLint[];
  readonly diagnosis?: Diagnosis | undefined;
  readonly sameAs?: string | undefined;
  /** What the key is to the secret that was named, for a place elsewhere. */
  readonly kinship?: Kinship | undefined;
  /** Tells keys of different hosts apart, and nothing else about them; only where a comparison was asked for. */
  readonly fingerprint?: string | undefined;
}

/** Reads, lints, compares and probes every place; each different key is asked about once. */
export async function examine(
  { prober, clock }: Pick<InspectPorts, 'prober' | 'clock'>,
  sources: readonly Source[],
  fingerprintOf: (key: KeyText) => string | undefined,
): Promise<readonly SourceFinding[]> {
  const asking = { prober: askingOnce(prober), clock };
  const held: { readonly title: string; readonly key: KeyText }[] = [];
  const findings: SourceFinding[] = [];
  for (const source of sources) {
    const { title, place, bytes, unreadable } = source;
    if (bytes === undefined) {
      findings.push({
        title,
        place,
        state: unreadable === undefined ? 'absent' : 'unreadable',
        detail: unreadable,
        ...(source.barred === undefined ? {} : { barred: source.barred }),
        lint: [],
      });
      continue;
    }
    const stored = lintStoredBytes(bytes);
    const lint = stored.findings.map((finding) =>
      toldLint({ ...finding, cure: cureOf(finding, source) }, valuesOfSource(source)),
    );
    if (stored.candidates.length === 0) {
      findings.push({ title, place, state: 'unusable', lint });
      continue;
    }
    const { diagnosis, keyKind } = await probeStored(asking, stored, ONE_ANSWER, false);
    const { key } = stored;
    const twin = held.find((earlier) => key?.equals(earlier.key) === true);
    if (twin === undefined && key !== undefined) held.push({ title, key });
    findings.push({
      title,
      place,
      state: 'key',
      keyKind,
      lint,
      diagnosis,
      sameAs: twin?.title,
      fingerprint: key && fingerprintOf(key),
    });
  }
  return findings;
}

/** A person looks, who can ask again. */
const ONE_ANSWER = { confirmAnswers: 1, confirmSpacingSeconds: 0 };

/** Many places hold the same key, and one answer about it serves them all. */
function askingOnce(prober: Prober): Prober {
  const answers: { readonly key: KeyText; readonly answer: ReturnType<Prober['listModels']> }[] = [];
  return {
    generate: prober.generate,
    listModels(key, pageSize) {
      const known = answers.find((earlier) => earlier.key.equals(key));
      if (known !== undefined) return known.answer;
      const answer = prober.listModels(key, pageSize);
      answers.push({ key, answer });
      return answer;
    },
  };
}

/** What mends stored bytes: a new version where the place is a secret, an edit anywhere else. */
function cureOf({ kind, cure }: LintFinding, { secret, place }: Source): Instruction {
  if (secret !== undefined) return cure;
  if (kind === 'base64')
    return { do: 'in Kubernetes, put the key as it is under stringData, or encode it once under data' };
  if (place === 'store') return { do: 'store the key alone there' };
  return { do: `write the key alone into this ${place === 'file' ? 'file' : 'variable'}` };
}

function valuesOfSource({ secret }: Source): SlotValues {
  return secret === undefined ? {} : valuesAbout({ secret, project: projectIn(secret) });
}

/** The secret's version that consumers read, as a place to look at. */
export async function secretSource(vault: Vault, secret: SecretName): Promise<Source> {
  const found = await attempt(async () => {
    const readAs = readAsOf(await vault.look(secret));
    return { readAs, ...(await vault.read(secret, readAs)) };
  });
  if (found instanceof Fault)
    return {
      title: secret,
      place: 'secret',
      secret,
      bytes: undefined,
      unreadable: found.message,
      barred: isBarred(found),
    };
  const title = `${secret} (${found.readAs}, version ${found.number})`;
  return { title, place: 'secret', secret, bytes: found.bytes };
}

/** What the check needs on the secret and the caller lacks. Rejects with `Fault` when that cannot be asked. */
export async function missingGrants(vault: Vault, secret: SecretName): Promise<readonly Grant[]> {
  const wanted = grantsOf('checker', 'each watched secret');
  const permitted = await vault.permitted(
    secret,
    wanted.map(({ needs }) => needs),
  );
  return wanted.filter(({ needs }) => !permitted.includes(needs));
}

/** What the findings add up to, most telling first, each with the next step. Empty when nothing looks wrong. */
export function conclusions(findings: readonly SourceFinding[]): readonly Passage[] {
  return RULES.flatMap((rule) => rule(findings));
}

/** Tokens and certificates tolerate about a minute; Google's date is to the second. */
const SKEW_MS_MAX = 60_000;

/** What is wrong with this machine's clock, which makes every token invalid; nothing when Google's time is not known. */
export function clockAdvice(here: Instant, google: Instant | undefined): readonly string[] {
  if (google === undefined || Math.abs(here - google) <= SKEW_MS_MAX) return [];
  const seconds = Math.round(Math.abs(here - google) / 1000);
  return [
    `this machine’s clock is ${seconds} s ${here > google ? 'ahead of' : 'behind'} Google’s: tokens are refused until it is set right (timedatectl set-ntp true)`,
  ];
}

const RULES: readonly ((findings: readonly SourceFinding[]) => readonly Passage[])[] = [
  twoVariables,
  stale,
  troubled,
  differs,
  unclean,
];

function isEmpty({ kind }: ToldLint): boolean {
  return kind === 'empty';
}

/** ai.google.dev/gemini-api/docs/api-key: when both variables are set, GOOGLE_API_KEY takes precedence. */
function twoVariables(findings: readonly SourceFinding[]): readonly string[] {
  const [google, gemini] = ['GOOGLE_API_KEY', 'GEMINI_API_KEY'].map((name) =>
    findings.find(({ title, state, lint }) => title === name && state !== 'absent' && !lint.some(isEmpty)),
  );
  if (google === undefined || gemini === undefined || gemini.sameAs === google.title) return [];
  return [
    'GOOGLE_API_KEY and GEMINI_API_KEY hold different values: Google’s SDKs use GOOGLE_API_KEY and ignore the other. Unset the one you do not mean.',
  ];
}

function stale(findings: readonly SourceFinding[]): readonly string[] {
  const good = findings.find(isGoodSecret);
  if (good === undefined) return [];
  return findings
    .filter(({ place, diagnosis }) => isHere(place) && diagnosis?.verdict === 'dead')
    .map(
      ({ title }) =>
        `${title} holds a key that is refused, while the key in ${good.title} works: this process was started with an old key. Restart it, or redeploy so that it reads the secret again.`,
    );
}

/** Whatever else is wrong with a key; a dead one beside a good secret is an old copy, and said already. */
function troubled(findings: readonly SourceFinding[]): readonly string[] {
  const explained = findings.some(isGoodSecret);
  return findings.flatMap(({ title, place, diagnosis, sameAs }) => {
    if (diagnosis === undefined || isGood(diagnosis) || sameAs !== undefined) return [];
    if (explained && place !== 'secret' && diagnosis.verdict === 'dead') return [];
    const { title: what, runbook } = CAUSES[diagnosis.cause];
    return [`${title}: ${what}: ${diagnosis.message} (key-warden runbook ${runbook})`];
  });
}

/** What this machine holds; a store elsewhere is no process that could be restarted. */
function isHere(place: Source['place']): boolean {
  return place === 'environment' || place === 'file';
}

function isGoodSecret({ place, diagnosis }: SourceFinding): boolean {
  return place === 'secret' && diagnosis !== undefined && isGood(diagnosis);
}

/** What is stored around a good key is told as a finding about the bytes. */
function isGood({ verdict, cause }: Diagnosis): boolean {
  return verdict === 'works' || cause === 'stored_bytes_unclean';
}

function differs(findings: readonly SourceFinding[]): readonly string[] {
  const secret = findings.find(({ place, state }) => place === 'secret' && state === 'key');
  if (secret === undefined) return [];
  const first = (title: string) => findings.find((finding) => finding.title === title)?.sameAs ?? title;
  return findings
    .filter(({ place, state }) => place !== 'secret' && state === 'key')
    .filter(({ place, diagnosis }) => !isHere(place) || diagnosis?.verdict !== 'dead')
    .filter(({ title, kinship }) => first(title) !== first(secret.title) && kinship?.is !== 'current')
    .map(
      ({ title, kinship }) =>
        `${title} ${kinship === undefined ? `holds a different key than ${secret.title}: a rotation of the secret does not reach it` : saysOf(kinship)}.`,
    );
}

function unclean(findings: readonly SourceFinding[]): readonly Passage[] {
  return findings.flatMap(({ title, lint }) =>
    lint.map(({ says, do: words, command }) =>
      passageOf({ do: `${title}: ${says}; ${words}`, ...(command === undefined ? {} : { command }) }),
    ),
  );
}
