import type { FunctionCall, OpenFunction } from '../../../app/ports/deployed-functions.ts';
import type { CalledFunction } from '../../../core/settings/function-urls.ts';
import type { WhoActs, Wired } from '../../../wire.ts';
import { claimedBy, type Target } from '../ask.ts';
import { aside } from '../../show/detail.ts';
import { saidBehind } from '../../show/layout.ts';
import { Stop, type Terminal } from '../../show/terminal.ts';
import { isRefusal, stopFor, stopForForm, type Codes } from './refusals.ts';

/** The option of every command that writes. */
export interface ByHand {
  /** Break-glass: act from here although a deployment is known. */
  readonly local: boolean;
  /** Nothing is written, so nobody need know by whom it would be. */
  readonly dryRun?: boolean;
}

/** The deployed worker, asked to do what the command line would do by itself without one. */
export interface Worker {
  /** The answer, which has the named form; stops with what the worker refuses, and what to do then. */
  ask<Answer extends { readonly schema: string }>(
    call: FunctionCall,
    schema: Answer['schema'],
    codes?: Codes,
  ): Promise<Answer>;
  /** The same worker with a token that is new: one lives for an hour. */
  again(): Promise<Worker>;
}

/**
 * The worker that does what a command asks for; `undefined` where none is known, or where somebody acts by hand all the same,
 * which is said: his own grants and a name that nobody verified are then what counts. It is said as whom the worker is asked.
 */
export async function workerFor(
  terminal: Terminal,
  wired: Pick<Wired, 'functions' | 'whoActs'>,
  { local, dryRun }: ByHand,
  name: CalledFunction,
): Promise<Worker | undefined> {
  const { functions } = wired;
  if (functions === undefined || local) {
    if (dryRun !== true) aside(terminal, byHandText(terminal, await wired.whoActs(), functions !== undefined));
    return undefined;
  }
  const open = async (): Promise<OpenFunction> => {
    const opened = await functions.open(name);
    if (opened !== undefined) return opened;
    throw new Stop(
      4,
      `the deployment has no function ${name} (KEY_WARDEN_FUNCTIONS): the module deploys it where ${name === 'reach' ? '`rotation.reach_consumers` is 1 or 2' : '`callers` names somebody'}`,
      'with grants of your own it can be done by hand: add --local',
    );
  };
  const opened = await open();
  aside(terminal, saidBehind(terminal, '', `asking the worker: ${name} at ${opened.url}, as ${opened.as}`));
  const workerOf = (there: OpenFunction): Worker => ({
    async ask<Answer extends { readonly schema: string }>(call: FunctionCall, schema: Answer['schema'], codes?: Codes) {
      terminal.progress?.({ doing: `waiting for the worker (${name})` });
      const { status, body } = await there.ask(call);
      if (isRefusal(status) || body === undefined) throw stopFor({ name, ...there }, { status, body }, codes);
      if (body['schema'] !== schema) throw stopForForm(name, body['schema'], schema);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the name and version in `schema` vouch for the form, and it was compared
      return body as unknown as Answer;
    },
    again: async () => workerOf(await open()),
  });
  return workerOf(opened);
}

/** Said before anything is written: by whom, on what, and whether anybody hears of it. */
function byHandText(terminal: Terminal, { as, pretend, isHeard }: WhoActs, isKnown: boolean): string {
  const where = pretend === undefined ? 'Google' : `the pretend cloud at ${pretend}`;
  const who = as === undefined ? '' : `, as ${as}`;
  const recorded = `on record as ${claimedBy(terminal).who} (claimed)`;
  const hand = isKnown ? 'by hand (--local), and the worker is not asked' : 'by hand';
  const unheard = isHeard
    ? ''
    : saidBehind(
        terminal,
        '',
        'nobody else will hear of it: no alert topic is known here (KEY_WARDEN_ALERT_TOPIC, or key-warden config pull)',
      );
  return `${saidBehind(terminal, '', `${hand}: on ${where}${who}; ${recorded}`)}${unheard}`;
}

/** How many calls at once: where rotations are driven there is one instance that does one thing at a time. */
export const WORKERS = 1;

/** The worker takes named secrets, or all that its own settings name: no part of them by project. */
export function wholeFleet({ secret, project, location }: Target): void {
  if (secret !== undefined || (project === undefined && location === undefined)) return;
  throw new Stop(
    2,
    'the worker looks at named secrets, or at all of its own projects',
    'leave --project and --location out, or name secrets with --secret',
  );
}
