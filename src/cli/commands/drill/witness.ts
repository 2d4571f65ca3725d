import type { Instant } from '../../../core/values/time.ts';
import type { Happened } from './happened.ts';
import type { Lived } from './promises.ts';
import type { Consumer, Scenario } from './scenarios.ts';
import type { StoredVersion } from './readers.ts';
import type { Stage, Team } from './stage.ts';

/** Looks at everything between two calls of the worker, and remembers what promises are held against. */
export interface Witness {
  leaked(): void;
  /** What changed since the last look. */
  look(): Promise<readonly Happened[]>;
  /** Whether a channel took word of the leak. */
  wasTold(): boolean;
  /** Whether nothing is left to be done, or nothing without a person. */
  isOver(): Promise<boolean>;
  lived(): Promise<Lived>;
}

/** Checks that run so often may miss two before a person has to know. */
const CHECKS_MISSED = 3;
const TOLD_MINUTES_MIN = 30;

/** Begins with what is there before anything happens. */
export function witnessOf(stage: Stage, scenario: Scenario, { settings }: Team): Witness {
  const refused: Lived['refused'][number][] = [];
  const delivered: Lived['delivered'][number][] = [];
  const notices: Lived['notices'][number][] = [];
  const moves: Lived['moves'][number][] = [];
  const disabledAt = new Map<number, Instant>();
  const had = new Map<Consumer, string>();
  let leakedAt: Instant | undefined;
  let exposed = 0;
  let last: readonly StoredVersion[] = [];

  const watched = (text: string): string => {
    if (stage.cloud.keyring.all().some(({ keyString }) => text.includes(keyString))) exposed += 1;
    return text;
  };
  const consumed = (consumer: Consumer): readonly Happened[] => {
    const at = stage.now();
    const { version, works } = stage.looks(consumer);
    const says = `${consumer.name} gets ${version}, ${works ? 'which works' : 'and is refused'}`;
    if (!works) refused.push({ at, consumer: consumer.name, version });
    const before = had.get(consumer);
    had.set(consumer, says);
    if (before === says) return [];
    if (consumer.reads === 'current' && before !== undefined && !before.includes(`${version},`))
      moves.push({ at, to: version });
    return [{ at, who: 'consumer', what: says }];
  };
  const stored = (): readonly Happened[] => {
    const [before, at] = [last, stage.now()];
    last = stage.versions();
    return last.flatMap(({ number, state }): readonly Happened[] => {
      const was = before.find((one) => one.number === number)?.state;
      if (was === state || before.length === 0) return [];
      if (state !== 'ENABLED' && !disabledAt.has(number)) disabledAt.set(number, at);
      return [
        {
          at,
          who: 'worker',
          what: `version ${number} is ${was === undefined ? 'added' : state.toLowerCase()}`,
        },
      ];
    });
  };
  return {
    leaked: () => (leakedAt = stage.now()),
    async look() {
      const announced = stage.announced().flatMap(({ at, type, text }): readonly Happened[] => {
        watched(text);
        if (type === undefined) return [];
        notices.push({ at, type });
        return [{ at, who: 'worker', what: text }];
      });
      const versions = stored();
      const read = scenario.consumers.flatMap(consumed);
      const sent = (await stage.delivered()).map(({ channel, text }): Happened => {
        watched(text);
        delivered.push({ at: stage.now(), channel });
        return {
          at: stage.now(),
          who: 'channel',
          what: `${channel} takes a message`,
        };
      });
      return [...announced, ...versions, ...read, ...sent];
    },
    wasTold: () => delivered.some(({ at }) => leakedAt !== undefined && at >= leakedAt),
    async isOver() {
      const { rotation, leaks } = await stage.record();
      return (rotation?.phase === 'resting' || rotation?.held === true) && leaks?.length === 0;
    },
    async lived() {
      const { rotation, leaks } = await stage.record();
      const issued = stage.cloud.keyring.all();
      const minted = issued.filter(({ annotations }) => ROTATION_MARK in annotations);
      const kept = new Set(last.map(({ key }) => key));
      return {
        leakedAt,
        refused,
        delivered,
        notices,
        moves,
        versions: last.map(({ number, state, key }) => ({
          number,
          state,
          isKeyDeleted: issued.find(({ keyString }) => keyString === key)?.deletedAt !== undefined,
          disabledAt: disabledAt.get(number),
        })),
        mintedFor: minted.map(({ annotations }) => annotations[ROTATION_MARK] ?? ''),
        orphans: minted.filter(({ keyString, deletedAt }) => deletedAt === undefined && !kept.has(keyString)).length,
        underWay: rotation === undefined || rotation.phase === 'resting' ? undefined : rotation.phase,
        openLeaks: leaks?.length ?? 1,
        exposed,
        drainHoursMin: settings.secretPolicy.rotation.drainHoursMin,
        toldMinutes: Math.max(TOLD_MINUTES_MIN, CHECKS_MISSED * settings.runEveryMinutes),
      };
    },
  };
}

/** The annotation by which a key at the issuer says for which rotation it was made. */
const ROTATION_MARK = 'key-warden-rotation';
