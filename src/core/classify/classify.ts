import type { Answer, NoAnswer } from './answer.ts';
import { CAUSES, type Cause, type Verdict } from '../causes/causes.ts';
import { evidenceOf } from './evidence.ts';
import type { KeyText } from '../key/key-text.ts';
import { LONGEST_TEXT } from './status-in-text.ts';
import { isInFull } from './full-sentences.ts';
import { isReason } from './error-reasons.ts';
import { redact } from '../key/redact.ts';
import { RULES } from './rules.ts';

/** Whether what was said is Google’s own: an app’s words are often taken for it. */
export function isGoogles(answer: Answer): boolean {
  return evidenceOf(answer).isGoogles;
}

/** What one answer says about the key that was used. */
export interface Diagnosis {
  readonly verdict: Verdict;
  readonly cause: Cause;
  /** This one answer settles it: Google’s reason or whole sentence stands in it, and see `CauseRow.definitive`. */
  readonly definitive: boolean;
  /** Google's `ErrorInfo.reason`, verbatim. */
  readonly reason?: string;
  /** The project that owns the key, where the answer names it: what mends the project is told with it. */
  readonly keyProject?: string;
  /** Google's message on one line: redacted, at most 300 characters. */
  readonly message: string;
}

const LONGEST_MESSAGE = 300;

/**
 * The classifier: total, pure, and biased to `unclear`. Pass `exactKey` whenever it is known: Google's answers repeat
 * it at times, and only so is a key of unknown shape kept out of the message.
 */
export function classify(answer: Answer | NoAnswer, exactKey?: KeyText): Diagnosis {
  // Once before lines are joined, since a key may be broken over two of them, and once after.
  const told = (text: string): string =>
    bounded(
      redact(
        redact(text, exactKey)
          .replace(/[\s\p{Cc}]+/gu, ' ')
          .trim(),
        exactKey,
      ),
    );
  if ('noAnswer' in answer) return diagnosis(answer.noAnswer, false, undefined, told(answer.detail));
  // A long body is cut later on, and half a key would no longer be recognised.
  const body = answer.body.length > LONGEST_TEXT ? redact(answer.body, exactKey) : answer.body;
  const evidence = evidenceOf({ ...answer, body });
  const cause = RULES.find((rule) => rule.when(evidence))?.cause ?? 'unknown';
  const reason = evidence.reason === undefined ? undefined : redact(evidence.reason, exactKey);
  const settled = cause === 'ok' || evidence.reasons.some(isReason) || isInFull(cause, evidence.words);
  const { keyProject } = evidence;
  return {
    ...diagnosis(cause, settled, reason, told(evidence.message) || bareMessage(answer, cause)),
    ...(keyProject === undefined ? {} : { keyProject }),
  };
}

function diagnosis(cause: Cause, settled: boolean, reason: string | undefined, message: string): Diagnosis {
  const { verdict, definitive } = CAUSES[cause];
  return { verdict, cause, definitive: definitive && settled, ...(reason === undefined ? {} : { reason }), message };
}

function bareMessage(answer: Answer, cause: Cause): string {
  const status = answer.status === undefined ? 'no status' : `HTTP ${answer.status}`;
  return `${CAUSES[cause].title} (${status})`;
}

function bounded(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`;
}
