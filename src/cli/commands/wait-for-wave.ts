import { MIGRATE_BEGIN } from '../../core/causes/commands.ts';
import { shellText } from '../../core/values/command.ts';
import { parseInstant, plusMs, type Instant } from '../../core/values/time.ts';
import { plural } from '../../core/values/plural.ts';
import type { Clock } from '../../app/ports/ports.ts';
import { attempt, Fault } from '../../app/ports/fault.ts';
import type { Terminal } from '../show/terminal.ts';
import type { RotationEnd } from '../show/whereabouts.ts';
import { sayWaiting } from './long-wait.ts';

/** A rotation of a wave that is under way, and how it is looked at, which by hand takes it as far as it goes. */
export interface UnderWay {
  readonly end: RotationEnd;
  look(): Promise<RotationEnd>;
}

const LOOK_MS_MAX = 60_000;

/**
 * Goes on with all rotations of a wave, each whenever it may, until none is under way or somebody leaves. Answers the end of each: one that is
 * left is under way, with 3, and on record. A look that fails ends nothing.
 */
export async function waitForWave(
  terminal: Terminal,
  clock: Clock,
  wave: readonly UnderWay[],
): Promise<readonly RotationEnd[]> {
  const ended: RotationEnd[] = [];
  let pending = wave;
  let said: string | undefined;
  while (pending.length > 0) {
    const now = clock.now();
    const until = earliestOf(pending);
    const pauseMs = Math.min(Math.max((until ?? now) - now, 1000), LOOK_MS_MAX);
    const why = `${plural(pending.length, 'rotation')} of the wave under way`;
    said = sayWaiting(terminal, { until, why, nextLook: plusMs(now, pauseMs) }, said);
    const stopped = terminal.interrupted().then(() => 'stopped' as const);
    if ((await Promise.race([clock.sleep(pauseMs), stopped])) === 'stopped') {
      terminal.err(
        `  stopped watching; all of it is on record, and goes on with: ${shellText(MIGRATE_BEGIN, { account: [] })} --wait\n`,
      );
      return [...ended, ...pending.map(({ end }) => ({ ...end, code: 3 as const }))];
    }
    const left: UnderWay[] = [];
    for (const one of pending) {
      const end = await attempt(() => one.look());
      if (end instanceof Fault) terminal.err(`  ${end.message}\n`);
      if (end instanceof Fault) left.push(one);
      else if (end.outcome === 'under_way') left.push({ ...one, end });
      else ended.push(end);
    }
    pending = left;
  }
  return ended;
}

function earliestOf(pending: readonly UnderWay[]): Instant | undefined {
  const moments = pending.flatMap(({ end: { until } }) => parseInstant(until ?? '') ?? []);
  return moments.toSorted((one, other) => one - other)[0];
}
