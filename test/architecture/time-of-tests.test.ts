import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const TESTS = new URL('../', import.meta.url);
const OWN = 'support/cloud.ts';
const FROM_THE_SERVER = /import (?!type)\{[^}]*\bstartPretendCloud\b[^}]*\} from '[^']*server\/server\.ts'/;

/** Tests that start a pretend cloud on the machine's clock, and so may fail at one hour of the day. */
function onMachineTime(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, source]) => (path !== OWN && FROM_THE_SERVER.test(source) ? [path] : []));
}

describe('a pretend cloud in a test', () => {
  test('has a time of its own, which the one door to it sees to', () => {
    const paths = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const files = new Map(paths.map((path) => [path, readFileSync(new URL(path, TESTS), 'utf8')]));
    expect(FROM_THE_SERVER.test(files.get(OWN) ?? '')).toBe(true);
    expect(onMachineTime(files)).toEqual([]);
  });

  test('is found where it is started on the time of the machine', () => {
    const planted = `import { ${'startPretendCloud'}, type PretendCloud } from '../src/emulator/server/server.ts';`;
    expect(onMachineTime(new Map([['wire.test.ts', planted]]))).toEqual(['wire.test.ts']);
  });
});
