import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify, stripVTControlCharacters } from 'node:util';
import { progressOn, takesLinesBack, type Progress } from '../../../src/cli/show/progress.ts';

/** A screen that keeps what is written, and a second that passes when the test says so. */
function screen(columns = 80): { readonly progress: Progress; second(): Promise<void>; written(): string } {
  let written = '';
  const over: (() => void)[] = [];
  const stream = {
    isTTY: true,
    columns,
    write: (text: string) => {
      written += text;
      return true;
    },
  };
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that the library asks of a screen
    progress: progressOn(stream as unknown as NodeJS.WriteStream, () => new Promise<void>((done) => over.push(done))),
    async second() {
      for (const done of over.splice(0)) done();
      await import('cli-progress');
      await new Promise((done) => setImmediate(done));
    },
    written: () => written,
  };
}

/** Lines in the order in which they stood on the screen. */
const lines = (written: string) =>
  written
    .split('\u001B[1G')
    .map((one) => stripVTControlCharacters(one))
    .filter((one) => one !== '');

test('work that is over within a second is not spoken of', async () => {
  const { progress, second, written } = screen();
  progress({ doing: 'checking secrets', done: 1, of: 280, bad: 0 });
  progress(undefined);
  await second();
  expect(written()).toBe('');
});

test('longer work shows what was seen, of how many, and what is bad so far; then its line is taken back', async () => {
  const { progress, second, written } = screen();
  progress({ doing: 'listing secrets', done: 3 });
  await second();
  expect(lines(written()).at(-1)).toContain('listing secrets: 3');
  progress({ doing: 'checking secrets', done: 140, of: 280, bad: 3 });
  progress(undefined);
  expect(lines(written()).at(-1)).toMatch(/^\[={15}-{15}\] checking secrets: 140 of 280, 3 bad so far$/);
  expect(written()).toMatch(/\[2K$/);
});

test.each([10, 30, 45])('one line fits at %d columns: the bar goes before a word does', async (columns) => {
  const { progress, second, written } = screen(columns);
  progress({ doing: 'checking secrets', done: 140, of: 280, bad: 3 });
  await second();
  progress(undefined);
  expect(lines(written()).filter((line) => line.length >= columns)).toEqual([]);
  expect(lines(written()).at(-1)).toBe('checking secrets: 140 of 280, 3 bad so far'.slice(0, columns - 1));
});

test('signals, the cursor, colours and the wrapping of lines are left as they are', async () => {
  const heard = () => ['SIGINT', 'SIGTERM', 'exit'].map((name) => process.listenerCount(name));
  const before = heard();
  const { progress, second, written } = screen();
  progress({ doing: 'checking secrets', done: 1, of: 2 });
  await second();
  expect(heard()).toEqual(before);
  progress(undefined);
  expect(written()).not.toMatch(/\[\?\d|\[\d+m/);
});

test('the library is found by Node itself, too, which sees less of an old module than the test runner', async () => {
  const script = `
    import { progressOn } from ${JSON.stringify(new URL('../../../src/cli/show/progress.ts', import.meta.url).href)};
    process.stderr.isTTY = true;
    const progress = progressOn(process.stderr, () => Promise.resolve());
    progress({ doing: 'checking secrets', done: 1, of: 2 });
    await import('cli-progress');
    await new Promise((done) => setImmediate(done));
    progress(undefined);`;
  const ran = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(ran.stderr).toContain('checking secrets: 1 of 2');
});

test('no line is taken back in the log of a build server, nor where a terminal cannot', () => {
  expect([{}, { TERM: 'xterm', CI: '' }].map(takesLinesBack)).toEqual([true, true]);
  expect([{ CI: 'true' }, { TERM: 'dumb' }].map(takesLinesBack)).toEqual([false, false]);
});
