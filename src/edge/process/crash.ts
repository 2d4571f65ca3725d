import { isRecord } from '../../core/values/json.ts';

const REPORTED = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

/**
 * The fields that make a log entry a bug in Error Reporting, which groups by the stack
 * (docs.cloud.google.com/error-reporting/docs/formatting-error-messages). An error's message may quote what it choked
 * on, a key too (I9), so only its kind and where it happened are told.
 */
export function crashFields(bug: unknown, service: string) {
  const [name, stack] = isRecord(bug) ? [bug['name'], bug['stack']] : [];
  const kind = typeof name === 'string' ? name : typeof bug;
  const frames = String(stack)
    .split('\n')
    .filter((line) => /^ {4}at /.test(line));
  return {
    '@type': REPORTED,
    serviceContext: { service },
    stack_trace: [`${kind}: in ${service}`, ...frames].join('\n'),
  };
}
