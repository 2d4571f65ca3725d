import { describe, expect, test } from '@jest/globals';
import { examineSupply } from '../../src/app/supply.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, stage, STANDARD_KEY } from './stage.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function supplied(text: string, current: number | null = 1) {
  const on = stage();
  const name = await on.secret('app-key', [STANDARD_KEY], { current });
  const supply = await examineSupply(on.ports, name, bytes(text), ORDER.care.checks);
  return { ...on, supply };
}

describe('a supplied key', () => {
  test('that works is taken', async () => {
    const { supply, prober } = await supplied(GOOD_KEY);
    expect('key' in supply && supply.key.reveal()).toBe(GOOD_KEY);
    expect(prober.probes.map(({ depth }) => depth)).toEqual(['list', 'generate']);
  });

  test.each([
    ['empty', '', 'the value is empty or only white space'],
    ['with a newline', `${GOOD_KEY}\n`, 'it ends in a newline'],
    ['that consumers read already', STANDARD_KEY, 'consumers read already (version 1)'],
    ['that is dead', DEAD_KEY, 'Google does not know this key: API key not valid'],
  ])('%s is refused with the cause, and nothing is written', async (_, text, why) => {
    const { supply, vault } = await supplied(text);
    expect(supply).toEqual({ refused: expect.stringContaining(why) });
    expect(vault.calls.filter((call) => call === 'add')).toHaveLength(1); // the stage's own
  });

  test('is compared with latest where current was never set', async () => {
    expect((await supplied(STANDARD_KEY, null)).supply).toEqual({
      refused: expect.stringContaining('consumers read already'),
    });
  });

  test('that could not be probed deep is not taken', async () => {
    const on = stage();
    const name = await on.secret('app-key', [STANDARD_KEY]);
    on.prober.script(GOOD_KEY, 'list', {
      status: 200,
      body: { models: [{ name: 'models/text-embedding-1', supportedGenerationMethods: ['embedContent'] }] },
    });
    expect(await examineSupply(on.ports, name, bytes(GOOD_KEY), ORDER.care.checks)).toEqual({
      undecided: 'deep probe skipped: no listed model can generate',
    });
  });

  test('that Google says nothing about now is neither taken nor refused', async () => {
    const on = stage();
    const name = await on.secret('app-key', [STANDARD_KEY]);
    for (const status of [429, 503]) {
      on.prober.script(GOOD_KEY, 'list', { status, body: { error: { code: status, message: 'later' } } });
      expect(await examineSupply(on.ports, name, bytes(GOOD_KEY), ORDER.care.checks)).toEqual({
        undecided: expect.stringContaining('later'),
      });
    }
  });
});
