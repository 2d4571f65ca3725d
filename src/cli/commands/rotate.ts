import { ABORT, RESUME, ROTATE_TO_GIVEN, STATUS } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { type Started, ask, drive, givenUp, rollbackOf, start } from '../../app/rotation/rotate.ts';
import { rehearsalJson } from '../../app/rehearsal/json.ts';
import { rehearse, type Rehearsal } from '../../app/rehearsal/rehearse.ts';
import { examineSupply, type Supply } from '../../app/rotation/supply.ts';
import type { Step, TickOrder } from '../../app/rotation/tick.ts';
import type { Journal } from '../../core/record/journal.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import { redact } from '../../core/key/redact.ts';
import { mintProblem, type MintPolicy } from '../../core/record/mint-policy.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { isBeforePromotion } from '../../core/rotation/rotation.ts';
import { isoOf, plusMs } from '../../core/values/time.ts';
import type { Wire, Wired } from '../../wire.ts';
import { oneSecret, type Target } from './ask.ts';
import { showRehearsal } from '../show/rehearsal.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

export interface RotateOptions extends Target {
  readonly emergency: boolean;
  readonly wait: boolean;
  /** Say what would be done, and write nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
  /** The new key comes on standard input: never as an argument, which others can see. */
  readonly fromStdin: boolean;
  readonly serviceAccount?: string | undefined;
  readonly standard: boolean;
  readonly keyProject?: string | undefined;
  /** Replace a key that other APIs accept too by one for Gemini alone. */
  readonly dropTargets: boolean;
  /** Field of the stored value that holds the key. */
  readonly keyField?: string | undefined;
  readonly clean: boolean;
  /** `bare`: write the key alone. */
  readonly form?: string | undefined;
  /** The version that is replaced, as typed. */
  readonly replace?: string | undefined;
  readonly requestId?: string | undefined;
  /** Why, in the person's own words. */
  readonly reason?: string | undefined;
}

type Code = 0 | 3 | 4 | 5;

/** Begins a rotation, takes it as far as it goes now, and with `--wait` to its end. */
export async function rotate(terminal: Terminal, wire: Wire, options: RotateOptions): Promise<Code> {
  if (options.json && !options.dryRun) throw new Stop(2, '--json shows what a dry run tells: add --dry-run');
  const { emergency, requestId, reason: note } = options;
  if (requestId !== undefined && redact(requestId) !== requestId)
    throw new Stop(2, '--request-id must not hold a key: it is written down');
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const order = orderFor(settings, secret);
  const reason = emergency ? 'leaked' : 'request';
  const supply = options.fromStdin ? await keyFromStdin(terminal, wired, order, emergency) : undefined;
  if (supply !== undefined && 'already' in supply) {
    (options.json ? terminal.err : terminal.out)(`already done  ${secret}: ${supply.already}\n`);
    return 0;
  }
  const supplied = supply?.key;
  const candidate = supplied === undefined ? 'minted' : 'supplied';
  const asked: Asked = { reason, note, candidate, emergency, requestId, mint: mintOf(options), ...valueOf(options) };
  const request = { ...order, asked, supplied };
  if (options.dryRun) return await dryRun(terminal, wired, request, options.json);
  return await begin(terminal, wired, request, options.wait);
}

async function dryRun(
  terminal: Terminal,
  { ports }: Wired,
  order: TickOrder & { readonly asked: Asked },
  json: boolean,
): Promise<Code> {
  const rehearsal = await rehearse(ports, order);
  if (json) terminal.out(`${JSON.stringify(rehearsalJson(rehearsal), null, 2)}\n`);
  else showRehearsal(terminal, rehearsal);
  return rehearsal.missing.length > 0 ? 4 : REHEARSED[rehearsal.outcome];
}

/** The same codes as the rotation itself would end with. */
const REHEARSED = {
  completed: 0,
  finished: 0,
  nothing: 0,
  unsure: 3,
  unmanaged: 4,
  abandoned: 5,
  held: 5,
  busy: 5,
} as const satisfies Record<Rehearsal['outcome'], Code>;

/** The key that was piped in, once it was seen to be good, or word that consumers have it. Stops with the cause otherwise. */
async function keyFromStdin(
  terminal: Terminal,
  { ports }: Wired,
  { secret, secretPolicy }: TickOrder,
  emergency: boolean,
): Promise<Exclude<Supply, { readonly refused: string } | { readonly undecided: string }>> {
  const text = await terminal.input();
  if (text === undefined) throw new Stop(2, `no key came on standard input: ${lineFor(ROTATE_TO_GIVEN, secret)}`);
  const supply = await examineSupply(
    ports,
    secret,
    { bytes: new TextEncoder().encode(text), emergency },
    secretPolicy.checks,
  );
  if ('refused' in supply) throw new Stop(1, `the key is not taken, and nothing was written: ${supply.refused}`);
  if ('undecided' in supply)
    throw new Stop(3, `the key could not be judged, and nothing was written; try again: ${supply.undecided}`);
  return supply;
}

/** Goes back to the key before: at any phase of a rotation, and after its end until the old key is purged. */
export async function rollback(
  terminal: Terminal,
  wire: Wire,
  options: Target & { readonly wait: boolean },
): Promise<Code> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const order = orderFor(settings, secret);
  const noted = await ask(wired.ports.vault, secret, 'rollback');
  if (noted.outcome === 'noted')
    return await finish(terminal, wired, order, asWished(await advance(terminal, wired, order)), options.wait);
  const asked = await rollbackOf(wired.ports.vault, secret);
  if (typeof asked === 'string') throw new Stop(5, `${secret}: ${noted.why}, and ${asked}`);
  return await begin(terminal, wired, { ...order, asked }, options.wait);
}

/** Notes a person's wish and lets the worker take it up at once. */
export async function wish(terminal: Terminal, wire: Wire, wanted: 'resume' | 'abort', options: Target): Promise<Code> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const noted = await ask(wired.ports.vault, secret, wanted);
  if (noted.outcome === 'refused') throw new Stop(5, `${secret}: ${noted.why}`);
  const order = orderFor(settings, secret);
  const journey = await advance(terminal, wired, order);
  return await finish(terminal, wired, order, wanted === 'abort' ? asWished(journey) : journey, false);
}

function orderFor(settings: Settings, secret: string): TickOrder {
  return {
    secret,
    me: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    secretPolicy: settings.secretPolicy,
  };
}

/** What the options say of the new key; journaled with the rotation, so that whoever goes on with it knows. */
function mintOf({ serviceAccount, standard, keyProject, dropTargets, keyField }: RotateOptions): MintPolicy {
  for (const [option, field, value] of [
    ['--service-account', 'keyServiceAccount', serviceAccount],
    ['--key-project', 'keyProject', keyProject],
    ['--key-field', 'keyField', keyField],
  ] as const) {
    const problem = value === undefined ? undefined : mintProblem(field, value);
    if (problem !== undefined) throw new Stop(2, `${option}: ${problem}`);
  }
  return {
    keyServiceAccount: serviceAccount,
    keyProject,
    keyKind: standard ? 'standard' : undefined,
    dropTargets: dropTargets ? 'on' : undefined,
    keyField,
  };
}

/** What the options say of the value around the key: nothing, unless a person wants it changed. */
function valueOf({ clean, form, replace }: RotateOptions): Pick<Asked, 'alone' | 'from'> {
  if (form !== undefined && form !== 'bare')
    throw new Stop(2, `--form: only bare can be asked for, which writes the key alone, not ${form}`);
  if (form !== undefined && clean)
    throw new Stop(2, '--clean or --form: the one keeps what consumers read, the other does not');
  if (replace !== undefined && form === undefined)
    throw new Stop(2, '--replace goes with --form bare: what is written instead must be said');
  if (replace !== undefined && !/^[1-9]\d{0,8}$/.test(replace))
    throw new Stop(2, `--replace: a version is a number such as 3, not ${replace}`);
  const alone = form === 'bare' ? 'bare' : clean ? 'clean' : undefined;
  return { ...(alone === undefined ? {} : { alone }), ...(replace === undefined ? {} : { from: Number(replace) }) };
}

async function begin(
  terminal: Terminal,
  wired: Wired,
  order: TickOrder & { readonly asked: Asked },
  wait: boolean,
): Promise<Code> {
  const failures: string[] = [];
  const started: Started = await start(wired.ports, order, watch(terminal, failures));
  if (started.outcome === 'unmanaged') throw new Stop(4, `${order.secret}: ${started.why}`);
  if (started.outcome === 'busy') {
    const way = isBeforePromotion(started.journal.phase)
      ? `see ${lineFor(STATUS, order.secret)}, or give it up: ${lineFor(ABORT, order.secret)}`
      : `it goes on by itself: ${lineFor(STATUS, order.secret)}`;
    throw new Stop(5, `${order.secret}: ${started.why}; ${way}`);
  }
  if (started.outcome === 'finished') {
    terminal.out(`${started.why} (${started.rotation})\n`);
    return 0;
  }
  if (started.outcome === 'hurried')
    terminal.err(
      '  a rotation was under way, and is an emergency now: its old key goes at once. Is it the new key that leaked, give the command again when it rests\n',
    );
  return finish(terminal, wired, order, { step: started.step, failure: failures.at(-1) }, wait);
}

async function advance(terminal: Terminal, wired: Wired, order: TickOrder): Promise<Journey> {
  const failures: string[] = [];
  const step = await drive(wired.ports, { ...order, asked: undefined }, watch(terminal, failures));
  return { step, failure: failures.at(-1) };
}

/** Giving up is what the person asked for. */
function asWished({ step }: Journey): Journey {
  return { step };
}

/** Where a rotation stands, and why it was given up if that happened on the way. */
interface Journey {
  readonly step: Step;
  readonly failure?: string | undefined;
}

function watch(terminal: Terminal, failures: string[]): (step: Step) => void {
  return (step) => {
    progress(terminal, step);
    const failure = givenUp(step);
    if (failure !== undefined) failures.push(failure);
  };
}

const STOPPED = 'stopped watching; the rotation is on record, and whoever drives rotations goes on with it';
const STOPPED_EARLY =
  'stopped; the key that was supplied was not written yet and is gone with this process: the rotation will be given up, supply it again';

/** A supplied key is in this process only until it is written: whoever goes on without it can only give the rotation up. */
function needsUs({ supplied }: TickOrder, { phase }: Journal): boolean {
  return supplied !== undefined && (phase === 'opened' || phase === 'minted');
}

/** With `--wait`, goes on whenever the rotation may, until a signal; looks at least once a minute, because a person may change its mind. */
async function finish(
  terminal: Terminal,
  wired: Wired,
  order: TickOrder,
  first: Journey,
  wait: boolean,
): Promise<Code> {
  const { clock } = wired.ports;
  let journey = first;
  while (journey.step.did === 'wait' && journey.step.journal.phase !== 'resting') {
    const { step } = journey;
    const ours = needsUs(order, step.journal);
    if (!wait && !ours) break;
    const stopped = terminal.interrupted().then(() => 'stopped' as const);
    const pauseMs = Math.min(Math.max(step.until - clock.now(), 1000), 60_000);
    terminal.err(
      `  waiting until ${isoOf(step.until)}: ${step.why}; next look ${isoOf(plusMs(clock.now(), pauseMs))}\n`,
    );
    if ((await Promise.race([clock.sleep(pauseMs), stopped])) === 'stopped') {
      conclude(terminal, order.secret, journey);
      terminal.err(`  ${ours ? STOPPED_EARLY : STOPPED}\n`);
      return 3;
    }
    journey = await advance(terminal, wired, order);
  }
  return conclude(terminal, order.secret, journey);
}

function conclude(terminal: Terminal, secret: string, { step, failure }: Journey): Code {
  const paint = painter(terminal);
  switch (step.did) {
    case 'rest':
    case 'wait':
      if (step.did === 'wait' && step.journal.phase !== 'resting') {
        terminal.out(`${paint('cyan', 'under way')}  ${secret}: ${step.why}; goes on ${isoOf(step.until)}\n`);
        return 0;
      }
      if (failure === undefined) {
        terminal.out(`${paint('green', 'at rest')}  ${secret}\n`);
        return 0;
      }
      terminal.out(`${paint('red', 'given up')}  ${secret}: ${failure}\n  consumers read what they read before\n`);
      return 5;
    case 'held':
      terminal.out(
        `${paint('red', 'held')}  ${secret}: ${step.why}\n  when that is mended: ${lineFor(RESUME, secret)}\n`,
      );
      return 5;
    case 'moved':
    case 'lost':
      terminal.out(`${paint('yellow', 'interrupted')}  ${secret}\n`);
      return 3;
  }
}

function progress(terminal: Terminal, step: Step): void {
  if (step.did === 'moved' && step.by !== 'lease')
    terminal.err(
      `  ${step.by} → ${step.after.phase}${'to' in step.after && step.after.to !== undefined ? ` (version ${step.after.to})` : ''}\n`,
    );
  if (step.did === 'lost') terminal.err(`  somebody else was quicker; looking again\n`);
}
