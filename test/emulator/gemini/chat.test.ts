import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
  await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
});
afterAll(() => cloud.close());

const MESSAGES = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Say hello.' },
];
const chat = (body: object) =>
  cloud.ask('POST', '/v1beta/openai/chat/completions', {
    headers: { authorization: `Bearer ${STANDARD}` },
    body: { model: 'gemini-2.5-flash', messages: MESSAGES, ...body },
  });

describe('a chat completion', () => {
  test('says how many tokens were used', async () => {
    expect((await chat({ temperature: 0.5 })).json()).toMatchObject({
      object: 'chat.completion',
      created: expect.any(Number),
      choices: [{ finish_reason: 'stop', message: { content: 'Hello from the pretend cloud.' } }],
      usage: { prompt_tokens: 6, completion_tokens: 8, total_tokens: 14 },
    });
  });

  test.each([{ max_tokens: 1 }, { max_completion_tokens: 1 }])('of one token is cut: %j', async (limit) => {
    expect((await chat(limit)).json()).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 1 },
    });
  });

  test('comes in events that end with [DONE], and with its usage where that is asked for', async () => {
    const events = async (body: object) => {
      const { headers, text } = await chat({ stream: true, ...body });
      expect(headers.get('content-type')).toBe('text/event-stream');
      return text
        .trimEnd()
        .split('\n\n')
        .map((event) => event.replace(/^data: /, ''));
    };
    const plain = await events({});
    expect(plain.at(-1)).toBe('[DONE]');
    const chunks = plain.slice(0, -1).map((event) => JSON.parse(event));
    expect(chunks.map(({ object }) => object)).toEqual(Array(3).fill('chat.completion.chunk'));
    expect(chunks.map(({ choices }) => choices[0].delta.content).join('')).toBe('Hello from the pretend cloud.');
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    const counted = await events({ stream_options: { include_usage: true } });
    expect(JSON.parse(counted.at(-2) ?? '')).toMatchObject({ choices: [], usage: { total_tokens: 14 } });
  });

  test('takes content in parts', async () => {
    expect((await chat({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] })).status).toBe(200);
  });

  test.each([
    [{ messages: [] }, 'contents is not specified'],
    [{ messages: undefined }, 'contents is not specified'],
    [{ messages: [{ role: 'user', content: '' }] }, 'contents is not specified'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 'Please use a valid role'],
    [{ messages: 'hello' }, 'ChatMessage'],
    [{ max_tokens: 'many' }, 'TYPE_INT32'],
    [{ surprise: 1 }, 'Unknown name'],
  ])('is refused in an array with %j', async (body, message) => {
    expect((await chat(body)).json()).toMatchObject([
      { error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) } },
    ]);
  });
});
