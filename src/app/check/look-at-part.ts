import type { Finding } from '../../core/health/finding.ts';
import { joinedProjects, NOTHING_SEEN, talliesOf, type ProjectTallies, type Tally } from '../../core/health/tally.ts';
import type { Keeper, Need, Notable, PartLook } from '../../core/survey/part-look.ts';
import { NOTABLE_MAX, type SurveyAnswer, type SurveyAsk } from '../../core/survey/part-text.ts';
import { isInPart, type Part } from '../../core/survey/part.ts';
import { coming, type Found, type Gathered } from '../listing/gather.ts';
import { budgetOf } from '../listing/pace.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { wideSilencesIn } from '../listing/wide-silences.ts';
import type { Instant } from '../../core/values/time.ts';
import type { CheckOrder, CheckPorts } from './check.ts';
import { look } from './look.ts';
import { isFirstGood, openOf, settledAtOnce } from './settle.ts';
import { soFar, type Whole } from './so-far.ts';

/** How a part is looked at; which one is asked each time. */
export type PartOrder = Pick<CheckOrder, 'secretPolicy' | 'concurrency' | 'silences'>;

/**
 * Looks at the secrets of one part, as a check of the whole fleet does, and writes and announces nothing: what it finds that is to be written
 * or told it names, for whoever joins the parts to look at again. A part with too many secrets is not begun.
 */
export async function lookAtPart(
  ports: CheckPorts,
  order: PartOrder,
  { part, most, seconds, ...how }: SurveyAsk,
): Promise<SurveyAnswer> {
  const startedAt = ports.clock.now();
  const inTime = budgetOf(ports, seconds);
  const { found, ended } = coming(ports.vault, { scopes: [part], concurrency: order.concurrency });
  const own: Found[] = [];
  let secrets = 0;
  for await (const one of found) {
    if (!isInPart(part, idOf(one.sighting.name))) continue;
    secrets += 1;
    if (secrets <= most) own.push(one);
  }
  if (secrets > most) return { is: 'too many', secrets };
  const wide = await wideSilencesIn(ports, order.silences);
  const seen = soFar(order, startedAt);
  await inPool(own, order.concurrency, ALWAYS, async (one) => {
    const at = seen.listed(one);
    if (!inTime()) return seen.missed(one);
    const looked = await look(ports, one, { ...order, ...how });
    seen.looked(one, { at, item: looked }, settledAtOnce(looked, wide, ports.clock));
  });
  return { is: 'look', look: partLookOf(part, seen.whole(), ended(), startedAt) };
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function partLookOf(
  { project }: Part,
  whole: Whole,
  { problems, listed, barred }: Pick<Gathered, 'problems' | 'listed' | 'barred'>,
  now: Instant,
): PartLook {
  const waiting = whole.waiting.map(({ item }) => item);
  const [first, pressing] = [waiting.filter(isFirstGood), waiting.filter((one) => !isFirstGood(one))];
  const troubled = whole.settled.map(({ item }) => item).filter(({ finding }) => finding.diagnosis.verdict !== 'works');
  const named = [...pressing, ...troubled].map(({ finding }) => finding);
  const notable = [
    ...named.map((finding, at) => notableOf(finding, at < pressing.length ? 'record' : 'none')),
    ...first.map(({ finding }) => notableOf(finding, 'first_good')),
  ];
  const keeper = whole.keepers.get(project);
  return {
    expected: whole.expected,
    missed: whole.missed,
    tally: ofProject(whole.tallies, project),
    census: whole.census,
    notable: notable.slice(0, NOTABLE_MAX),
    beyond: ofProject(joinedProjects(whole.beyond, talliesOf(named.slice(NOTABLE_MAX))), project),
    open: [...whole.open, ...waiting.flatMap((one) => openOf(one, now) ?? [])],
    ...(whole.keeper === undefined ? {} : { fleetKeeper: whole.keeper.name }),
    ...(keeper === undefined ? {} : { keeper: keeperOf(keeper.name, whole, project) }),
    isListed: listed.length > 0,
    problems,
    barred,
  };
}

function notableOf({ secret, diagnosis: { cause } }: Finding, need: Need): Notable {
  return { secret, cause, need };
}

function keeperOf(secret: string, { outages }: Whole, project: string): Keeper {
  const cause = outages.get(project);
  return { secret, ...(cause === undefined ? {} : { cause }) };
}

function ofProject(tallies: ProjectTallies, project: string): Tally {
  return tallies.get(project) ?? NOTHING_SEEN;
}
