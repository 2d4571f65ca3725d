import { PHASES, type Act, type Phase } from '../../core/record/phases.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';

/**
 * Where a phase stands in the picture, counted in places and not in points: phases that follow each other when all goes well stand in
 * lane 0, one a step. Each other phase stands in lane 1 beside the phases that lead to it.
 */
export interface Place {
  readonly phase: Phase;
  readonly lane: 0 | 1;
  /** The steps beside which it stands, both included. */
  readonly first: number;
  readonly last: number;
}

/** A way from one phase to another. How it runs follows from where both stand. */
export interface Way {
  readonly from: Place;
  readonly to: Place;
  readonly act: Act;
  readonly outcome: 'done' | 'refused';
  readonly runs: 'on' | 'round' | 'aside' | 'along' | 'home';
}

/** All phases of THE TABLE (`ROTATION`) in their places. */
export function placesOf(): readonly Place[] {
  const chain = chainFrom('resting');
  return PHASES.map((phase) => {
    const step = chain.indexOf(phase);
    if (step >= 0) return { phase, lane: 0, first: step, last: step };
    const steps = chain.flatMap((one, at) => (ROTATION[one].refused === phase ? [at] : []));
    return { phase, lane: 1, first: Math.min(...steps), last: Math.max(...steps) };
  });
}

/** The phases that follow each other when all goes well, until a rotation is at rest again. */
function chainFrom(phase: Phase): readonly Phase[] {
  const next = ROTATION[phase].done;
  return next === 'resting' ? [phase] : [phase, ...chainFrom(next)];
}

/** The ways between them; one that leads back to where it began, or to a person, moves nothing and is not drawn. */
export function waysOf(places: readonly Place[]): readonly Way[] {
  const place = new Map(places.map((one) => [one.phase as string, one]));
  return places.flatMap((from) =>
    (['done', 'refused'] as const).flatMap((outcome) => {
      const { act, [outcome]: cell } = ROTATION[from.phase];
      const to = place.get(cell);
      return to === undefined || to === from ? [] : [{ from, to, act, outcome, runs: runOf(from, to) }];
    }),
  );
}

function runOf(from: Place, to: Place): Way['runs'] {
  if (from.lane === 0) return to.lane === 1 ? 'aside' : to.first > from.first ? 'on' : 'round';
  return to.lane === 1 ? 'along' : 'home';
}
