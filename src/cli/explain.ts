import { CAUSES, remedyOf } from '../core/causes.ts';
import type { SentAs } from '../core/answer.ts';
import type { KeyKind } from '../core/key-text.ts';
import { statusIn } from '../core/pasted.ts';
import { classify } from '../core/verdict.ts';
import { painter, Stop, type Terminal } from './terminal.ts';

/** Name and version of the JSON that `explain --json` prints. */
const EXPLANATION_SCHEMA = 'key-warden/explanation/v1';

export interface ExplainOptions {
  readonly status?: number | undefined;
  readonly keyKind: KeyKind;
  readonly sentAs: SentAs;
  readonly json: boolean;
}

/** Says what an answer that somebody got from the Gemini API means and what to do. Makes no request. */
export async function explain(terminal: Terminal, words: readonly string[], options: ExplainOptions): Promise<0> {
  const body = words.length > 0 ? words.join(' ') : ((await terminal.input()) ?? '');
  const status = options.status ?? statusIn(body);
  if (body.trim() === '' && status === undefined) {
    throw new Stop(2, 'nothing to explain: pass the error text as an argument or on standard input, or give --status');
  }
  const { keyKind, sentAs } = options;
  const diagnosis = classify({ sentAs, keyKind, status, body });
  const { severity, newKeyHelps, title, meaning, runbook } = CAUSES[diagnosis.cause];
  const remedy = remedyOf(diagnosis.cause, {});
  if (options.json) {
    const explanation = {
      schema: EXPLANATION_SCHEMA,
      status,
      ...diagnosis,
      severity,
      newKeyHelps,
      title,
      meaning,
      remedy,
      runbook,
    };
    terminal.out(`${JSON.stringify(explanation, null, 2)}\n`);
    return 0;
  }
  const paint = painter(terminal);
  terminal.out(
    [
      `${paint('bold', `${diagnosis.verdict}: ${title}`)} (${diagnosis.cause})`,
      `  Google said   ${diagnosis.message}`,
      `  It means      ${meaning}`,
      `  A new key     ${newKeyHelps ? 'helps' : 'would not help'}${diagnosis.definitive ? '' : '; but one such answer does not settle it: ask again first'}`,
      ...remedy.map((step, at) => `  ${at === 0 ? 'Do this       ' : '              '}${at + 1}. ${step}`),
      `  Runbook       docs/runbook.md#${runbook}`,
      '',
    ].join('\n'),
  );
  return 0;
}
