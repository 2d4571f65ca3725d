import { Fault, type FaultCode } from '../../../src/app/ports/fault.ts';
import type { ActPorts } from '../../../src/app/rotation/acts/act-input.ts';
import type { IssuedKey } from '../../../src/app/ports/ports.ts';
import { tick, type Step, type TickOrder } from '../../../src/app/rotation/tick.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { keyIdOf, revive, type Call } from './calls.ts';
import type { Logged } from './world.ts';

/** Where a worker's tick stands after the answers it has had: at its next call, or at its end. */
export type Standing = { readonly call: Call } | { readonly step: Step } | { readonly fault: string };

/**
 * Runs the real tick over recorded answers up to its next call. The tick is a function of its answers, so that a worker
 * in the model is nothing but the list of them; the promise of a call that is not answered yet never settles.
 */
export async function replay(order: TickOrder, startedAt: number, log: readonly Logged[]): Promise<Standing> {
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
    const ports = {
      vault: port('vault', ['look', 'commit', 'versions', 'lookVersion', 'read', 'add', 'enable', 'disable']),
      issuer: { ...port('issuer', ['mint', 'look', 'keyString', 'delete', 'undelete', 'mark']), list: listKeys },
      prober: port('prober', ['listModels', 'generate']),
      meter: port('meter', ['usage']),
      clock: { now: () => instantOf(now), sleep: () => Promise.resolve() },
    } as unknown as ActPorts;
    tick(ports, order).then(
      (step) => reached({ step }),
      (trouble: unknown) => (trouble instanceof Fault ? reached({ fault: trouble.code }) : broken(trouble)),
    );
  });
}

/** Arguments without privacy: the model's keys are their ids. */
function plain(argument: unknown): unknown {
  return argument instanceof KeyText ? keyIdOf(argument.reveal()) : argument;
}
