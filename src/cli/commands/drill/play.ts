import { ROTATE_AT_ONCE } from '../../../core/causes/commands.ts';
import { lineFor } from '../../../core/causes/names.ts';
import type { Happened } from './happened.ts';
import { PROMISES, type Promised, type PromiseName } from './promises.ts';
import type { Scenario } from './scenarios.ts';
import { stageOf, type Job, type Stage, type Team } from './stage.ts';
import { witnessOf, type Witness } from './witness.ts';

/** How a promise came out; `broken` says what broke it. */
export interface Kept {
  readonly promise: PromiseName;
  readonly says: string;
  readonly invariants: readonly string[];
  readonly broken?: string | undefined;
}

export interface Played {
  readonly timeline: readonly Happened[];
  readonly promises: readonly Kept[];
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** After something happened the worker is called as its schedule has it; in the quiet hours behind that, each job once an hour. */
const CLOSE_MINUTES = 180;
const RECONCILE_MINUTES = 5;
const PURGE_MINUTES = 360;
/** So long after the longest drain a rotation must be over, one way or the other. */
const AFTER_DRAIN_HOURS = 24;
const KILLED = 'the process is killed in the middle of it';
/** A day like any other. */
const DAY = '2027-03-02';

/** Plays a scenario through with the worker's own code and holds it against its promises; `tell` hears the timeline as it goes. */
export async function played(scenario: Scenario, team: Team, tell: (line: Happened) => void): Promise<Played> {
  const from = Date.parse(`${DAY}T${scenario.from}:00Z`);
  await using stage = await stageOf(team, from);
  const witness = witnessOf(stage, scenario, team);
  const timeline: Happened[] = [];
  const tells = (who: Happened['who'], what: string, at = stage.now()): void => {
    timeline.push({ at, who, what });
    tell({ at, who, what });
  };
  const { runEveryMinutes, secretPolicy } = team.settings;
  const lastsHours = scenario.lastsHours ?? secretPolicy.rotation.drainHoursMax + AFTER_DRAIN_HOURS;
  const story = storyOf(scenario, {
    secretId: team.secretId,
    stage,
    witness,
    tells,
    isAutomatic: secretPolicy.rotation.rotateWhenDead === 1,
  });
  let step = RECONCILE_MINUTES;
  for (let minute = 0; minute <= lastsHours * HOUR_MINUTES; minute += step) {
    await stage.reach(from + minute * MINUTE_MS);
    await story.goesOn(minute);
    for (const job of jobsAt(minute, step, runEveryMinutes))
      if (!(await stage.run(job))) tells('story', 'the worker is killed in the middle of it');
    for (const { at, who, what } of await witness.look()) tells(who, what, at);
    if (!story.isQuiet(minute)) continue;
    if (await witness.isOver()) break;
    step = HOUR_MINUTES;
  }
  const lived = await witness.lived();
  return {
    timeline,
    promises: scenario.promises.map((promise) => {
      const { says, invariants, broken }: Promised = PROMISES[promise];
      return { promise, says, invariants, broken: broken(lived) };
    }),
  };
}

/** What the schedule calls at a minute that is so many minutes after the last one. */
function jobsAt(minute: number, step: number, runEveryMinutes: number): readonly Job[] {
  const every = [
    ['check', runEveryMinutes],
    ['reconcile', RECONCILE_MINUTES],
    ['purge', PURGE_MINUTES],
  ] as const;
  return every.flatMap(([job, minutes]) => (minute % minutes < step ? [job] : []));
}

interface Parts {
  readonly stage: Stage;
  readonly witness: Witness;
  tells(who: Happened['who'], what: string): void;
  /** The worker replaces a leaked key without being asked, so that nobody has to. */
  readonly isAutomatic: boolean;
  readonly secretId: string;
}

/** The plan as their time comes, and the person who is called. */
function storyOf({ plan, onCallMinutes }: Scenario, { stage, witness, tells, isAutomatic, secretId }: Parts) {
  const left = [...plan];
  let stirred = 0;
  let answersAt: number | undefined;
  let isAnswered = onCallMinutes === undefined || isAutomatic;
  return {
    async goesOn(minute: number): Promise<void> {
      for (let next = left[0]; next !== undefined && next.atMinutes <= minute; next = left[0]) {
        left.shift();
        stirred = minute;
        tells('story', next.says);
        if (next.does.is === 'leak') witness.leaked();
        if (!(await stage.does(next.does))) tells('story', KILLED);
      }
      if (isAnswered || !witness.wasTold()) return;
      answersAt ??= minute + (onCallMinutes ?? 0);
      if (minute < answersAt) return;
      isAnswered = true;
      stirred = minute;
      tells('person', `who was called types what the alert says: ${lineFor(ROTATE_AT_ONCE, secretId)}`);
      await stage.rotateAtOnce();
    },
    isQuiet: (minute: number) => left.length === 0 && minute - stirred > CLOSE_MINUTES,
  };
}
