import type { AttributeFilter } from './filter.ts';

/** A message as a topic took it. */
export interface Message {
  readonly messageId: string;
  readonly publishedAt: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** Base64, as on the wire. */
  readonly data?: string | undefined;
  readonly orderingKey?: string | undefined;
}

/** How a subscription delivers. Durations in milliseconds. */
export interface DeliveryPolicy {
  readonly ackDeadlineMs: number;
  /** What nobody acknowledged for so long is dropped. */
  readonly retentionMs: number;
  readonly ordered: boolean;
  readonly passes: AttributeFilter;
  /** Without one, a refused message comes back at once. */
  readonly backoffMs: readonly [least: number, most: number] | undefined;
  /** Without one, a message is delivered until it is acknowledged. */
  readonly maxAttempts: number | undefined;
}

/** A message on loan to a subscriber. */
export interface Delivery {
  readonly ackId: string;
  readonly message: Message;
  /** Counts from 1. */
  readonly attempt: number;
}

/** The messages of one subscription: loans, deadlines, back-off, order, and giving up. */
export interface Queue {
  add(message: Message, availableAt: number): void;
  /** Lends up to `most` messages that are due. */
  lend(most: number, now: number): readonly Delivery[];
  /** Acknowledges; ids that are unknown or too late are ignored, as Google does. */
  done(ackIds: readonly string[], now: number): void;
  /** Moves the deadline; 0 gives the messages back at once, a nack. */
  extend(ackIds: readonly string[], milliseconds: number, now: number): void;
  /** Takes what was published before `time` for acknowledged. What is acknowledged does not come back. */
  seek(time: number): void;
  /** Takes back what was lent too long, drops what is too old, and hands out what was tried too often. */
  expire(now: number): readonly Delivery[];
  /** Whether a message is still on this loan. */
  isLent(ackId: string, now: number): boolean;
  readonly size: number;
}

interface Kept {
  readonly message: Message;
  dueAt: number;
  attempts: number;
  loan: { readonly ackId: string; until: number } | undefined;
}

export function deliveryQueue(policy: () => DeliveryPolicy): Queue {
  let kept: Kept[] = [];
  let lent = 0;
  const onLoan = (ackIds: readonly string[], now: number): readonly Kept[] =>
    kept.filter(({ loan }) => loan !== undefined && loan.until > now && ackIds.includes(loan.ackId));
  const isSpent = ({ attempts }: Kept): boolean => attempts >= (policy().maxAttempts ?? Infinity);
  const giveBack = (entry: Kept, at: number): void => {
    entry.loan = undefined;
    entry.dueAt = at + backoff(policy().backoffMs, entry.attempts);
  };

  return {
    add(message, availableAt) {
      if (!policy().passes(message.attributes)) return;
      kept.push({ message, dueAt: availableAt, attempts: 0, loan: undefined });
    },
    lend(most, now) {
      const waiting = new Set<string>();
      const deliveries: Delivery[] = [];
      for (const entry of kept) {
        const key = policy().ordered ? (entry.message.orderingKey ?? '') : '';
        const behind = key !== '' && waiting.has(key);
        if (key !== '') waiting.add(key);
        if (behind || entry.loan !== undefined || entry.dueAt > now || isSpent(entry) || deliveries.length >= most)
          continue;
        lent += 1;
        entry.attempts += 1;
        entry.loan = { ackId: `loan-${lent}`, until: now + policy().ackDeadlineMs };
        deliveries.push({ ackId: entry.loan.ackId, message: entry.message, attempt: entry.attempts });
      }
      return deliveries;
    },
    done(ackIds, now) {
      const finished = new Set(onLoan(ackIds, now));
      kept = kept.filter((entry) => !finished.has(entry));
    },
    extend(ackIds, milliseconds, now) {
      for (const entry of onLoan(ackIds, now)) {
        if (milliseconds === 0) giveBack(entry, now);
        else if (entry.loan !== undefined) entry.loan.until = now + milliseconds;
      }
    },
    seek(time) {
      kept = kept.filter(({ message }) => message.publishedAt >= time);
    },
    expire(now) {
      kept = kept.filter(({ message }) => now - message.publishedAt < policy().retentionMs);
      for (const entry of kept) {
        if (entry.loan !== undefined && entry.loan.until <= now) giveBack(entry, entry.loan.until);
      }
      const spent = kept.filter((entry) => entry.loan === undefined && isSpent(entry));
      kept = kept.filter((entry) => !spent.includes(entry));
      return spent.map(({ message, attempts }) => ({ ackId: '', message, attempt: attempts }));
    },
    isLent: (ackId, now) => onLoan([ackId], now).length > 0,
    get size() {
      return kept.length;
    },
  };
}

function backoff(range: readonly [least: number, most: number] | undefined, attempts: number): number {
  if (range === undefined) return 0;
  const [least, most] = range;
  return Math.min(least * 2 ** (attempts - 1), most);
}
