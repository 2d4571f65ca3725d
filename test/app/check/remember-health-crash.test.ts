import { describe, expect, test } from '@jest/globals';
import { recordFinding, rememberTrouble } from '../../../src/app/check/remember-health.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import { ORIGIN } from '../../support/notices.ts';
import { findingOf } from '../../support/findings.ts';
import { GOOD_KEY, ORDER, stage } from '../../support/stage.ts';

const policy = { ...ORDER.secretPolicy.checks, goodRunsMin: 2, unclearRunsMax: 2 };

/** A run dies here: nothing catches it, as nothing catches a killed instance. */
const KILLED = new Error('killed');

/** The how manieth effect of all runs kills its run, and whether it still took place. */
interface Death {
  readonly at: number;
  readonly tookPlace: boolean;
}

type Patient = 'key' | 'fleet';

/** Runs one cause after the other, dying where told; answers every event that went out, and how many effects there were. */
async function play(patient: Patient, history: readonly Cause[], deaths: readonly Death[]) {
  const on = stage();
  const name = await on.secret('app-key', [GOOD_KEY]);
  const said: { readonly type: Notice['type']; readonly episode: string; readonly event: string }[] = [];
  let effects = 0;
  const effect = async <Done>(work: () => Promise<Done>): Promise<Done> => {
    effects += 1;
    const death = deaths.find(({ at }) => at === effects);
    if (death?.tookPlace === false) throw KILLED;
    const done = await work();
    if (death !== undefined) throw KILLED;
    return done;
  };
  const ports = {
    ...on.ports,
    vault: {
      ...on.vault,
      commit: (...change: Parameters<typeof on.vault.commit>) => effect(() => on.vault.commit(...change)),
    },
    announcer: {
      announce: (notice: Notice) =>
        effect(() => {
          const { id } = eventOf(notice, { ...ORIGIN, now: on.clock.now() });
          said.push({ type: notice.type, episode: 'episode' in notice ? notice.episode.id : '', event: id });
          return Promise.resolve();
        }),
    },
  };
  for (const cause of history) {
    const sighting = await on.vault.look(name);
    const fleet = { part: 'outage', name: 'outage', diagnosis: diagnosisOf(cause, 'x'), seen: 5 } as const;
    const outage = { type: 'fleet.outage', cause, failing: 4, seen: 5, message: 'x' } as const;
    const recorded =
      patient === 'key'
        ? recordFinding(ports, sighting, findingOf(name, cause), policy)
        : rememberTrouble(ports, sighting, cause === 'ok' ? fleet : { ...fleet, outage }, policy);
    await recorded.catch((reason: unknown) => expect(reason).toBe(KILLED));
    await on.clock.sleep(600_000);
  }
  return { said, effects };
}

const isEnd = (type: Notice['type']) => type === 'key.recovered' || type === 'fleet.recovered';

const CAUSES = ['key_leaked', 'ok', 'timeout'] as const;
const HISTORIES = CAUSES.flatMap((a) => CAUSES.flatMap((b) => CAUSES.map((c) => [a, b, c])));
const WELL: readonly Cause[] = ['ok', 'ok', 'ok', 'ok', 'ok'];

describe.each(['key', 'fleet'] as const)('an incident of a %s, whose runs die at any one or two effects', (patient) => {
  test.each(HISTORIES)('%s, %s, %s, and then well', async (...causes) => {
    const history = [...causes, ...WELL];
    const smooth = await play(patient, history, []);
    const worlds: Death[][] = [[]];
    for (let first = 1; first <= smooth.effects; first += 1) {
      for (const tookPlace of [true, false]) {
        worlds.push([{ at: first, tookPlace }]);
        for (let second = first + 1; second <= smooth.effects + 2; second += 1)
          worlds.push(
            [
              { at: first, tookPlace },
              { at: second, tookPlace: !tookPlace },
            ],
            [
              { at: first, tookPlace },
              { at: second, tookPlace },
            ],
          );
      }
    }
    const wrong: object[] = [];
    for (const deaths of worlds) {
      const { said } = await play(patient, history, deaths);
      const ended = new Set<string>();
      for (const { episode, type } of said) {
        if (isEnd(type)) ended.add(episode);
        else if (ended.has(episode)) wrong.push({ deaths, episode, is: 'told of after its end' });
      }
      for (const { episode } of said) if (!ended.has(episode)) wrong.push({ deaths, episode, is: 'never closed' });
    }
    expect(wrong).toEqual([]);
  });

  test('that stays bad is told of in the end, wherever the first runs die, and always under the same id', async () => {
    const history: readonly Cause[] = Array.from({ length: 5 }, () => 'key_leaked');
    const smooth = await play(patient, history, []);
    expect(smooth.said).toHaveLength(1);
    for (let first = 1; first <= 3; first += 1) {
      for (let second = first + 1; second <= 5; second += 1) {
        for (const tookPlace of [true, false]) {
          const deaths = [first, second].map((at) => ({ at, tookPlace }));
          const { said } = await play(patient, history, deaths);
          expect([deaths, [...new Set(said.map(({ event }) => event))]]).toEqual([
            deaths,
            smooth.said.map(({ event }) => event),
          ]);
        }
      }
    }
  });

  test('costs two writes to open and two to close', async () => {
    const { said, effects } = await play(patient, ['key_leaked', 'key_leaked', 'ok', 'ok', 'ok'], []);
    expect(said.map(({ type }) => isEnd(type))).toEqual([false, true]);
    // besides the announcements, and the write of the first good run
    expect(effects - said.length).toBe(5);
  });
});
