import type { SurveyAnswer, SurveyAsk } from '../../core/survey/part-text.ts';

/**
 * Has a part of the fleet looked at, in this process or by an instance of the function `survey`. That reads and changes nothing, so to ask
 * twice, or in another order, does no harm. Nobody waits longer than `withinMs`. Rejects with `Fault` where no answer came that this release understands.
 */
export type Survey = (ask: SurveyAsk, withinMs: number) => Promise<SurveyAnswer>;
