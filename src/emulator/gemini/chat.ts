import { ApiError } from '../wire/api-error.ts';
import { NOT_LOOKED_AT } from '../wire/not-served.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { anything, flag, listOf, message, readRoot, smallInteger, text, type Reader } from '../wire/rest/proto-json.ts';
import type { WireReply } from '../wire/rest/wire.ts';
import { tokensOfText } from './tokens.ts';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

const chatMessage = message('ChatMessage', {
  role: text,
  content: anything,
  name: text,
  toolCalls: anything,
  toolCallId: text,
  refusal: text,
});
const chatRequest = message('ChatCompletionsRequest', {
  model: text,
  messages: listOf(chatMessage),
  stream: flag,
  streamOptions: message('StreamOptions', { includeUsage: flag }),
  maxTokens: smallInteger,
  maxCompletionTokens: smallInteger,
  ...Object.fromEntries(
    NOT_LOOKED_AT.ChatCompletionsRequest.map((name): [string, Reader<unknown>] => [name, anything]),
  ),
});

const ANSWER = ['Hello', ' from', ' the pretend cloud.'];

/** What a chat completion is answered, whole or as events; `modelOf` throws for a model that there is not. */
export function chatReply(body: Buffer, now: number, modelOf: (model: string) => unknown): WireReply {
  const asked = readRoot(chatRequest, jsonObjectOf(body));
  const model = (asked.model ?? '').replace(/^models\//, '');
  modelOf(model);
  const { messages = [] } = asked;
  if (messages.length === 0) throw invalid('* GenerateContentRequest.contents: contents is not specified\n');
  if (!messages.every(({ role = '' }) => ROLES.includes(role))) throw invalid('Please use a valid role: user, model.');
  if (!messages.some(({ role, content }) => role !== 'system' && textOf(content) !== ''))
    throw invalid('* GenerateContentRequest.contents: contents is not specified\n');
  const cut = (asked.maxCompletionTokens ?? asked.maxTokens) === 1;
  const said = cut ? ANSWER.slice(0, 1) : ANSWER;
  const prompt = messages.reduce((sum, { content }) => sum + tokensOfText(textOf(content)), 0);
  const completion = cut ? 1 : tokensOfText(said.join(''));
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  const head = { id: 'pretend', created: Math.floor(now / 1000), model };
  const reason = cut ? 'length' : 'stop';
  if (asked.stream !== true) {
    const whole = { role: 'assistant', content: said.join('') };
    const choices = [{ index: 0, finish_reason: reason, message: whole }];
    return { status: 200, body: { ...head, object: 'chat.completion', choices, usage } };
  }
  const chunk = (choices: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
    ...head,
    object: 'chat.completion.chunk',
    choices,
    ...more,
  });
  const chunks = said.map((content, at) =>
    chunk([
      {
        index: 0,
        delta: { role: 'assistant', content },
        ...(at === said.length - 1 && { finish_reason: reason }),
      },
    ]),
  );
  const last = asked.streamOptions?.includeUsage === true ? [chunk([], { usage })] : [];
  const events = [...chunks, ...last].map((event) => JSON.stringify(event));
  const frames = [...events, '[DONE]'].map((event) => `data: ${event}\n\n`).join('');
  return { status: 200, body: frames, contentType: 'text/event-stream' };
}

/** A message's text, whether it stands alone or in parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part: unknown) => JSON.stringify(part)).join('') : '';
}

function invalid(reason: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', reason);
}
