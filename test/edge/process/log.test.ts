import { describe, expect, test } from '@jest/globals';
import { crashFields } from '../../../src/edge/process/crash.ts';
import { structuredLog, type StructuredLog } from '../../../src/edge/process/log.ts';
import { traceOf } from '../../../src/edge/process/trace.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';
const KEY = `AI${'za'}${'x'.repeat(35)}`;

function lines(): { readonly log: StructuredLog; readonly entries: () => readonly Record<string, unknown>[] } {
  const written: string[] = [];
  return { log: structuredLog((line) => written.push(line)), entries: () => written.map((line) => JSON.parse(line)) };
}

describe('a log entry', () => {
  test('is one line of JSON, severity and message first, and what metrics count by as labels', () => {
    const written: string[] = [];
    const log = structuredLog((line) => written.push(line));
    log.write('ERROR', 'two\nlines', { secret: 'projects/1/secrets/a', cause: 'key_leaked', code: 'denied' });
    log.write('INFO', 'plain');
    expect(written).toEqual([
      '{"severity":"ERROR","message":"two\\nlines","code":"denied","logging.googleapis.com/labels":{"secret":"projects/1/secrets/a","cause":"key_leaked"}}\n',
      '{"severity":"INFO","message":"plain"}\n',
    ]);
  });

  test('has only the labels that it has something for', () => {
    const { log, entries } = lines();
    log.write('ERROR', 'x', { cause: 'timeout' });
    expect(entries()[0]?.['logging.googleapis.com/labels']).toEqual({ cause: 'timeout' });
  });

  test('carries the trace of the call it belongs to, however many calls there are at once', async () => {
    const { log, entries } = lines();
    const call = (trace: string) =>
      log.within(trace, async () => {
        await Promise.resolve();
        log.write('INFO', trace);
      });
    await Promise.all([call('one'), call('two')]);
    log.write('INFO', 'none');
    expect(entries().map((entry) => [entry['message'], entry['logging.googleapis.com/trace']])).toEqual([
      ['one', 'one'],
      ['two', 'two'],
      ['none', undefined],
    ]);
  });

  test('I9: is redacted once more as a whole', () => {
    const { log, entries } = lines();
    log.write('INFO', KEY, { secret: KEY, deep: [{ er: KEY }] });
    expect(JSON.stringify(entries())).not.toContain(KEY);
  });
});

describe('the trace of a call', () => {
  test.each([
    [{ traceparent: `00-${ID}-b7ad6b7169203331-01` }, `projects/p/traces/${ID}`],
    [{ 'x-cloud-trace-context': `${ID}/123;o=1` }, `projects/p/traces/${ID}`],
    [{ 'x-cloud-trace-context': ID }, `projects/p/traces/${ID}`],
    [{ traceparent: 'rubbish', 'x-cloud-trace-context': `${ID}/1` }, `projects/p/traces/${ID}`],
    [{}, undefined],
    [{ traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }, undefined],
    [{ 'x-cloud-trace-context': `${ID}0` }, undefined],
  ])('in %j is %s', (headers, trace) => {
    expect(traceOf(headers, 'p')).toBe(trace);
  });
});

describe('a bug as Error Reporting takes it', () => {
  test('I9: is told by its kind and its place, and not by its message, which may quote anything', () => {
    const fields = crashFields(new TypeError(`cannot read ${KEY}\n    and more`), 'healthCheck');
    expect(fields).toMatchObject({
      '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
      serviceContext: { service: 'healthCheck' },
    });
    expect(fields.stack_trace).toMatch(/^TypeError: in healthCheck\n {4}at .*log\.test\.ts/);
    expect(fields.stack_trace).not.toMatch(/cannot read|AIza|and more/);
  });

  test.each([
    [KEY, 'string'],
    [undefined, 'undefined'],
    [{ name: 3 }, 'object'],
  ])('may be anything thrown', (bug, kind) => {
    expect(crashFields(bug, 'notify').stack_trace).toBe(`${kind}: in notify`);
  });
});
