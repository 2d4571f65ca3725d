import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { detailOf } from '../../src/cli/show/detail.ts';
import { plainLog } from '../../src/cli/show/plain-log.ts';
import { instantOf } from '../../src/core/values/time.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { silentProgram } from '../papers/program.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';

/** Commands that say nothing on the way which could be left out. */
const NOT_QUIET: Readonly<Record<string, string>> = {
  explain: 'it prints an answer',
  runbook: 'it prints a section',
  emulator: 'it prints its address, and beside it how to reach it',
  drill: 'its timeline is what was asked for',
  demo: 'it is a show',
  completion: 'it prints a script',
  version: 'it prints a word',
  'config show': 'it makes no call',
  consumers: 'it prints an answer',
  get: 'it prints a key and nothing else',
  exec: 'what its command prints is the command’s own, and it speaks only of trouble',
};

/** Commands that keep nothing back which somebody could want besides. */
const NOT_VERBOSE: Readonly<Record<string, string>> = {
  ...NOT_QUIET,
  approve: 'it asks the worker once, and tells what it answers',
  history: 'it tells all that is on record',
  report: 'it tells all that is on record',
  find: 'it names every place',
  inventory: 'it names every key that needs something, and all of them in JSON, CSV and the page',
  doctor: 'it names every place',
  'config pull': 'it names every setting that differs',
};

function without(program: Command, option: string, excused: Readonly<Record<string, string>>): readonly string[] {
  const leaves = program.commands.flatMap((one) =>
    one.commands.length === 0
      ? [[one.name(), one] as const]
      : one.commands.map((under) => [`${one.name()} ${under.name()}`, under] as const),
  );
  return leaves.flatMap(([name, one]) =>
    one.options.some(({ long }) => long === option) === name in excused ? [name] : [],
  );
}

test('every command can be quiet and verbose, or it is said why that would mean nothing', () => {
  expect(without(silentProgram(), '--quiet', NOT_QUIET)).toEqual([]);
  expect(without(silentProgram(), '--verbose', NOT_VERBOSE)).toEqual([]);
  const planted = silentProgram();
  planted.command('mumble');
  expect(without(planted, '--quiet', NOT_QUIET)).toEqual(['mumble']);
});

test('the short options say the same', () => {
  expect([detailOf(['check', '-q']), detailOf(['check', '-v']), detailOf(['check'])]).toEqual([
    'quiet',
    'verbose',
    'usual',
  ]);
});

test('a log for a person is what should be read, and everything with --verbose', () => {
  const told = (detail: 'usual' | 'verbose') => {
    const lines: string[] = [];
    const log = plainLog({ colour: false, err: (text) => lines.push(text) }, detail);
    log.write('NOTICE', 'begun');
    log.write('WARNING', 'not well');
    return lines;
  };
  expect(told('usual')).toEqual(['  warning  not well\n']);
  expect(told('verbose')).toEqual(['  notice  begun\n', '  warning  not well\n']);
});

describe('a rotation', () => {
  let cloud: PretendCloud;
  beforeAll(async () => {
    cloud = await pretendCloud({ base: () => Date.UTC(2026, 10, 24, 9), propagation: { newKeyMs: 0 } });
    setUpShowcase(cloud);
  });
  afterAll(() => cloud.close());

  test('that is quiet says how it ended and nothing else', async () => {
    const { code, out, err } = await run(['rotate', 'search-app', '--quiet'], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT },
      clock: { now: () => instantOf(cloud.clock.now()), sleep: (ms) => cloud.advance(ms) },
    });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^under way/) });
    expect(err.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
  });
});
