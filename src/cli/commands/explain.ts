import { CAUSES, newKeyHelps as newKeyAnswer, remedyOf } from '../../core/causes/causes.ts';
import { passageOfStep, stepText } from '../../core/causes/step.ts';
import { valuesOf, type RemedyNames } from '../../core/causes/names.ts';
import type { SentAs } from '../../core/classify/answer.ts';
import type { KeyKind } from '../../core/key/key-text.ts';
import { statusIn } from '../../core/classify/status-in-text.ts';
import { GLOBAL, parseSecretName } from '../../core/google/resource-names.ts';
import { attemptsIn } from '../../core/classify/attempts.ts';
import { classify, isGoogles, type Diagnosis } from '../../core/classify/classify.ts';
import { adviceOn } from '../../core/classify/advice/advice.ts';
import type { Passage } from '../../core/values/passage.ts';
import { laidOut } from '../show/layout.ts';
import { runbookAt } from '../show/runbook-at.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `explain --json` prints. */
const EXPLANATION_SCHEMA = 'key-warden/explanation/v1';

export interface ExplainOptions {
  readonly status?: number | undefined;
  readonly keyKind: KeyKind;
  readonly sentAs: SentAs;
  /** The secret it is about and its project, where the person knows them: they stand in the commands then. */
  readonly secret?: string | undefined;
  readonly project?: string | undefined;
  readonly json: boolean;
}

/** Says what an answer that somebody got from the Gemini API means and what to do. Makes no request. */
export async function explain(terminal: Terminal, words: readonly string[], options: ExplainOptions): Promise<0> {
  const body = words.length > 0 ? words.join(' ') : ((await terminal.input()) ?? '');
  const attempts = attemptsIn(body);
  const last = attempts.at(-1) ?? body;
  const status = options.status ?? statusIn(last);
  if (body.trim() === '' && status === undefined) {
    throw new Stop(2, 'nothing to explain: pass the error text as an argument or on standard input, or give --status');
  }
  const { keyKind, sentAs } = options;
  const answer = { sentAs, keyKind, status, body: last };
  const earlier = attempts.slice(0, -1).map((attempt) => earlierAttempt(attempt, { sentAs, keyKind }));
  const diagnosis = classify(answer);
  const { severity, newKeyHelps, title, meaning, runbook } = CAUSES[diagnosis.cause];
  const advice = adviceOn(answer, diagnosis);
  const steps = remedyOf(diagnosis.cause, valuesOf({ ...namesIn(options), keyProject: diagnosis.keyProject, keyKind }));
  if (options.json) {
    const explanation = {
      schema: EXPLANATION_SCHEMA,
      status,
      ...diagnosis,
      severity,
      newKeyHelps,
      title,
      meaning,
      google: isGoogles(answer),
      earlier,
      advice,
      remedy: steps.map(stepText),
      steps,
      runbook,
    };
    terminal.out(`${JSON.stringify(explanation, null, 2)}\n`);
    return 0;
  }
  const paint = painter(terminal);
  const row = (heading: string, text: Passage) => `  ${heading.padEnd(14)}${laidOut(terminal, text, 16)}`;
  terminal.out(
    [
      `${paint('bold', `${diagnosis.verdict}: ${title}`)} (${diagnosis.cause})`,
      row(isGoogles(answer) ? 'Google said' : 'It says', diagnosis.message),
      ...earlier.map(({ status: at, cause, message }, number) =>
        row(number === 0 ? 'Before that' : '', `${number + 1}. ${at ?? 'no status'} ${cause}: ${message}`),
      ),
      row('It means', meaning),
      ...advice.map((sentence, at) => row(at === 0 ? 'In this case' : '', sentence)),
      row('A new key', wouldNewKeyHelp(diagnosis)),
      ...steps.map(
        (step, at) =>
          `  ${(at === 0 ? 'Do this' : '').padEnd(14)}${at + 1}. ${laidOut(terminal, passageOfStep(step), 19)}`,
      ),
      row('Runbook', runbookAt(terminal, runbook)),
      '',
    ].join('\n'),
  );
  if (options.secret === undefined || options.project === undefined)
    terminal.err('to have your names in these commands, add: --secret SECRET_ID --project PROJECT_ID\n');
  return 0;
}

/** Over an answer that says nothing about the key, it is not known whether another one would fare better. */
function wouldNewKeyHelp({ verdict, cause, definitive }: Diagnosis): string {
  const helps = newKeyAnswer(cause);
  if (helps === 'not known yet') return 'not known yet: this answer says nothing about the key';
  const unsure = definitive || verdict === 'unclear' ? '' : '; but one such answer does not settle it: ask again first';
  return `${helps === 'yes' ? 'helps' : 'would not help'}${unsure}`;
}

/** What an attempt before the last one was answered: the last one counts. */
function earlierAttempt(body: string, how: Pick<ExplainOptions, 'sentAs' | 'keyKind'>) {
  const status = statusIn(body);
  const { verdict, cause, message } = classify({ ...how, status, body });
  return { status, verdict, cause, message };
}

/** A full name says everything; a bare id leaves the project to its own option. */
function namesIn({ secret, project }: Pick<ExplainOptions, 'secret' | 'project'>): RemedyNames {
  const full = parseSecretName(secret ?? '');
  if (full !== undefined)
    return {
      project: full.project,
      secret: full.secret,
      ...(full.location === GLOBAL ? {} : { location: full.location }),
    };
  return { ...(project === undefined ? {} : { project }), ...(secret === undefined ? {} : { secret }) };
}
