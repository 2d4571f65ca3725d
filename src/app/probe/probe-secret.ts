import { diagnosisOf, type Depth, type Finding } from '../../core/health/finding.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { lintStoredBytes, type LintFinding, type StoredText } from '../../core/key/stored-bytes.ts';
import { classify, type Diagnosis } from '../../core/classify/classify.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Found } from '../listing/gather.ts';
import type { Clock, Prober, SecretSighting, Vault } from '../ports/ports.ts';
import { probeDeep } from './deep-probe.ts';
import { storeDiagnosis, storeFinding } from '../listing/store-diagnosis.ts';

export interface InspectPorts {
  readonly vault: Vault;
  readonly prober: Prober;
  readonly clock: Clock;
}

/** What consumers read: the alias `current`, or `latest` where that alias was never set. */
export function readAsOf({ aliases }: Pick<SecretSighting, 'aliases'>): 'current' | 'latest' {
  return aliases['current'] === undefined ? 'latest' : 'current';
}

/** The whole list on one page: the models that are open to new projects need not be the first of it. */
const MODELS_PAGE = 200;

/**
 * Looks at one secret without changing anything: read, lint, probe, confirm. A healthy shallow look is one
 * AccessSecretVersion and one Gemini request. Never rejects for outside trouble; that becomes the finding.
 */
export async function inspect(
  ports: InspectPorts,
  { sighting, project }: Found,
  policy: CheckPolicy,
  deep: boolean,
): Promise<Finding> {
  const readAs = readAsOf(sighting);
  const about = { secret: sighting.name, project, readAs };
  const reading = await attempt(() => ports.vault.read(sighting.name, readAs));
  if (reading instanceof Fault) {
    // What could not be read has a number all the same where an alias names it; commands that mend it need one.
    return { ...storeFinding(about, storeDiagnosis(reading, 'version')), version: sighting.aliases['current'] };
  }
  const version = reading.number;
  const stored = lintStoredBytes(reading.bytes);
  if (stored.key === undefined) {
    const diagnosis = diagnosisOf('stored_bytes_not_a_key', says(stored.findings));
    return { ...storeFinding(about, diagnosis), version, lint: stored.findings };
  }
  const probed = await probeConfirmed(ports, stored.key, policy, deep);
  return {
    ...about,
    version,
    keyKind: stored.key.kind,
    depth: probed.depth,
    answers: probed.answers,
    diagnosis: withLint(probed.diagnosis, stored),
    lint: stored.findings,
    notes: [...probed.notes, ...(stored.key.kind === 'standard' ? [LEGACY_NOTE] : [])],
  };
}

const LEGACY_NOTE =
  'legacy key type (AIza…): Google makes only authorization keys since May 2026 and is expected to stop accepting this type';

interface Probed {
  readonly diagnosis: Diagnosis;
  readonly depth: Depth;
  readonly answers: number;
  readonly notes: readonly string[];
}

/** `dead` is believed after agreeing answers only: a new or a deleted key answers both ways for minutes. */
export async function probeConfirmed(
  ports: Pick<InspectPorts, 'prober' | 'clock'>,
  key: KeyText,
  policy: CheckPolicy,
  deep: boolean,
): Promise<Probed> {
  let probed = await probe(ports.prober, key, deep);
  for (let agreeing = 1; probed.diagnosis.verdict === 'dead' && agreeing < policy.confirmAnswers; agreeing += 1) {
    await ports.clock.sleep(policy.confirmSpacingSeconds * 1000);
    const again = await probe(ports.prober, key, deep);
    const answers = probed.answers + again.answers;
    probed = { ...again, answers, diagnosis: agree(probed.diagnosis, again.diagnosis) };
  }
  return probed;
}

function agree(earlier: Diagnosis, later: Diagnosis): Diagnosis {
  if (later.verdict === 'dead') return later;
  return diagnosisOf('answers_disagree', `within one run Gemini answered both ${earlier.cause} and ${later.cause}`);
}

/** One probe at the depth asked for. A deep probe that finds no usable model says so and stays shallow. */
async function probe(prober: Prober, key: KeyText, deep: boolean): Promise<Probed> {
  const listed = await prober.listModels(key, deep ? MODELS_PAGE : 1);
  const diagnosis = classify(listed, key);
  const shallow: Probed = { diagnosis, depth: 'shallow', answers: 'body' in listed ? 1 : 0, notes: [] };
  if (!deep || diagnosis.verdict !== 'works' || !('body' in listed)) return shallow;
  const deeper = await probeDeep(prober, key, listed.body);
  const answers = shallow.answers + deeper.answers;
  if ('skipped' in deeper) return { ...shallow, answers, notes: [deeper.skipped] };
  return { diagnosis: deeper.diagnosis, depth: 'deep', answers, notes: deeper.notes };
}

/** Findings that a consumer may live with: it may parse the JSON, and a placeholder that works is none. */
const TOLERABLE: readonly LintFinding['kind'][] = ['json_wrapped', 'placeholder'];

/** A key that works is no use to consumers who send the stored bytes as they are. */
function withLint(diagnosis: Diagnosis, { findings }: StoredText): Diagnosis {
  const serious = findings.filter(({ kind }) => !TOLERABLE.includes(kind));
  if (diagnosis.verdict !== 'works' || serious.length === 0) return diagnosis;
  return diagnosisOf('stored_bytes_unclean', says(serious));
}

function says(findings: readonly LintFinding[]): string {
  return findings.map((finding) => finding.says).join('; ');
}
