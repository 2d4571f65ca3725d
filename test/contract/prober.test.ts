import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Prober } from '../../src/app/ports/ports.ts';
import { isRecord, parseRecord } from '../../src/core/values/json.ts';
import { KeyText } from '../../src/core/key/key-text.ts';
import { geminiProber } from '../../src/edge/gemini/gemini.ts';
import { memoryProber } from '../support/twins/memory-prober.ts';
import { pretendCloud } from '../support/cloud.ts';

const WORKS = 'AI' + 'za' + 'w'.repeat(35);
const UNKNOWN = 'AI' + 'za' + 'u'.repeat(35);

interface ProberWorld {
  readonly prober: Prober;
  close(): Promise<void>;
}

function memoryWorld(): Promise<ProberWorld> {
  return Promise.resolve({ prober: memoryProber(WORKS), close: () => Promise.resolve() });
}

async function pretendWorld(): Promise<ProberWorld> {
  const cloud = await pretendCloud();
  cloud.keyring.put(WORKS, 'works', { project: 'demo-project' }, cloud.clock.now());
  const prober = geminiProber({ url: cloud.url });
  const close = async (): Promise<void> => {
    await prober.close();
    await cloud.close();
  };
  return { prober, close };
}

describe.each([
  ['the twin in memory', memoryWorld],
  ['the Gemini API', pretendWorld],
] as const)('%s keeps the contract of a prober:', (_, open) => {
  let world: ProberWorld;
  beforeEach(async () => {
    world = await open();
  });
  afterEach(() => world.close());

  const modelsIn = (body: string): readonly unknown[] => {
    const models = parseRecord(body)?.['models'];
    return Array.isArray(models) ? models : [];
  };

  test('a working key lists models, as many as the page holds', async () => {
    const answer = await world.prober.listModels(new KeyText(WORKS), 1);
    expect(answer).toMatchObject({ status: 200, sentAs: 'header', keyKind: 'standard' });
    expect(modelsIn('body' in answer ? answer.body : '')).toHaveLength(1);
  });

  test('a working key gets a token from a model of the list', async () => {
    const listed = await world.prober.listModels(new KeyText(WORKS), 1000);
    const able = modelsIn('body' in listed ? listed.body : '').find(
      (model) => isRecord(model) && JSON.stringify(model).includes('"generateContent"'),
    );
    const name = isRecord(able) ? String(able['name']) : '';
    expect(await world.prober.generate(new KeyText(WORKS), name)).toMatchObject({ status: 200 });
  });

  test('an unknown key is refused at both depths with the reason in the body', async () => {
    const listed = await world.prober.listModels(new KeyText(UNKNOWN), 1);
    const generated = await world.prober.generate(new KeyText(UNKNOWN), 'models/gemini-2.5-flash');
    for (const answer of [listed, generated]) {
      expect(answer).toMatchObject({ status: 400 });
      expect(JSON.stringify(answer)).toContain('API_KEY_INVALID');
    }
  });
});
