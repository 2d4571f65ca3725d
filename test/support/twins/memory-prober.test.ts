import { describe, expect, test } from '@jest/globals';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { memoryProber, WORKING } from './memory-prober.ts';

const GOOD = 'AI' + 'za' + 'g'.repeat(35);
const OTHER = 'AI' + 'za' + 'o'.repeat(35);
const key = (characters: string): KeyText => new KeyText(characters);

describe('the prober in memory', () => {
  test('answers a working key at both depths', async () => {
    const prober = memoryProber(GOOD);
    expect(await prober.listModels(key(GOOD), 1)).toMatchObject({ status: 200, keyKind: 'standard', sentAs: 'header' });
    expect(await prober.generate(key(GOOD), 'models/m')).toMatchObject({ status: 200 });
  });

  test('answers any other key that it is not valid', async () => {
    const answer = await memoryProber(GOOD).listModels(key(OTHER), 1);
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.stringify(answer)).toContain('API_KEY_INVALID');
  });

  test('uses a script up to its last line, which stays', async () => {
    const prober = memoryProber();
    prober.script(GOOD, 'list', { noAnswer: 'timeout', detail: 'no answer in time' }, WORKING.list);
    expect(await prober.listModels(key(GOOD), 1)).toEqual({ noAnswer: 'timeout', detail: 'no answer in time' });
    expect(await prober.listModels(key(GOOD), 1)).toMatchObject({ status: 200 });
    expect(await prober.listModels(key(GOOD), 1)).toMatchObject({ status: 200 });
  });

  test('sends a body that is text as it is', async () => {
    const prober = memoryProber();
    prober.script(GOOD, 'generate', { status: 403, contentType: 'text/html', body: '<html>' });
    expect(await prober.generate(key(GOOD), 'models/m')).toMatchObject({ contentType: 'text/html', body: '<html>' });
  });

  test('keeps every probe on record', async () => {
    const prober = memoryProber(GOOD);
    await prober.listModels(key(GOOD), 1000);
    await prober.generate(key(GOOD), 'models/m');
    expect(prober.probes).toEqual([
      { depth: 'list', key: key(GOOD), pageSize: 1000 },
      { depth: 'generate', key: key(GOOD), model: 'models/m' },
    ]);
  });
});
