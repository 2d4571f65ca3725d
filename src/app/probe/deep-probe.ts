import type { Cause } from '../../core/causes/causes.ts';
import { classify, type Diagnosis } from '../../core/classify/classify.ts';
import { modelsForDeepProbe } from '../../core/classify/probe-model.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { Prober } from '../ports/ports.ts';

/** What one token from Gemini told; `skipped` says why nothing was learned. `answers` came from Gemini. */
export type DeepProbe =
  | { readonly answers: number; readonly diagnosis: Diagnosis; readonly notes: readonly string[] }
  | { readonly answers: number; readonly skipped: string };

/**
 * What may be true of one model alone: it is listed and gone, or closed to new users, or to a project's tier, or made for
 * requests of another form. The next model tells whether it is more than that.
 */
const OF_THE_MODEL: readonly Cause[] = ['model_not_found', 'quota_zero', 'permission_denied', 'bad_request'];

/** Asks for one token of one model after the other, three at most, until an answer is about the key. */
export async function probeDeep(prober: Prober, key: KeyText, modelsListBody: string): Promise<DeepProbe> {
  const models = modelsForDeepProbe(modelsListBody);
  if (models.length === 0) return { answers: 0, skipped: 'deep probe skipped: no listed model can generate' };
  const refused: { readonly model: string; readonly diagnosis: Diagnosis }[] = [];
  for (const model of models) {
    const answer = await prober.generate(key, model);
    const answers = refused.length + ('body' in answer ? 1 : 0);
    const diagnosis = classify(answer, key);
    if (!OF_THE_MODEL.includes(diagnosis.cause)) return { answers, diagnosis, notes: refused.map(noteOf) };
    refused.push({ model, diagnosis });
  }
  return verdictOf(refused);
}

interface Refusal {
  readonly model: string;
  readonly diagnosis: Diagnosis;
}

/** No model did it. Models that are gone say nothing; the first other refusal, which the rest do not contradict, does. */
function verdictOf(refused: readonly Refusal[]): DeepProbe {
  const telling = refused.find(({ diagnosis }) => diagnosis.cause !== 'model_not_found');
  const answers = refused.length;
  const notes = refused.map(noteOf);
  if (telling !== undefined) return { answers, diagnosis: telling.diagnosis, notes };
  const names = refused.map(({ model }) => model).join(', ');
  return { answers, skipped: `deep probe skipped: ${names} ${refused.length > 1 ? 'are' : 'is'} listed but gone` };
}

function noteOf({ model, diagnosis }: Refusal): string {
  return `${model} was refused (${diagnosis.cause})`;
}
