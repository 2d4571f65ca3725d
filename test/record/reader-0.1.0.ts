/**
 * How a build of 0.1.0 reads a journal, frozen as it was on 2026-11-29, before records had the number 2. Nothing here is imported
 * from the code, which may change: a word or a field that is added there is not known here.
 */

type Reads = (value: unknown) => boolean;

const text: Reads = (value) => typeof value === 'string';
const flag: Reads = (value) => typeof value === 'boolean';
const count: Reads = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const moment: Reads = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value));
const oneOf =
  (...words: readonly string[]): Reads =>
  (value) =>
    words.some((word) => word === value);
const maybe =
  (reads: Reads): Reads =>
  (value) =>
    value === undefined || reads(value);
const listOf =
  (reads: Reads): Reads =>
  (value) =>
    Array.isArray(value) && value.every(reads);

type Shape = Readonly<Record<string, Reads>>;

/** Fields that are not named are no trouble: a newer release may add some. */
const shaped =
  (shape: Shape): Reads =>
  (value) =>
    isObject(value) && Object.entries(shape).every(([name, reads]) => reads(value[name]));

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const KEY = shaped({ name: text, uid: text });
const REMEMBERED: Shape = { failures: count, notBefore: maybe(moment), passedOver: listOf(count) };
const ACTS = oneOf('open', 'mint', 'write', 'verify', 'promote', 'confirm', 'retire', 'restore', 'discard');

const IN_FLIGHT = shaped({
  phase: oneOf('opened', 'minted', 'written', 'verified', 'promoted', 'drained', 'reverting', 'abandoned'),
  id: text,
  requestId: maybe(text),
  reason: oneOf('request', 'schedule', 'age', 'dead', 'leaked', 'added', 'rollback'),
  note: maybe(text),
  emergency: flag,
  candidate: oneOf('minted', 'supplied', 'adopted'),
  mint: maybe(
    shaped({
      keyProject: maybe(text),
      keyServiceAccount: maybe(text),
      keyKind: maybe(oneOf('auth', 'standard')),
      dropTargets: maybe(oneOf('on', 'off')),
    }),
  ),
  from: count,
  to: maybe(count),
  fromKey: maybe(KEY),
  fromKeyUnknown: maybe(text),
  toKey: maybe(KEY),
  openedAt: moment,
  since: moment,
  promotedAt: maybe(moment),
  lease: maybe(shaped({ holder: text, act: ACTS, until: moment })),
  tries: count,
  notBefore: maybe(moment),
  why: maybe(text),
  drain: maybe(
    shaped({ use: oneOf('idle', 'busy', 'unknown'), requests: maybe(count), at: moment, overdue: maybe(flag) }),
  ),
  held: flag,
  holds: maybe(count),
  wish: maybe(oneOf('abort', 'rollback')),
  rest: shaped(REMEMBERED),
});

/** What that build does about a secret with this journal: it goes on with it, or leaves it as it stands for a person. */
export function takenBy010(journal: string): 'goes on' | 'holds' {
  let value: unknown;
  try {
    value = JSON.parse(journal);
  } catch {
    return 'holds';
  }
  if (!isObject(value) || value['v'] !== 1) return 'holds';
  const reads = value['phase'] === 'resting' ? shaped({ phase: oneOf('resting'), ...REMEMBERED }) : IN_FLIGHT;
  return reads(value) ? 'goes on' : 'holds';
}
