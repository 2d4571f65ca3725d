import { CAUSES, compareSeverity, isCause, newKeyHelps, type Severity } from '../causes/causes.ts';
import { APPROVE_ALL, STATUS_OF_ALL } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import { parseSecretName } from '../google/resource-names.ts';
import { plural } from '../values/plural.ts';
import { isIncidentKeeper } from './channels/incident.ts';
import type { Channel } from './channels/channel.ts';
import type { WardenEvent } from './event/event.ts';
import { runbookAt } from './event/event-about-key.ts';
import { isAboutAll } from './event/event-links.ts';
import type { OneOfMany } from './event/together.ts';
import { HAPPENED } from './headline.ts';
import { routesOf } from './routes.ts';

/**
 * What a channel is told of an event that goes there, of which `isHeard` says what is not silenced. A keeper of incidents gets each by itself, for each has its own end. For people,
 * those of a group that go to the same channel are one message, said by the first of them; `undefined` where another one says it.
 */
export function saidOn(
  channels: readonly Channel[],
  channel: Channel,
  event: WardenEvent,
  isHeard: (one: OneOfMany) => boolean = () => true,
): WardenEvent | undefined {
  const { together, ...data } = event.data;
  const { group } = data;
  if (together === undefined || group === undefined || isIncidentKeeper(channel.kind)) return { ...event, data };
  const isHere = (one: OneOfMany) => routesOf(channels, { time: together.at, data: one }).includes(channel);
  const here = together.of.filter((one) => isHeard(one) && isHere(one));
  const me = together.of[together.mine];
  const at = me === undefined ? -1 : here.indexOf(me);
  if (here.length < 2 || at < 0) return { ...event, data };
  if (at !== 0) return undefined;
  return digestOf(event, group, here, here.length === together.of.length);
}

/** So many secrets are named for each cause, and so many causes in the first line. */
const NAMES_MAX = 8;
const CAUSES_MAX = 3;

/** Several events of one kind as one, for people: how many, of which causes, the worst first, and one command that shows them all. */
function digestOf(event: WardenEvent, group: string, of: readonly OneOfMany[], isAll: boolean): WardenEvent {
  const { data } = event;
  const count = plural(of.length, 'secret');
  // Nobody is to approve what the message does not name.
  const namesMax = data.notice === 'rotation.proposed' ? of.length : NAMES_MAX;
  const causes = [...Map.groupBy(of, subjectOf)];
  const project = common(of.map((one) => one.project));
  const isOver = data.notice === 'key.recovered';
  const titles = causes.map(([cause, some]) => `${titleOf(cause)}${causes.length === 1 ? '' : ` (${some.length})`}`);
  const happened = isOver
    ? 'work again'
    : `${data.notice === 'key.reminder' ? 'still: ' : ''}${fewOf(titles, CAUSES_MAX)}`;
  const isNoUse = !isOver && of.every(({ cause }) => isCause(cause) && newKeyHelps(cause) === 'no');
  const headline = [
    count,
    happened,
    ...(project === undefined ? [] : [project]),
    ...(isNoUse ? ['a new key will not help'] : []),
  ].join(' · ');
  const why = causes.map(([cause, some]) => `${titleOf(cause)}: ${fewOf(some.map(nameOf), namesMax)}`).join('; ');
  const severity = of.map((one) => one.severity).reduce(graver);
  const alike = causes.length === 1 && !isOver ? { meaning: data.meaning, usersFeel: data.usersFeel } : {};
  return {
    ...event,
    // A receiver that drops what it has by its id must not drop it for having more in it.
    id: `${event.id}/${group}`,
    data: {
      notice: data.notice,
      severity,
      gravity: of.map((one) => one.gravity).reduce(graver),
      headline,
      summary: `${headline}: ${fewOf(of.map(nameOf), namesMax)}.`,
      who: `${count}${project === undefined ? '' : ` in ${project}`}`,
      why,
      ...alike,
      since: of.flatMap(({ since }) => since ?? []).toSorted()[0],
      project,
      cause: common(of.map(({ cause }) => cause)),
      ...(isOver ? {} : nextOfAll(event, isAll)),
      runbook: causes.length === 1 ? data.runbook : runbookAt(data.runbook.replace(/#.*/, '')),
      thread: `${event.source}/together/${group}`,
      detail: { secrets: of.flatMap(({ secret }) => secret ?? []) },
      links: data.links?.filter(isAboutAll),
      group,
      together: { at: event.time, mine: 0, of },
    },
  };
}

/** What is asked of people is answered for all by one command, where the message has all of them. */
function nextOfAll({ data: { notice, detail } }: WardenEvent, isAll: boolean): ReturnType<typeof nextOf> {
  const group = detail?.['group'];
  if (notice !== 'rotation.proposed' || !isAll || typeof group !== 'string')
    return nextOf({ do: 'To see them all', command: STATUS_OF_ALL }, {});
  return nextOf({ do: 'If you agree to all of them, as somebody who asked for none', command: APPROVE_ALL }, { group });
}

/** The cause; what is no trouble has none, and says what happens. */
function subjectOf({ cause, notice }: OneOfMany): string {
  return cause ?? HAPPENED[notice];
}

/** A newer release may know a cause that this one does not. */
function titleOf(cause: string): string {
  return isCause(cause) ? CAUSES[cause].title : cause;
}

function nameOf({ secret = '' }: OneOfMany): string {
  return parseSecretName(secret)?.secret ?? secret;
}

/** What all have; `undefined` where they differ. */
function common(words: readonly (string | undefined)[]): string | undefined {
  const [first, ...others] = new Set(words);
  return others.length === 0 ? first : undefined;
}

function fewOf(words: readonly string[], most: number): string {
  const more = words.length - most;
  return more > 0 ? `${words.slice(0, most).join(', ')} and ${more} more` : words.join(', ');
}

function graver(one: Severity, other: Severity): Severity {
  return compareSeverity(one, other) > 0 ? one : other;
}
