import { PHASES, type Phase } from '../../core/record/phases.ts';
import { spokenSteering, type InFlight } from '../../core/record/journal.ts';
import { spokenActor } from '../../core/record/actor.ts';
import { plural } from '../../core/values/plural.ts';
import type { Instant } from '../../core/values/time.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import type { Member } from '../on-record/fleet.ts';
import { diagram, type InPhase } from './diagram.ts';
import { markup, type Markup } from './markup.ts';
import { moment, since } from './moments.ts';
import { placeText } from './place-text.ts';

/** More of them than this are a list, and the list is below. */
const TOLD_MAX = 60;

interface Flight {
  readonly secret: string;
  readonly rotation: InFlight;
}

/** The rotations that are under way: where each is on the diagram of all phases, and what it waits for. */
export function flights(members: readonly Member[], shown: readonly Member[], now: Instant): Markup {
  const under = shown
    .flatMap(flightIn)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.rotation.since - b.rotation.since);
  const rest = under.length - TOLD_MAX;
  const more = rest > 0 ? markup`<p class="quiet">${plural(rest, 'more rotation')} in the list below.</p>` : undefined;
  const list =
    under.length === 0
      ? markup`<p class="quiet">No rotation is under way.</p>`
      : markup`<ol class="flights">${under.slice(0, TOLD_MAX).map((one) => told(one, now))}</ol>${more}`;
  return markup`${diagram(countedByPhase(members))}<p class="quiet legend">Solid: the act did its work. Dashed: it was refused.</p>${list}`;
}

/** Whether a rotation of the secret is under way. */
function flightIn({ secret, rotation }: Member): readonly Flight[] {
  return rotation === undefined || rotation.phase === 'resting' ? [] : [{ secret, rotation }];
}

/** Those that wait for a person first, then by how far they have come. */
function rankOf({ rotation: { held, phase } }: Flight): number {
  return held ? -1 : PHASES.indexOf(phase);
}

function countedByPhase(members: readonly Member[]): ReadonlyMap<Phase, InPhase> {
  const read = members.flatMap(({ rotation }) => (rotation === undefined ? [] : [rotation]));
  return new Map(
    PHASES.flatMap((phase) => {
      const those = read.filter((rotation) => rotation.phase === phase);
      const held = those.filter((rotation) => rotation.phase !== 'resting' && rotation.held).length;
      return those.length === 0 ? [] : [[phase, { count: those.length, held }] as const];
    }),
  );
}

function told({ secret, rotation }: Flight, now: Instant): Markup {
  const { phase, since: began, from, to, notBefore, held, why, drain, by, steered, emergency } = rotation;
  const versions = `version ${from} → ${to ?? 'a new one'}`;
  const next = markup`next: ${ROTATION[phase].act}${notBefore === undefined ? '' : markup` from ${moment(notBefore)}`}`;
  const facts: readonly (string | Markup)[] = [
    `${emergency ? 'emergency, ' : ''}${versions}`,
    held ? markup`waits for a person; then ${next}` : next,
    ...(drain === undefined ? [] : [markup`use of the old key: ${drainText(drain)} (${moment(drain.at)})`]),
    ...(by === undefined ? [] : [`asked for by ${spokenActor(by)}`]),
    ...(steered === undefined ? [] : [spokenSteering(steered)]),
  ];
  const reason = why === undefined ? undefined : markup`<p class="why">${why}</p>`;
  return markup`<li class="${held ? 'bad' : 'going'}"><p><b>${placeText(secret)}</b> <span class="state">${phase}${held ? ', held' : ''}</span> for ${since(began, now)}</p>${reason}<p class="quiet">${facts.map((fact, at) => (at === 0 ? fact : markup` · ${fact}`))}</p></li>`;
}

function drainText({ use, requests }: NonNullable<InFlight['drain']>): string {
  return requests === undefined ? use : `${use}, ${plural(requests, 'request')}`;
}
