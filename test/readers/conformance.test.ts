import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { afterAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { PassThroughClient } from 'google-auth-library';
import { KeyReader } from '../../clients/node/index.js';
import { played, SCENARIOS, type Driver } from './conformance.ts';

const CLIENTS = fileURLToPath(new URL('../../clients/', import.meta.url));
const node = (reader: string): Driver => ({
  command: [process.execPath, 'driver.js', reader],
  cwd: `${CLIENTS}conformance/node`,
});

describe('the reader for Node', () => {
  test('says what to pass where it was given something else', () => {
    const client = new SecretManagerServiceClient({ authClient: new PassThroughClient() });
    expect(() => new KeyReader({ client, secret: 'app' })).toThrow('write projects/PROJECT/secrets/SECRET');
    expect(() => new KeyReader({ client, secret: 'projects/p/secrets/s/versions/1' })).toThrow('without a version');
    const none = {} as typeof client;
    expect(() => new KeyReader({ client: none, secret: 'projects/p/secrets/s' })).toThrow(
      'new SecretManagerServiceClient()',
    );
  });

  test.each(SCENARIOS.map((scenario) => [scenario.title, scenario] as const))('%s', async (_title, scenario) => {
    expect(await played(node('../../node/index.js'), scenario, 'fetch')).toEqual([]);
  });
});

/** A reader without one of its rules, and the story that must find it. */
const PLANTED: readonly (readonly [lacks: string, is: string, becomes: string, story: RegExp])[] = [
  [
    'one access for all who wait',
    'this.#reading ??= this.#access()',
    'this.#reading = this.#access()',
    /a hundred callers/,
  ],
  [
    'reading behind the answer',
    '= now;\n      this.#read().catch(() => undefined);',
    '= now;\n      await this.#read();',
    /does not wait/,
  ],
  ['the spread', '0.4 * random()', '0.4 * 0.5', /spread by a fifth/],
  ['reading at a refusal', 'await this.#reread(key)', 'undefined', /no caller sees the refusal/],
  [
    'the words of a refusal',
    'return meansTheKey(answer.status, await answer.clone().text())',
    'return true',
    /bad prompts/,
  ],
  ['the pause between refusals', 'asked - this.#rereadAt >= againSeconds', 'true', /at most every thirty seconds/],
  ['the key before', 'this.#before ?? this.#held.key', 'this.#held.key', /stands in for it/],
  ['the memory of a refusal', 'this.#held.refused ? undefined : this.#held.key', 'this.#held.key', /never stands in/],
  ['the growing pause', '2 ** this.#failures', '0', /growing pauses/],
  ['the memory of a failure', 'this.#failed = { error, until };', '', /ever read/],
  ['the characters of a key', '!TOKEN.test(key)', 'false', /no header can carry/],
  ['its silence', 'secret: this.#options.secret,', 'secret: this.#held?.key,', /holds a key/],
];

describe('a reader for Node fails without', () => {
  const folder = mkdtempSync(join(tmpdir(), 'key-reader-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(PLANTED)('%s', async (lacks, is, becomes, story) => {
    const planted = join(folder, lacks.replaceAll(' ', '-'));
    cpSync(`${CLIENTS}node`, planted, { recursive: true });
    const text = readFileSync(join(planted, 'index.js'), 'utf8');
    expect(text.split(is)).toHaveLength(2);
    writeFileSync(join(planted, 'index.js'), text.replace(is, becomes));
    const scenario = SCENARIOS.find(({ title }) => story.test(title));
    expect(scenario).toBeDefined();
    if (scenario !== undefined)
      expect(await played(node(join(planted, 'index.js')), scenario, 'fetch')).not.toEqual([]);
  });
});
