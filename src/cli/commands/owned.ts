import { durationMsOf } from '../../core/values/duration.ts';
import { parseInstant, plusMs, type Instant } from '../../core/values/time.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** What somebody may ask for only with an end, a reason and a name, such as a silence. */
interface Owned {
  readonly owner: string;
  readonly reason: string;
  readonly until: Instant;
}

/** An example of each part, and how the whole is called, for whoever left one out. */
interface Asking {
  readonly what: string;
  readonly until: string;
  readonly reason: string;
}

/** The parts together, `$USER` as its owner where none is named. Stops with what is missing, each as an option to type. */
export function ownedBy(
  { environment }: Pick<Terminal, 'environment'>,
  given: {
    readonly until: Instant | undefined;
    readonly reason?: string | undefined;
    readonly owner?: string | undefined;
  },
  asking: Asking,
): Owned {
  const { until, reason } = given;
  const owner = given.owner ?? environment['USER'];
  if (until !== undefined && reason !== undefined && owner !== undefined) return { owner, reason, until };
  const missing = [
    ...(until === undefined ? [`--until ${asking.until}`] : []),
    ...(reason === undefined ? [`--reason "${asking.reason}"`] : []),
    ...(owner === undefined ? ['--owner you@example.com'] : []),
  ];
  throw new Stop(2, `${asking.what} has an end, a reason and an owner; say ${missing.join(' and ')}`);
}

/** The moment that somebody typed, or so long from now on; `undefined` for anything else. */
export function endOf(text: string | undefined, now: Instant): Instant | undefined {
  if (text === undefined) return undefined;
  const ahead = durationMsOf(text);
  return ahead === undefined ? parseInstant(text) : plusMs(now, ahead);
}
