import type { Answer } from '../answer.ts';
import type { Diagnosis } from '../classify.ts';
import { plainWords } from '../plain-words.ts';
import { readable } from '../status-in-text.ts';
import { redact } from '../../key/redact.ts';
import { HEADERS } from './headers.ts';
import { HEADLINE } from './headline.ts';
import type { Hint, HintInput } from './hint.ts';
import { LIBRARIES } from './libraries.ts';
import { NAMED } from './named.ts';
import { TRANSPORT } from './transport.ts';

const HINTS: readonly Hint[] = [...TRANSPORT, ...NAMED, ...HEADERS, ...HEADLINE, ...LIBRARIES];

/** What is to be said about this very text beside its cause: facts in it, the situation, the library. No key is in it (I9). */
export function adviceOn(answer: Answer, { cause }: Pick<Diagnosis, 'cause'>): readonly string[] {
  const { sentAs, keyKind, body } = answer;
  const input: HintInput = { words: plainWords(readable(body)), cause, sentAs, keyKind };
  const said = HINTS.filter(({ when }) => when(input)).flatMap(
    ({ says }) => (typeof says === 'string' ? says : says(input)) ?? [],
  );
  return [...new Set(said.map((sentence) => redact(sentence)))];
}
