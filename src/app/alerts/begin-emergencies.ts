import { emergencyIn, type LeakEmergency } from '../../core/alerts/leak-emergency.ts';
import type { Holder } from '../../core/alerts/leak-notice.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { DeployedFunctions, FunctionAnswer, OpenFunction } from '../ports/deployed-functions.ts';
import type { Clock } from '../ports/ports.ts';

interface AskPorts {
  readonly clock: Clock;
  readonly functions?: DeployedFunctions | undefined;
}

/** What is asked for, and how far. */
export interface EmergencyOrder {
  /** With more holders than this nothing is asked for; 0 asks for none at all. */
  readonly emergencies: number;
  readonly budgetSeconds: number;
  /** When the report came. */
  readonly since: Instant;
  /** In words, for the record. */
  readonly reason: string;
}

/** The worker does one thing at a time, so whoever finds it busy asks again. */
const PAUSE_MS = 10_000;

/**
 * Asks the worker for an emergency of every version that a rotation replaces, one after the other; answers what became of each
 * holder's, by secret. One key that very many serve is for people to decide on, so then nothing is asked. Nothing is written here.
 */
export async function beginEmergencies(
  { clock, functions }: AskPorts,
  order: EmergencyOrder,
  holders: readonly Holder[],
): Promise<ReadonlyMap<string, LeakEmergency>> {
  const { emergencies, budgetSeconds, since } = order;
  const read = holders.filter(({ readAs }) => readAs.length > 0);
  if (emergencies === 0 || read.length === 0) return new Map();
  const all = (of: readonly Holder[], emergency: LeakEmergency) => of.map(({ secret }) => [secret, emergency] as const);
  const current = read.filter((one) => whyNot(one) === undefined);
  const others = read.flatMap((one) => {
    const why = whyNot(one);
    return why === undefined ? [] : all([one], { is: 'refused', why });
  });
  if (current.length > emergencies) {
    const why = `${current.length} secrets serve the key, and a report may begin ${emergencies} (KEY_WARDEN_LEAK_EMERGENCIES): decide for each`;
    return new Map([...others, ...all(current, { is: 'refused', why })]);
  }
  const rotate = await attempt(async () => functions?.open('rotate'));
  if (rotate instanceof Fault) return new Map([...others, ...all(current, { is: 'unknown', why: rotate.message })]);
  if (rotate === undefined)
    return new Map([...others, ...all(current, { is: 'refused', why: 'the settings do not say where `rotate` is' })]);
  const ends: (readonly [string, LeakEmergency])[] = [];
  const leftMs = (): number => budgetSeconds * 1000 - elapsedMs(since, clock.now());
  for (const holder of current) ends.push([holder.secret, await askedFor(clock, rotate, order, holder, leftMs)]);
  return new Map([...others, ...ends]);
}

/**
 * Only who had the whole key in hand, and one that consumers get by a rotation's own aliases, has anything begun. What is read as `previous`
 * is being replaced already: the worker makes that an emergency.
 */
function whyNot({ readAs, isReplaced }: Holder): string | undefined {
  if (!readAs.includes('current') && !readAs.includes('previous'))
    return 'consumers do not read it as `current`, which is what a rotation replaces';
  return isReplaced === true ? undefined : 'what the report holds is not the whole key that a rotation would replace';
}

async function askedFor(
  clock: Clock,
  rotate: OpenFunction,
  { reason }: EmergencyOrder,
  { secret, version }: Holder,
  leftMs: () => number,
): Promise<LeakEmergency> {
  const body = { secret, mode: 'leaked', version, reason };
  for (;;) {
    const withinMs = leftMs();
    if (withinMs <= 0) return { is: 'unknown', why: 'there was no time left to ask the worker' };
    const answer = await attempt(() => rotate.ask({ method: 'POST', body, withinMs }));
    if (answer instanceof Fault) return { is: 'unknown', why: answer.message };
    if (!isBusy(answer) || leftMs() <= PAUSE_MS) return emergencyIn(answer.status, answer.body);
    await clock.sleep(PAUSE_MS);
  }
}

/** What Cloud Run answers by itself while the one instance is at work. */
function isBusy({ status, body }: FunctionAnswer): boolean {
  return (status === 429 || status === 503) && body === undefined;
}
