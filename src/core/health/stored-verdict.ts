import type { Cause } from '../causes/causes.ts';
import type { Diagnosis } from '../classify/classify.ts';
import { missingCharacters } from '../key/key-shape.ts';
import type { LintFinding } from '../key/lint-finding.ts';
import type { Candidate } from '../key/stored-bytes.ts';
import { DOCUMENTS } from '../key/unwrap.ts';
import { plural } from '../values/plural.ts';
import { diagnosisOf } from './finding.ts';

/** A candidate from stored bytes, and what was said about it when it was asked about alone. */
export interface Judged {
  readonly candidate: Candidate;
  readonly diagnosis: Diagnosis;
}

/** What Google says to characters that it has never seen as a key. Its other refusals name a key that it knows. */
const NOT_KNOWN: readonly Cause[] = ['key_invalid', 'auth_key_refused'];

/**
 * What answers about the candidates say about what is stored. They were asked one after another until one was not
 * refused. A refusal counts only of characters that stand there as a key does; of what we cut or joined it says nothing.
 */
export function storedVerdict(findings: readonly LintFinding[], judged: readonly Judged[]): Diagnosis {
  const last = judged.at(-1);
  if (last === undefined) return diagnosisOf('stored_bytes_not_a_key', says(findings));
  if (last.diagnosis.verdict !== 'dead') return accepted(findings, last);
  const whole = judged.filter(({ candidate }) => candidate.certainty === 'whole');
  const known = judged.find(({ candidate, diagnosis }) => candidate.certainty === 'run' && isKnown(diagnosis));
  const refused = whole.find(({ diagnosis }) => diagnosis.cause === 'key_leaked') ?? whole[0] ?? known;
  if (refused === undefined) return notAKey(findings, last);
  const missing = isKnown(refused.diagnosis) ? undefined : missingCharacters(refused.candidate.key.reveal());
  return missing === undefined ? refused.diagnosis : notAKey(findings, refused);
}

/** Google took the last candidate for a key, or could not be asked. */
function accepted(findings: readonly LintFinding[], last: Judged): Diagnosis {
  const { candidate, diagnosis } = last;
  const isAltered = candidate.certainty === 'altered';
  if (diagnosis.verdict === 'unclear' || (diagnosis.verdict !== 'works' && !isAltered)) return diagnosis;
  const serious = findings.filter(({ kind }) => !DOCUMENTS.includes(kind));
  const glued = isAltered && serious.length === 0 ? ['characters are glued to the key, which works without them'] : [];
  const told = diagnosis.verdict === 'works' ? [] : [`without it: ${diagnosis.message}`];
  const why = [...serious.map((finding) => finding.says), ...glued, ...told];
  return why.length === 0 ? diagnosis : diagnosisOf('stored_bytes_unclean', why.join('; '));
}

function isKnown({ cause }: Diagnosis): boolean {
  return !NOT_KNOWN.includes(cause);
}

/** Refused, and no characters of it are a whole key for certain. */
function notAKey(findings: readonly LintFinding[], { candidate, diagnosis }: Judged): Diagnosis {
  const missing = missingCharacters(candidate.key.reveal());
  const why = [
    ...findings.map((finding) => finding.says),
    ...(missing === undefined
      ? []
      : [`the key is cut short: ${plural(missing, 'character')} of it ${missing === 1 ? 'is' : 'are'} missing`]),
    candidate.certainty === 'altered'
      ? `no whole key is in it, and what can be made of it is refused (${diagnosis.message})`
      : `what is there is refused (${diagnosis.message})`,
  ];
  return diagnosisOf('stored_bytes_not_a_key', why.join('; '));
}

function says(findings: readonly LintFinding[]): string {
  return findings.map((finding) => finding.says).join('; ');
}
