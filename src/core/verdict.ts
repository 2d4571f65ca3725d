import type { Answer, NoAnswer } from './answer.ts';
import { CAUSES, type Cause, type Verdict } from './causes.ts';
import { evidenceOf } from './evidence.ts';
import type { KeyText } from './key-text.ts';
import { LONGEST_TEXT } from './pasted.ts';
import { redact } from './redact.ts';
import { RULES } from './rules.ts';

/** What one answer says about the key that was used. */
export interface Diagnosis {
  readonly verdict: Verdict;
  readonly cause: Cause;
  /** This one answer settles it; see `CauseRow.definitive`. */
  readonly definitive: boolean;
  /** Google's `ErrorInfo.reason`, verbatim. */
  readonly reason?: string;
  /** Google's message on one line: redacted, at most 300 characters. */
  readonly message: string;
}

const LONGEST_MESSAGE = 300;

/**
 * The classifier: total, pure, and biased to `unclear`. Pass `exactKey` whenever it is known: Google's answers repeat
 * it at times, and only so is a key of unknown shape kept out of the message.
 */
export function classify(answer: Answer | NoAnswer, exactKey?: KeyText): Diagnosis {
  if ('noAnswer' in answer) return diagnosis(answer.noAnswer, undefined, answer.detail, exactKey);
  // A long body is cut later on, and half a key would no longer be recognised.
  const body = answer.body.length > LONGEST_TEXT ? redact(answer.body, exactKey) : answer.body;
  const evidence = evidenceOf({ ...answer, body });
  const cause = RULES.find((rule) => rule.when(evidence))?.cause ?? 'unknown';
  return diagnosis(cause, evidence.reason, evidence.message || bareMessage(answer, cause), exactKey);
}

function diagnosis(cause: Cause, reason: string | undefined, message: string, exactKey?: KeyText): Diagnosis {
  const { verdict, definitive } = CAUSES[cause];
  return {
    verdict,
    cause,
    definitive,
    ...(reason === undefined ? {} : { reason: redact(reason, exactKey) }),
    message: bounded(redact(message.replace(/\s+/g, ' ').trim(), exactKey)),
  };
}

function bareMessage(answer: Answer, cause: Cause): string {
  const status = answer.status === undefined ? 'no status' : `HTTP ${answer.status}`;
  return `${CAUSES[cause].title} (${status})`;
}

function bounded(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`;
}
