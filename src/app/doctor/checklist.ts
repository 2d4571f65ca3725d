import type { SourceFinding } from './doctor.ts';

/** One question that the doctor answers, or says that it did not look. */
export interface Check {
  readonly state: 'yes' | 'no' | 'not_looked';
  readonly title: string;
  readonly says: string;
}

/** A key of its own is no fault: it is only not reached by a rotation of the secret. */
export const SAME_KEY = 'it is the key of the secret';

/** Whether there is one at all. */
export const A_KEY = 'a key is there';

/** The key that Google's SDKs use: of the variables the first, then what files hold, then what somebody names elsewhere, then the secret. */
export function keyInUse(findings: readonly SourceFinding[]): SourceFinding | undefined {
  const holding = findings.filter(({ state, lint }) => state === 'key' || (state === 'unusable' && !isEmpty(lint)));
  const places = ['environment', 'file', 'store', 'secret'] as const;
  return places.flatMap((place) => holding.filter((finding) => finding.place === place))[0];
}

/** Does a good key reach the app, and which? `Green` is the presence of a good key, not the absence of findings. */
export function keyChecks(findings: readonly SourceFinding[]): readonly Check[] {
  const used = keyInUse(findings);
  return [isThere(findings, used), isTaken(used), isTheSecrets(findings, used)];
}

function isThere(findings: readonly SourceFinding[], used: SourceFinding | undefined): Check {
  const title = A_KEY;
  if (used !== undefined) return { state: 'yes', title, says: `${used.title} comes first` };
  const looked = findings.map((finding) => finding.title).join(', ');
  return { state: 'no', title, says: `none was found in ${looked}: set GEMINI_API_KEY, or name a file or secret` };
}

function isTaken(used: SourceFinding | undefined): Check {
  const title = 'Google takes it as it is stored';
  if (used === undefined) return { state: 'not_looked', title, says: 'there is no key to ask about' };
  const { diagnosis, lint } = used;
  if (diagnosis === undefined) return { state: 'no', title, says: lint.map(({ says }) => says).join('; ') };
  const { verdict, cause, message } = diagnosis;
  if (verdict === 'works') return { state: 'yes', title, says: `the key in ${used.title} works` };
  const isOpen = verdict === 'unclear' || verdict === 'throttled';
  return { state: isOpen ? 'not_looked' : 'no', title, says: `${cause}: ${message}` };
}

function isTheSecrets(findings: readonly SourceFinding[], used: SourceFinding | undefined): Check {
  const title = SAME_KEY;
  const secret = findings.find(({ place }) => place === 'secret');
  if (secret === undefined) return { state: 'not_looked', title, says: 'no --secret was named' };
  if (secret.state !== 'key' || used === undefined)
    return { state: 'not_looked', title, says: `${secret.title} holds no key that could be compared` };
  if (used === secret) return { state: 'not_looked', title, says: 'there is no other key here to compare with it' };
  const first = (finding: SourceFinding) => finding.sameAs ?? finding.title;
  const isSame = first(secret) === first(used);
  const says = isSame
    ? `${used.title} and ${secret.title} hold the same`
    : `${used.title} holds another than ${secret.title}`;
  return { state: isSame ? 'yes' : 'no', title, says };
}

function isEmpty(lint: SourceFinding['lint']): boolean {
  return lint.some(({ kind }) => kind === 'empty');
}
