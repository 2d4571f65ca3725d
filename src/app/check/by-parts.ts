import { CAUSES, type Cause } from '../../core/causes/causes.ts';
import { accountsFor, sharedTroublesOf } from '../../core/health/outage.ts';
import { joinedProjects, type ProjectTallies } from '../../core/health/tally.ts';
import type { WideSilence } from '../../core/record/wide-silence.ts';
import type { FleetLook, Need } from '../../core/survey/part-look.ts';
import { nameWithin } from '../../core/survey/part-text.ts';
import type { Instant } from '../../core/values/time.ts';
import { coming } from '../listing/gather.ts';
import { budgetOf } from '../listing/pace.ts';
import { inPool } from '../listing/pool.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { askParts, type AskedParts, type Parts } from './ask-parts.ts';
import type { CheckOrder, CheckPorts } from './check.ts';
import type { DailyLook } from './daily-look.ts';
import { look } from './look.ts';
import { settledAtOnce } from './settle.ts';
import { FIRST_GOOD_MAX, soFar, type Whole } from './so-far.ts';

/** What many instances saw, and what this one saw again of it. */
export type Joined = Omit<AskedParts, 'look'> & { readonly whole: Whole };

/** Secrets that one run looks at again; the next ones do with the others. */
const AGAIN_MAX = 5_000;

/** The order of a check, and what it has found out by the time that it asks. */
export interface JoinOrder {
  readonly order: CheckOrder;
  readonly wide: readonly WideSilence[];
  readonly inTime: () => boolean;
  readonly startedAt: Instant;
}

/**
 * Has many instances look at the fleet, judges what they saw together, and looks again at each secret that something is to be done about,
 * unless an outage accounts for it: so what is written and told rests on a look of this instance’s own, as if it had looked at all.
 */
export async function lookByParts(
  ports: CheckPorts,
  parts: Parts,
  { order, wide, inTime, startedAt }: JoinOrder,
  daily: DailyLook,
): Promise<Joined> {
  // Few projects have their moment of the day in one run: what is told then is listed here.
  for await (const one of coming(ports.vault, { ...order, scopes: daily.scopes }).found) daily.listed(one);
  const { look: seen, ...asked } = await askParts(parts, {
    ...order,
    inTime: budgetOf(ports, order.budgetSeconds / 2),
  });
  const outages = outagesIn(seen);
  const shared = sharedTroublesOf(seen.tallies, outages);
  const open = seen.notable.filter(
    ({ project, cause }) => !shared.some((trouble) => accountsFor(trouble, project, cause)),
  );
  const own = soFar(order, startedAt);
  const againMax = order.recordedMax ?? AGAIN_MAX;
  const needing = (need: Need) => open.filter((one) => one.need === need);
  const pressing = needing('record');
  const told = needing('none');
  // What can wait goes last, and is not missed where there is no room for it.
  const named = [...pressing, ...needing('first_good').slice(0, FIRST_GOOD_MAX), ...told].slice(0, againMax);
  const again = await inPool(named, order.concurrency, inTime, async ({ project, secret }) => {
    const sighting = await attempt(() => ports.vault.look(nameWithin(project, secret)));
    if (sighting instanceof Fault) return sighting.code === 'not_found' ? [] : [notAgain(secret, sighting)];
    const found = { sighting, project };
    const at = own.listed(found);
    const looked = await look(ports, found, order);
    own.looked(found, { at, item: looked }, settledAtOnce(looked, wide, ports.clock));
    return [];
  });
  const lookedAgain = new Set<string | undefined>(
    named.filter((_, at) => again[at] !== undefined).map(({ secret }) => secret),
  );
  const known = new Set<string | undefined>([...lookedAgain, ...seen.open.map(({ secret }) => secret)]);
  const beyond = joinedProjects(
    seen.beyond,
    talliesOfNotable(pressing.filter(({ secret }) => !lookedAgain.has(secret))),
  );
  const silent = talliesOfNotable(told.filter(({ secret }) => !known.has(secret)));
  const whole = own.whole();
  const shown = [...seen.tallies].flatMap(([project, { causes }]) =>
    [...causes].map(([cause, { example }]) => ({
      project,
      cause,
      sighting: { name: nameWithin(project, example.secret) },
    })),
  );
  return {
    whole: {
      ...whole,
      expected: seen.expected,
      missed: seen.missed,
      tallies: seen.tallies,
      census: seen.census,
      beyond: joinedProjects(whole.beyond, beyond),
      silent: joinedProjects(whole.silent, unclearIn(joinedProjects(beyond, silent))),
      open: [...seen.open.filter(({ secret }) => !lookedAgain.has(secret)), ...whole.open],
      outages,
      keeper: seen.fleetKeeper && { name: nameWithin(seen.fleetKeeper.project, seen.fleetKeeper.secret) },
      keepers: new Map(
        [...seen.keepers].map(([project, { secret }]) => [project, { name: nameWithin(project, secret) }] as const),
      ),
      shown,
    },
    ...asked,
    problems: [...asked.problems, ...again.flatMap((troubles) => troubles ?? [])],
  };
}

function notAgain(secret: string, { message }: Fault): string {
  return `${secret} was to be looked at again, and was not: ${message}`;
}

/** Projects whose outage is on record, and its cause. */
function outagesIn({ keepers }: FleetLook): ReadonlyMap<string, Cause> {
  return new Map(
    [...keepers].flatMap(([project, { cause }]) => (cause === undefined ? [] : [[project, cause] as const])),
  );
}

/** Secrets that were named and not looked at again, counted. */
function talliesOfNotable(left: FleetLook['notable']): ProjectTallies {
  return left
    .map(({ project, secret, cause }): ProjectTallies => {
      const one = { depths: { none: 1, shallow: 0, deep: 0 }, example: { secret, message: '' } };
      return new Map([[project, { causes: new Map([[cause, one]]) }]]);
    })
    .reduce(joinedProjects, new Map());
}

/** Those of which nothing was learned. */
function unclearIn(tallies: ProjectTallies): ProjectTallies {
  return new Map(
    [...tallies].map(([project, { causes }]) => [
      project,
      { causes: new Map([...causes].filter(([cause]) => CAUSES[cause].verdict === 'unclear')) },
    ]),
  );
}
