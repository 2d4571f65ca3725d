import type { CloudEvent, Request, Response } from '@google-cloud/functions-framework';
import { Fault } from '../app/ports/fault.ts';
import { redact } from '../core/key/redact.ts';
import { crashFields } from '../edge/process/crash.ts';
import type { StructuredLog } from '../edge/process/log.ts';
import { traceOf } from '../edge/process/trace.ts';
import { answered } from './http.ts';

/** What stands between the framework and a function: nothing that a function throws gets out as it is. */
export interface Guard {
  /** A bug is logged once, for Error Reporting, and answered 500 without a detail; a fault 503 with its message. */
  http(
    name: string,
    work: (request: Request, response: Response) => Promise<void>,
  ): (request: Request, response: Response) => Promise<void>;
  /** Rejects, so that the event comes again, and with no stack: the framework prints it, which would be a second report. */
  event(
    name: string,
    work: (event: CloudEvent<unknown>) => Promise<void>,
  ): (event: CloudEvent<unknown>) => Promise<void>;
}

/** `project` is where traces are kept. */
export function guard(log: StructuredLog, project: string): Guard {
  const crashed = (name: string, bug: unknown): string => {
    const says = `${name} failed because of a bug in it; its log has more`;
    log.write('ERROR', says, crashFields(bug, name));
    return says;
  };
  return {
    http: (name, work) => (request, response) =>
      log.within(traceOf(request.headers, project), async () => {
        try {
          await work(request, response);
        } catch (trouble) {
          const isFault = trouble instanceof Fault;
          if (isFault) log.write('ERROR', `${name} could not be done: ${trouble.message}`, { code: trouble.code });
          const [code, message] = isFault ? [503, trouble.message] : [500, crashed(name, trouble)];
          if (response.headersSent) response.end();
          else answered(response, code, { error: { code, message } });
        }
      }),
    event: (name, work) => async (event) => {
      try {
        await work(event);
      } catch (trouble) {
        throw withoutStack(redact(trouble instanceof Fault ? trouble.message : crashed(name, trouble)));
      }
    },
  };
}

function withoutStack(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}
