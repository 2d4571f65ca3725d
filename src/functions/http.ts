import type { Request, Response } from '@google-cloud/functions-framework';
import { attempt, Fault, type FaultCode } from '../app/ports/fault.ts';
import type { Log } from '../app/ports/ports.ts';
import { redact } from '../core/key/redact.ts';
import type { Caller, CallerCheck } from '../edge/process/callers.ts';

/** What a function answers: a body as JSON, or a refusal in words. */
export type Reply =
  | { readonly status: 200 | 202 | 409 | 422; readonly body: object }
  | { readonly status: 400 | 403 | 404 | 409 | 422 | 429 | 500 | 503; readonly why: string };

/** Faults by the status that lets a caller choose rightly between mending, waiting and giving up. */
const FAULT_STATUS: Partial<Record<FaultCode, 400 | 404 | 409 | 500>> = {
  not_found: 404,
  stale: 409,
  invalid: 400,
  denied: 500,
  switched_off: 500,
  unauthenticated: 500,
};

/**
 * A function for callers who are known: 401, 403 or 503 for the others. Outside trouble is answered with its message,
 * which is safe to show, and every refusal leaves a log line.
 */
export function forCallers(
  log: Log,
  callers: CallerCheck,
  answer: (request: Request, caller: Caller) => Promise<Reply>,
) {
  return async (request: Request, response: Response): Promise<void> => {
    const verdict = await callers(request.headers.authorization);
    if (!verdict.allowed) return refuse(log, response, verdict.status, verdict.why);
    const reply = await attempt(() => answer(request, verdict));
    if (reply instanceof Fault) return refuse(log, response, FAULT_STATUS[reply.code] ?? 503, reply.message);
    if ('why' in reply) return refuse(log, response, reply.status, reply.why);
    answered(response, reply.status, reply.body);
  };
}

function refuse(log: Log, response: Response, status: number, why: string): void {
  log.write('WARNING', `call refused with ${status}: ${why}`);
  answered(response, status, { error: { code: status, message: why } });
}

/** An answer may repeat what a caller sent or what stands in an annotation, so it is redacted as it leaves (I9). */
export function answered(response: Response, status: number, body: object): void {
  response
    .status(status)
    .type('json')
    .send(redact(JSON.stringify(body)));
}
