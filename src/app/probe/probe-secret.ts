import { diagnosisOf, type Depth, type Finding } from '../../core/health/finding.ts';
import { keyOnRecord } from '../../core/record/key-on-record.ts';
import type { KeyKind, KeyText } from '../../core/key/key-text.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import type { StoredText } from '../../core/key/stored-bytes.ts';
import { storedTextOf } from '../../core/key/stored-form.ts';
import { storedVerdict, type Judged } from '../../core/health/stored-verdict.ts';
import { classify, type Diagnosis } from '../../core/classify/classify.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Found } from '../listing/gather.ts';
import type { Clock, Leaving, Prober, SecretSighting, Vault } from '../ports/ports.ts';
import { probeDeep } from './deep-probe.ts';
import { storeDiagnosis, storeFinding } from '../listing/store-diagnosis.ts';

export interface InspectPorts {
  readonly vault: Vault;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly leaving?: Leaving | undefined;
}

/** What consumers read: the alias `current`, or `latest` where that alias was never set. */
export function readAsOf({ aliases }: Pick<SecretSighting, 'aliases'>): 'current' | 'latest' {
  return aliases['current'] === undefined ? 'latest' : 'current';
}

/** The whole list on one page: the models that are open to new projects need not be the first of it. */
const MODELS_PAGE = 200;

/**
 * Looks at one secret without changing anything: read, lint, probe, confirm. A healthy shallow look is one
 * AccessSecretVersion and one Gemini request. `keyField` is the field of the value that a policy names. Never rejects for outside trouble; that becomes the finding.
 */
export async function inspect(
  ports: InspectPorts,
  { sighting, project }: Found,
  policy: CheckPolicy,
  deep: boolean,
  keyField?: string,
): Promise<Finding> {
  const readAs = readAsOf(sighting);
  const about = { secret: sighting.name, project, readAs };
  const reading = await attempt(() => ports.vault.read(sighting.name, readAs));
  if (reading instanceof Fault) {
    // What could not be read has a number all the same where an alias names it; commands that mend it need one.
    return { ...storeFinding(about, storeDiagnosis(reading, 'version')), version: sighting.aliases['current'] };
  }
  const version = reading.number;
  const keyName = keyOnRecord(sighting.record, version)?.name;
  const stored = storedTextOf(reading.bytes, keyField);
  const probed = await probeStored(ports, stored, policy, deep);
  return {
    ...about,
    version,
    ...(probed.keyKind === undefined ? {} : { keyKind: probed.keyKind }),
    ...(keyName === undefined ? {} : { keyName }),
    depth: probed.depth,
    answers: probed.answers,
    diagnosis: probed.diagnosis,
    lint: stored.findings,
    notes: [...probed.notes, ...(probed.keyKind === 'standard' ? [LEGACY_NOTE] : [])],
  };
}

const LEGACY_NOTE =
  'legacy key type (AIza…): Google makes only authorization keys since May 2026 and is expected to stop accepting this type';

/** What was learned of one key. */
export interface Probed {
  readonly diagnosis: Diagnosis;
  readonly depth: Depth;
  readonly answers: number;
  readonly notes: readonly string[];
}

/** What was learned about stored bytes, and the kind of the key that was asked about last. */
interface StoredProbe extends Probed {
  readonly keyKind?: KeyKind | undefined;
}

/**
 * Asks about the keys that stored bytes may hold, the surest first, until one is not refused. What we cut or joined is
 * asked about once: no answer to it condemns a key.
 */
export async function probeStored(
  ports: Pick<InspectPorts, 'prober' | 'clock'>,
  { candidates, findings }: StoredText,
  policy: Pick<CheckPolicy, 'confirmAnswers' | 'confirmSpacingSeconds'>,
  deep: boolean,
): Promise<StoredProbe> {
  const judged: Judged[] = [];
  let probed: StoredProbe = { diagnosis: storedVerdict(findings, judged), depth: 'none', answers: 0, notes: [] };
  for (const candidate of candidates) {
    const patience = candidate.certainty === 'altered' ? { ...policy, confirmAnswers: 1 } : policy;
    const asked = await probeConfirmed(ports, candidate.key, patience, deep);
    judged.push({ candidate, diagnosis: asked.diagnosis });
    probed = { ...asked, answers: probed.answers + asked.answers, keyKind: candidate.key.kind };
    if (asked.diagnosis.verdict !== 'dead') break;
  }
  return { ...probed, diagnosis: storedVerdict(findings, judged) };
}

/** `dead` is believed after agreeing answers only: a new or a deleted key answers both ways for minutes. */
export async function probeConfirmed(
  ports: Pick<InspectPorts, 'prober' | 'clock'>,
  key: KeyText,
  policy: Pick<CheckPolicy, 'confirmAnswers' | 'confirmSpacingSeconds'>,
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
