import type { InFlight, Journal, Opening, Rest } from '../record/journal.ts';
import { cutsShort } from './drain.ts';
import type { DeadKey } from './dead-key.ts';
import { contestedText, isContested } from './last-current.ts';
import { onceLeaked } from './make-emergency.ts';
import type { LastCurrent } from '../record/last-current.ts';
import { isBeforePromotion, ROTATION, type Cell } from './rotation.ts';
import type { RotationPolicy } from './rotation-policy.ts';
import { DAY_MS, elapsedMs, type Instant } from '../values/time.ts';

/** The newest version of a secret, as far as planning must know it. */
export interface Newest {
  readonly number: number;
  readonly enabled: boolean;
}

/** Everything a decision may depend on: one look at the secret, and what was asked. */
export interface View {
  readonly journal: Journal;
  readonly aliases: Readonly<Record<string, number>>;
  /** Where `current` was left. */
  readonly last?: LastCurrent | undefined;
  /** Looked up at rest only; absent for a secret without versions. */
  readonly newest?: Newest | undefined;
  /** When the key that consumers read was made, or its version where that is not known; looked up at rest only. */
  readonly currentSince?: Instant | undefined;
  /** What the health check found, if another key is the cure: of the key that consumers read now. */
  readonly dead?: DeadKey | undefined;
  /**
   * That consumers cannot use the key which a rotation in flight promoted: it is dead, or its version was disabled or destroyed. Found
   * by a check, or `seen` just now, which needs no second look.
   */
  readonly lost?: 'found' | 'seen' | undefined;
  /** The key that a rotation in flight replaces leaked. */
  readonly isLeak?: boolean | undefined;
  /** Until then a purge may be deleting the key that a rollback asks for. */
  readonly deletingUntil?: Instant | undefined;
  /** What a person or a schedule asked for. */
  readonly asked?: Asked | undefined;
  readonly policy: RotationPolicy;
  /** Who is asking: the holder's name of this worker. */
  readonly me: string;
  readonly now: Instant;
}

interface Waiting {
  readonly do: 'wait';
  readonly until: Instant;
  readonly why: string;
}

/** What may follow at rest. */
type RestDecision =
  { readonly do: 'open'; readonly opening: Opening } | Waiting | { readonly do: 'rest'; readonly why: string };

/**
 * What may follow in flight. `enter` is a commit without an act: a person's wish, or a change that somebody else made;
 * `hurry` is one that makes it an emergency.
 */
type FlightDecision =
  | { readonly do: 'act' }
  | { readonly do: 'lease' }
  | { readonly do: 'enter'; readonly to: Cell; readonly why: string }
  | { readonly do: 'hurry'; readonly hurried: InFlight }
  | Waiting
  | { readonly do: 'held'; readonly why: string };

/** What to do next, with the journal that it was decided on. */
export type Plan = (RestDecision & { readonly journal: Rest }) | (FlightDecision & { readonly journal: InFlight });

/** One reason to decide, with a name that a test and a log can cite. Rules are asked in order; the first that answers wins. */
interface Rule<Seen, Of, Decision> {
  readonly name: string;
  readonly because: string;
  readonly decide: (view: Seen, journal: Of) => Decision | undefined;
}

/** A view of a secret at rest that has a version at all. */
type RestView = View & { readonly newest: Newest };

/** What is asked for; without `from`, the version that consumers read is replaced. */
export type Asked = Omit<Opening, 'from'> & Partial<Pick<Opening, 'from'>>;

/**
 * Where an abort leads; `undefined` where there is nothing that it could stop. Going back stops where it is, and nothing
 * moves; after a promotion it is the way out only for whoever made a third version current.
 */
export function afterAbort({ phase, from, to }: InFlight, current: number | undefined): Cell | undefined {
  if (isBeforePromotion(phase)) return 'abandoned';
  if (phase === 'reverting') return 'resting';
  const elsewhere = current !== undefined && current !== from && current !== to;
  return elsewhere && phase !== 'abandoned' ? 'abandoned' : undefined;
}

/** What happens to a rotation in flight. */
export const FLIGHT_RULES: readonly Rule<View, InFlight, FlightDecision>[] = [
  {
    name: 'lease of another',
    because: 'no etag fences what its holder is doing, so everybody waits, also a person’s wish',
    decide: ({ me, now }, { lease }) =>
      lease !== undefined && lease.holder !== me && lease.until > now
        ? { do: 'wait', until: lease.until, why: `${lease.holder} is at the act ${lease.act}` }
        : undefined,
  },
  {
    name: 'wish',
    because: 'a person decides; before promotion giving up costs nothing, after it only going back undoes it',
    decide: ({ aliases, isLeak }, journal) => {
      const { wish, phase } = journal;
      if (wish === undefined) return undefined;
      const why = `a person asked for ${wish}`;
      if (isBeforePromotion(phase)) return { do: 'enter', to: 'abandoned', why };
      const end = wish === 'abort' ? afterAbort(journal, aliases['current']) : undefined;
      if (end !== undefined) return { do: 'enter', to: end, why };
      const back = wish === 'rollback' && (phase === 'promoted' || phase === 'drained');
      return back && isLeak !== true ? { do: 'enter', to: 'reverting', why } : undefined;
    },
  },
  {
    name: 'held',
    because: 'only a person’s resume goes on',
    decide: (_, { held, why }) => (held ? { do: 'held', why: why ?? 'held by a person' } : undefined),
  },
  {
    name: 'current moved',
    because:
      'I7: whoever moved `current` meant it, and is not undone, unless it is a tool that does it again; a leaked key does not come back',
    decide: ({ aliases, last, isLeak, now }, { phase, from, to }) => {
      const { current } = aliases;
      if (current === undefined || phase === 'abandoned') return undefined;
      if (isBeforePromotion(phase)) {
        return current === from
          ? undefined
          : { do: 'enter', to: 'abandoned', why: `somebody moved current to version ${current}` };
      }
      if (current === to) {
        // Where it was left tells who put it there: going back begins with `current` on the new version, or on the old one.
        if (phase !== 'reverting' || last?.version !== from) return undefined;
        const why = `somebody moved current to version ${to} again while this was going back to version ${from}: to go back, resume; to leave it so, abort`;
        return { do: 'enter', to: 'held', why };
      }
      if (current !== from) {
        const why = `somebody moved current to version ${current}: move it back to ${to} and resume, or leave it so with abort`;
        return { do: 'enter', to: 'held', why };
      }
      const back = `to go on, move it to version ${to} and resume`;
      if (isLeak === true)
        return {
          do: 'enter',
          to: 'held',
          why: `somebody moved current back to version ${from}, whose key leaked and is deleted all the same: ${back}`,
        };
      if (phase === 'reverting') return undefined;
      if (isContested(last, current, now))
        return { do: 'enter', to: 'held', why: `${contestedText(current)}. Then, ${back}; resume alone goes back` };
      return { do: 'enter', to: 'reverting', why: 'somebody moved current back' };
    },
  },
  {
    name: 'never back',
    because: 'a key that leaked while it was being gone back to is not given to consumers again',
    decide: ({ isLeak }, { phase, from, reason }) =>
      isLeak === true && phase === 'reverting'
        ? {
            do: 'enter',
            to: reason === 'rollback' ? 'resting' : 'promoted',
            why: `the key of version ${from} leaked, so nobody goes back to it`,
          }
        : undefined,
  },
  {
    name: 'leaked',
    because: 'a leak that is found on the way does not wait for a backoff or a drain',
    decide: ({ dead }, journal) => {
      const hurried = onceLeaked(journal, dead);
      return hurried === undefined ? undefined : { do: 'hurry', hurried };
    },
  },
  {
    name: 'not yet',
    because: 'backoff, or a drain that takes its time, unless consumers cannot use the new key',
    decide: ({ now, lost }, journal) => {
      const { notBefore, why = 'waiting' } = journal;
      if (notBefore === undefined || notBefore <= now || cutsShort(journal, lost !== undefined, now)) return undefined;
      if (lost === 'seen' && journal.phase === 'promoted') return undefined;
      return { do: 'wait', until: notBefore, why };
    },
  },
  {
    name: 'nothing to mint',
    because: 'a supplied key exists already',
    decide: (_, { phase, candidate }) =>
      phase === 'opened' && candidate === 'supplied'
        ? { do: 'enter', to: ROTATION.opened.done, why: 'the key was supplied' }
        : undefined,
  },
  {
    name: 'lease first',
    because: 'the lease must be on disk before an act that no etag fences',
    decide: ({ me, now, policy }, { phase, lease }) => {
      const { leased, act } = ROTATION[phase];
      if (!leased) return undefined;
      // Half of the lease is for the act; what is left makes sure that a late answer still falls inside.
      const fresh =
        lease !== undefined &&
        lease.holder === me &&
        lease.act === act &&
        elapsedMs(now, lease.until) > policy.leaseSeconds * 500;
      return fresh ? undefined : { do: 'lease' };
    },
  },
];

/** What happens to a secret at rest. */
export const REST_RULES: readonly Rule<RestView, Rest, RestDecision>[] = [
  {
    name: 'being deleted',
    because: 'a purge that began to delete the key may not have ended, and no etag fences the issuer',
    decide: ({ deletingUntil, now }) =>
      deletingUntil !== undefined && deletingUntil > now
        ? { do: 'wait', until: deletingUntil, why: 'a purge may be deleting the old key right now' }
        : undefined,
  },
  {
    name: 'asked',
    because: 'whoever asks does not wait for a backoff',
    decide: (view) => (view.asked === undefined ? undefined : begin(view, view.asked)),
  },
  {
    name: 'backoff',
    because: 'a rotation that failed is not tried for ever',
    decide: ({ now }, { notBefore, failures }) =>
      notBefore !== undefined && notBefore > now
        ? {
            do: 'wait',
            until: notBefore,
            why:
              failures === 0
                ? 'somebody went back to the earlier key'
                : failures === 1
                  ? 'the last rotation was abandoned'
                  : `${failures} rotations were abandoned in a row`,
          }
        : undefined,
  },
  {
    name: 'added',
    because: 'a version above `current` is what somebody wants to be current: it is proven first',
    decide: (view, { passedOver }) => {
      const { current } = view.aliases;
      if (current === undefined) return undefined;
      const { number, enabled } = view.newest;
      if (!enabled || number <= current || passedOver.includes(number)) return undefined;
      return begin(view, { reason: 'added', candidate: 'adopted', emergency: false, to: number });
    },
  },
  {
    name: 'dead',
    because: 'every minute with a dead key is an outage, where the policy lets the worker end it by itself',
    decide: (view) => {
      const { dead, policy } = view;
      if (dead === undefined || policy.rotateWhenDead === 0) return undefined;
      return begin(view, { reason: dead, candidate: 'minted', emergency: dead === 'leaked' });
    },
  },
  {
    name: 'due',
    because: 'Secret Manager’s schedule and unusual use say so once, so what could not begin then begins when it may',
    decide: (view, { due }) => {
      if (due === undefined || due.reason === 'age') return undefined;
      const planned = { candidate: 'minted', emergency: false } as const;
      if (due.reason === 'schedule')
        return begin(view, { ...planned, reason: 'schedule', requestId: scheduleRequest(due.since) });
      if (view.policy.rotateWhenUnusual === 0) return undefined;
      return begin(view, { ...planned, reason: 'request', note: UNUSUAL, requestId: `use-${due.since}` });
    },
  },
  {
    name: 'age',
    because: 'a key that is old is a key that more people have seen',
    decide: (view) => {
      const { maxAgeDays } = view.policy;
      if (maxAgeDays === 0 || view.currentSince === undefined) return undefined;
      if (elapsedMs(view.currentSince, view.now) < maxAgeDays * DAY_MS) return undefined;
      return begin(view, { reason: 'age', candidate: 'minted', emergency: false });
    },
  },
];

/** What a rotation that unusual use asked for has on record as its reason in words. */
const UNUSUAL = 'its key was used as never before';

/** The request of Secret Manager’s schedule: however often it is delivered, it is one. */
export function scheduleRequest(at: Instant): string {
  return `schedule-${at}`;
}

function begin({ aliases, newest }: RestView, asked: Asked): RestDecision {
  return { do: 'open', opening: { from: aliases['current'] ?? newest.number, ...asked } };
}

/** The one thing to do next about a secret: in flight the act of the phase, at rest nothing, unless a rule says otherwise. */
export function plan(view: View): Plan {
  const { journal, newest } = view;
  if (journal.phase !== 'resting') return { ...(decided(FLIGHT_RULES, view, journal) ?? { do: 'act' }), journal };
  if (newest === undefined) return { do: 'rest', why: 'the secret has no version', journal };
  return { ...(decided(REST_RULES, { ...view, newest }, journal) ?? { do: 'rest', why: 'nothing is due' }), journal };
}

function decided<Seen, Of, Decision>(
  rules: readonly Rule<Seen, Of, Decision>[],
  view: Seen,
  journal: Of,
): Decision | undefined {
  for (const { decide } of rules) {
    const found = decide(view, journal);
    if (found !== undefined) return found;
  }
  return undefined;
}
