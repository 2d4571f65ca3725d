import { groupsOf } from '../../core/alerts/groups.ts';
import type { KeyNotice } from '../../core/alerts/notices/key-notices.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer } from '../ports/ports.ts';

/** Work on one secret that may come to something to tell. */
interface Work<Item, Result> {
  record(item: Item, announcer: Announcer): Promise<Result>;
  /** Whether channels are not told of it. */
  isQuiet(item: Item, notice: KeyNotice): boolean;
}

/**
 * Has every item recorded, and what they tell told together. Each waits with its announcement until all have come so far: nothing of a
 * group is on record as told before all of the group is published, so that whoever dies between leaves all of it to the next run, and
 * a channel that hears of all by the first of them misses none. Where one could not be published, none of its group counts as told.
 */
export async function recordTogether<Item, Result>(
  announcer: Announcer,
  items: readonly Item[],
  width: number,
  work: Work<Item, Result>,
): Promise<readonly (Result | undefined)[]> {
  const all = await inPool(items, width, ALWAYS, (item) => begin(announcer, item, work));
  const begun = all.filter((one) => one !== undefined);
  const waiting = begun.flatMap(({ arrived }) => arrived ?? []);
  const faults = new Map<Arrived<Result>, Fault>();
  for (const group of groupsOf(waiting)) {
    const notices = group.map(({ notice }) => notice);
    const told = await inPool(group, width, ALWAYS, ({ notice }) =>
      attempt(() => (group.length === 1 ? announcer.announce(notice) : announcer.announce(notice, notices))),
    );
    const fault = told.find((one) => one instanceof Fault);
    if (fault !== undefined) for (const one of group) faults.set(one, fault);
  }
  return inPool(begun, width, ALWAYS, async (one) => {
    if (one.arrived === undefined) return one.done;
    one.arrived.open(faults.get(one.arrived));
    return one.arrived.recording;
  });
}

/** Who stands before an announcement, and goes on once it was made for it. */
interface Arrived<Result> {
  readonly notice: KeyNotice;
  readonly isQuiet: boolean;
  readonly recording: Promise<Result>;
  /** It was told, or with a fault it was not. */
  open(fault: Fault | undefined): void;
}

type Begun<Result> = { readonly done: Result; readonly arrived?: undefined } | { readonly arrived: Arrived<Result> };

async function begin<Item, Result>(announcer: Announcer, item: Item, work: Work<Item, Result>): Promise<Begun<Result>> {
  const arrival = Promise.withResolvers<KeyNotice>();
  const passage = Promise.withResolvers<undefined>();
  let isFirst = true;
  const recording = work.record(item, {
    async announce(notice) {
      // What a lost race makes of it is told by itself.
      if (!isFirst || !('finding' in notice)) return announcer.announce(notice);
      isFirst = false;
      arrival.resolve(notice);
      await passage.promise;
    },
  });
  const open = (fault: Fault | undefined) => (fault === undefined ? passage.resolve(undefined) : passage.reject(fault));
  return Promise.race([
    recording.then((done) => ({ done })),
    arrival.promise.then((notice) => ({ arrived: { notice, isQuiet: work.isQuiet(item, notice), recording, open } })),
  ]);
}
