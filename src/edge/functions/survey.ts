import { Fault } from '../../app/ports/fault.ts';
import type { Survey } from '../../app/ports/survey.ts';
import { askJson, readAnswer } from '../../core/survey/part-text.ts';
import { functionsAt } from './function-at.ts';
import type { IdTokenOptions } from './id-token.ts';

export interface SurveyOptions extends IdTokenOptions {
  /** Where the function `survey` is. */
  readonly url: string;
  /** Time limit of one part, in milliseconds. */
  readonly callMs?: number | undefined;
}

/** Nobody waits longer, whatever time a run may take. */
const CALL_MS = 600_000;

/** Parts of the fleet, looked at by instances of the function `survey`: Cloud Run starts as many as calls are open. */
export function surveyAt({ url, callMs = CALL_MS, ...credentials }: SurveyOptions): {
  readonly survey: Survey;
  close(): Promise<void>;
} {
  const functions = functionsAt({ ...credentials, callMs });
  return {
    async survey(ask, withinMs) {
      const { status, body } = await (await functions.open(url)).ask({ method: 'POST', body: askJson(ask), withinMs });
      if (status !== 200) throw new Fault(REFUSED[status] ?? 'unavailable', `the function survey answered ${status}`);
      const answer = readAnswer(body, ask.part);
      // Whatever was deployed half is deployed whole in a while.
      if ('why' in answer) throw new Fault('unavailable', `the function survey was not understood: ${answer.why}`);
      return answer;
    },
    close: () => functions.close(),
  };
}

/** What no second attempt mends. */
const REFUSED: Readonly<Record<number, 'denied' | 'invalid'>> = { 401: 'denied', 403: 'denied', 422: 'invalid' };
