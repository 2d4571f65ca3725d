import { holdersIn } from '../../../src/app/listing/holders.ts';
import { Fault, type FaultCode } from '../../../src/app/ports/fault.ts';
import type { IssuedKey, SecretSighting } from '../../../src/app/ports/ports.ts';
import { purgeSecret } from '../../../src/app/purge/purge.ts';
import { watchLeaks, type WatchPorts } from '../../../src/app/purge/watch-leaks.ts';
import type { ActPorts } from '../../../src/app/rotation/acts/act-input.ts';
import type { Reaching } from '../../../src/app/reach/following.ts';
import { reachSecret } from '../../../src/app/reach/reach-secret.ts';
import { tick, type TickOrder } from '../../../src/app/rotation/tick.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { revive, type Call } from './calls.ts';
import { keyIdOf } from './stored.ts';
import type { Job, Logged } from './world.ts';

/** Where a worker's job stands after the answers it has had: at its next call, or at its end. */
export type Standing = { readonly call: Call } | { readonly did: string } | { readonly fault: string };

const SCOPES = { scopes: [{ project: '1', location: 'global' }], concurrency: 1 };

type Ports = ActPorts & WatchPorts & { readonly reach: Reaching };

/** What each job runs: what ships, for one secret; answers what it came to in a word. */
const JOBS: Readonly<Record<Job, (ports: Ports, order: TickOrder) => Promise<string>>> = {
  tick: async (ports, order) => (await tick(ports, order)).did,
  async purge(ports, { secret, secretPolicy }) {
    const holders = holdersIn(ports, SCOPES);
    const lines = await purgeSecret(ports, secret, { secretPolicy, dryRun: false, urgentOnly: false, holders });
    return lines.map(({ step, outcome }) => `${step} ${outcome}`).join(', ');
  },
  async watch(ports, { secret, secretPolicy }) {
    await watchLeaks(ports, { secret, project: '1', secretPolicy, holders: holdersIn(ports, SCOPES) });
    return 'looked';
  },
  // Where it would sleep it ends: whoever goes on after that looks at everything anew, and remembers nothing.
  reach: ({ vault, clock, reach }, { secret, secretPolicy }) =>
    new Promise((ended, broken) => {
      const sleep = (): Promise<void> => {
        ended('changed');
        return new Promise(() => undefined);
      };
      const done = () => Promise.resolve();
      const ports = { vault, ...reach, clock: { now: clock.now, sleep }, tell: done, pace: done };
      const order = { secret, secretPolicy, project: '1', dryRun: false, again: false, inTime: () => true };
      reachSecret(ports, order).then(() => ended('looked'), broken);
    }),
};

/**
 * Runs the real code over recorded answers up to its next call. It is a function of its answers, so that a worker in
 * the model is nothing but the list of them; the promise of a call that is not answered yet never settles.
 */
export async function replay(job: Job, order: TickOrder, startedAt: number, log: readonly Logged[]): Promise<Standing> {
  return new Promise((reached, broken) => {
    let at = 0;
    let now = startedAt;
    const answer = (call: Call): Promise<unknown> => {
      const logged = log[at];
      at += 1;
      if (logged === undefined) {
        reached({ call: { ...call, args: call.args.map(plain) } });
        return new Promise(() => undefined);
      }
      now = logged.now;
      if (logged.fault !== undefined) return Promise.reject(new Fault(logged.fault as FaultCode, logged.fault));
      return Promise.resolve(revive(call, logged.answer, (text) => new KeyText(text)));
    };
    const port = (name: Call['port'], methods: readonly string[]) =>
      Object.fromEntries(
        methods.map((method) => [method, (...args: readonly unknown[]) => answer({ port: name, method, args })]),
      );
    const listKeys = async function* (...args: readonly unknown[]): AsyncIterable<IssuedKey> {
      yield* (await answer({ port: 'issuer', method: 'list', args })) as IssuedKey[];
    };
    const listSecrets = async function* (...args: readonly unknown[]): AsyncIterable<SecretSighting> {
      yield* (await answer({ port: 'vault', method: 'list', args })) as SecretSighting[];
    };
    const vault = port('vault', ['look', 'commit', 'versions', 'lookVersion', 'read', 'add', 'enable', 'disable']);
    const ports = {
      vault: { ...vault, list: listSecrets },
      issuer: { ...port('issuer', ['mint', 'look', 'keyString', 'delete', 'undelete', 'mark']), list: listKeys },
      prober: port('prober', ['listModels', 'generate']),
      meter: port('meter', ['usage']),
      reach: { ...port('reach', ['roll']), reviser: port('reach', ['look', 'revise']), accounts: [] },
      clock: { now: () => instantOf(now), sleep: () => Promise.resolve() },
      // Whom the purge and the watch tell is a matter of the faults (test/proofs/faults).
      announcer: { announce: () => Promise.resolve() },
    } as unknown as Ports;
    JOBS[job](ports, order).then(
      (did) => reached({ did }),
      (trouble: unknown) => (trouble instanceof Fault ? reached({ fault: trouble.code }) : broken(trouble)),
    );
  });
}

/** Arguments without privacy: the model's keys are their ids. */
function plain(argument: unknown): unknown {
  return argument instanceof KeyText ? keyIdOf(argument.reveal()) : argument;
}
