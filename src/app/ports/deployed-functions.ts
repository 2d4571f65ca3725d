import type { CalledFunction } from '../../core/settings/function-urls.ts';
import type { JsonRecord } from '../../core/values/json.ts';

/** One call of a function. */
export interface FunctionCall {
  readonly method: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: JsonRecord | undefined;
  /** Who waits no longer than this, in milliseconds. */
  readonly withinMs?: number | undefined;
}

/** What came back; `body` is absent where it was no JSON object: then something in front of the function answered. */
export interface FunctionAnswer {
  readonly status: number;
  readonly body?: JsonRecord | undefined;
}

/** A function that can be called, and whom it will see. */
export interface OpenFunction {
  readonly url: string;
  /** Whom the token speaks for; absent where none is asked for. */
  readonly as?: string | undefined;
  /** One attempt. Rejects with `Fault` where no answer came. */
  ask(call: FunctionCall): Promise<FunctionAnswer>;
}

/** The worker's deployed functions, called as whoever sits at the command line. */
export interface DeployedFunctions {
  /** Gets a token for one function; `undefined` where it is not deployed. Rejects with `Fault` where there is no such token. */
  open(name: CalledFunction): Promise<OpenFunction | undefined>;
}
