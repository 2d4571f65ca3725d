import { fleetOf, joinedLooks, NOTHING_LOOKED_AT, inOrder, type FleetLook } from '../../core/survey/part-look.ts';
import { PART_SECRETS_MAX, type SurveyAnswer, type SurveyAsk } from '../../core/survey/part-text.ts';
import { partText, sharesOf, type Part } from '../../core/survey/part.ts';
import { isPassing } from '../listing/gather.ts';
import { inPool } from '../listing/pool.ts';
import { attempt, Fault, isBarred } from '../ports/fault.ts';
import type { SecretScope } from '../ports/ports.ts';
import type { Survey } from '../ports/survey.ts';

/** Many look: who looks at parts of the fleet, and at how many of them at a time. */
export interface Parts {
  readonly survey: Survey;
  readonly atOnce: number;
  /** Secrets of one part; a project with more is looked at in shares. */
  readonly most?: number | undefined;
}

export interface PartsOrder {
  readonly scopes: readonly SecretScope[];
  readonly deep: SurveyAsk['deep'];
  readonly runEveryMinutes: number;
  /** Of the whole run. */
  readonly budgetSeconds: number;
  /** Asked before each part, and before it is asked again. */
  readonly inTime: () => boolean;
}

/** What all parts saw, and which of them nobody looked at. */
export interface AskedParts {
  readonly look: FleetLook;
  /** Projects and locations that were listed to their end. */
  readonly listed: readonly SecretScope[];
  readonly problems: readonly string[];
  readonly barred: boolean;
}

/** Of the time of a run one part may take this much, and its instance the most of that: what hangs must not keep the others from being told of. */
const PATIENCE = 0.25;
const OWN_TIME = 0.8;

/** So many are looked at in half a minute. */
const PART_SECRETS = 2_000;

/**
 * Has every project and location looked at, the large ones in shares. A part that gives no answer is asked once more, and then named:
 * what it holds is not known, which is no zero.
 */
export async function askParts(
  { survey, atOnce, most: partMost = PART_SECRETS }: Parts,
  { scopes, inTime, deep, runEveryMinutes, budgetSeconds }: PartsOrder,
): Promise<AskedParts> {
  const withinMs = budgetSeconds * PATIENCE * 1000;
  const seconds = Math.max(1, Math.floor(budgetSeconds * PATIENCE * OWN_TIME));
  const askAll = async (parts: readonly Part[], most: number): Promise<readonly Asked[]> => {
    const answers = await inPool(parts, atOnce, inTime, (part) =>
      askTwice({ survey, inTime, withinMs }, { part, most, deep, runEveryMinutes, seconds }),
    );
    return parts.map((part, at) => ({ part, answer: answers[at] }));
  };
  const first = await askAll(
    scopes.map(({ project, location }) => ({ project, location })),
    partMost,
  );
  const large = first.flatMap(({ part, answer }) =>
    answer !== undefined && 'is' in answer && answer.is === 'too many' ? [{ part, secrets: answer.secrets }] : [],
  );
  const shares = large.flatMap(({ part, secrets }) => sharesOf(part, secrets, partMost));
  const shared = await askAll(shares, PART_SECRETS_MAX);
  const whole = first.filter(({ part }) => !large.some((one) => one.part === part));
  return joinedAnswers(scopes, [...whole, ...shared], large);
}

/** A part, and what was answered about it; nothing where there was no time to ask. */
interface Asked {
  readonly part: Part;
  readonly answer: SurveyAnswer | Fault | undefined;
}

/** A project and location of which it is known how many secrets it has. */
interface Large {
  readonly part: Part;
  readonly secrets: number;
}

async function askTwice(
  { survey, inTime, withinMs }: Pick<PartsOrder, 'inTime'> & { readonly survey: Survey; readonly withinMs: number },
  ask: SurveyAsk,
): Promise<SurveyAnswer | Fault> {
  const first = await attempt(() => survey(ask, withinMs));
  return first instanceof Fault && isPassing(first) && inTime() ? attempt(() => survey(ask, withinMs)) : first;
}

function joinedAnswers(scopes: readonly SecretScope[], asked: readonly Asked[], large: readonly Large[]): AskedParts {
  const looks = asked.flatMap(({ part, answer }) =>
    answer !== undefined && 'is' in answer && answer.is === 'look' ? [{ part, look: answer.look }] : [],
  );
  const look = inOrder(
    looks.map(({ part, look: one }) => fleetOf(part.project, one)).reduce(joinedLooks, NOTHING_LOOKED_AT),
  );
  const unseen = sum(
    large.map(({ part, secrets }) =>
      Math.max(0, secrets - sum(looks.flatMap((one) => (areOfOne(one.part, part) ? one.look.expected : [])))),
    ),
  );
  const isWhole = (scope: SecretScope): boolean =>
    asked.every(({ part }) => !areOfOne(part, scope) || looks.some((one) => one.part === part && one.look.isListed));
  return {
    look: { ...look, expected: look.expected + unseen, missed: look.missed + unseen },
    listed: scopes.filter(isWhole),
    problems: [
      ...asked.flatMap((one) => notLookedAt(one, large)),
      ...looks.flatMap(({ look: { problems } }) => problems),
    ],
    barred:
      looks.some((one) => one.look.barred) || asked.some(({ answer }) => answer instanceof Fault && isBarred(answer)),
  };
}

function areOfOne(part: SecretScope, other: SecretScope): boolean {
  return part.project === other.project && part.location === other.location;
}

function notLookedAt({ part, answer }: Asked, large: readonly Large[]): readonly string[] {
  const why = whyNot(answer);
  if (why === undefined) return [];
  const known = large.some((one) => areOfOne(one.part, part)) ? '' : ', and how many secrets it has is not known';
  return [`${partText(part)} was not looked at${known}: ${why}`];
}

function whyNot(answer: Asked['answer']): string | undefined {
  if (answer === undefined) return 'there was no time left for it';
  if (answer instanceof Fault) return answer.message;
  return answer.is === 'look' ? undefined : `it has ${answer.secrets} secrets, more than one instance takes`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
