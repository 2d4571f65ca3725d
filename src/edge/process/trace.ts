/** W3C's header, and Google’s older one; the zero id means that there is none. */
const TRACEPARENT = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-[\da-f]{16}-/;
const CLOUD_TRACE = /^(?!0{32})([\da-f]{32})(?:[/;]|$)/;

/** The trace that a call belongs to, as log entries name it; `undefined` for a call without one. */
export function traceOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  project: string,
): string | undefined {
  const header = (name: string, form: RegExp) => form.exec(String(headers[name] ?? ''))?.[1];
  const id = header('traceparent', TRACEPARENT) ?? header('x-cloud-trace-context', CLOUD_TRACE);
  return id === undefined ? undefined : `projects/${project}/traces/${id}`;
}
