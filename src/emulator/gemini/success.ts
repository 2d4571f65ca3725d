import { ApiError } from '../wire/api-error.ts';
import type { GeminiCall } from './call.ts';
import { MODELS, type Model } from './models.ts';
import type { Request } from '../wire/http.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { PAGE_FIELDS, pageOf } from '../wire/rest/pages.ts';
import { message, readRoot } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import type { WireReply } from '../wire/rest/wire.ts';
import { chatReply } from './chat.ts';
import { promptTokens, tokensOfText } from './tokens.ts';
import { countRequest, generateRequest, type GenerateRequest } from './messages.ts';

const listRequest = message('google.ai.generativelanguage.v1beta.ListModelsRequest', PAGE_FIELDS);
const PAGES = { usual: 50, most: 1000 };
const ROLES = ['user', 'model', 'function', ''];

/** What a key that works is answered. INVALID_ARGUMENT for a bad body, NOT_FOUND for a model that is not listed. */
export function successOf(call: GeminiCall, request: Request, now: number): WireReply {
  switch (call.kind) {
    case 'list': {
      const asked = readRoot(listRequest, queryFields(request.query, ['pageSize', 'pageToken']));
      const { items, ...next } = pageOf(MODELS, asked, PAGES);
      return { status: 200, body: { models: items, ...next } };
    }
    case 'get':
      queryFields(request.query, []);
      return { status: 200, body: modelOf(call, undefined) };
    case 'generate':
      return { status: 200, body: generated(call, checked(call, request)) };
    case 'stream': {
      const body = generated(call, checked(call, request));
      const frames = `data: ${JSON.stringify(body)}\r\n\r\n`;
      const sse = request.query.get('alt') === 'sse';
      return sse ? { status: 200, body: frames, contentType: 'text/event-stream' } : { status: 200, body: [body] };
    }
    case 'count': {
      queryFields(request.query, []);
      const { generateContentRequest: whole, ...alone } = readRoot(countRequest, jsonObjectOf(request.body));
      modelOf(call, 'countTokens');
      const sent = whole ?? alone;
      requireContents(sent, whole === undefined ? 'CountTokensRequest' : 'GenerateContentRequest');
      const totalTokens = promptTokens(sent);
      return {
        status: 200,
        body: { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] },
      };
    }
    case 'openaiList': {
      const data = MODELS.map(({ name }) => ({ id: name, object: 'model', owned_by: 'google' }));
      return { status: 200, body: { object: 'list', data } };
    }
    case 'openaiChat':
      return chatReply(request.body, now, (model) => modelOf({ model, apiVersion: 'v1main' }, 'generateContent'));
  }
}

function modelOf(
  { model = '', apiVersion }: Pick<GeminiCall, 'model' | 'apiVersion'>,
  method: string | undefined,
): Model {
  const found = MODELS.find(({ name }) => name === `models/${model}`);
  if (found !== undefined && (method === undefined || found.supportedGenerationMethods.includes(method))) return found;
  const refusal =
    `models/${model} is not found for API version ${apiVersion}, or is not supported for ` +
    `${method ?? 'GetModel'}. Call ListModels to see the list of available models and their supported methods.`;
  throw new ApiError('NOT_FOUND', refusal);
}

/** The checked body: its own fields first, then the model, as production reports them. */
function checked(call: GeminiCall, request: Request): GenerateRequest {
  queryFields(request.query, []);
  const body = readRoot(generateRequest, jsonObjectOf(request.body));
  modelOf(call, 'generateContent');
  requireContents(body, 'GenerateContentRequest');
  return body;
}

function requireContents({ contents = [] }: GenerateRequest, type: string): void {
  if (contents.length === 0) throw new ApiError('INVALID_ARGUMENT', `* ${type}.contents: contents is not specified\n`);
  contents.forEach(({ parts = [], role = '' }, index) => {
    const where = `* ${type}.contents[${index}].parts`;
    if (parts.length === 0) throw new ApiError('INVALID_ARGUMENT', `${where}: contents.parts must not be empty.\n`);
    if (!ROLES.includes(role)) throw new ApiError('INVALID_ARGUMENT', 'Please use a valid role: user, model.');
  });
}

/** One short candidate; a limit of one token ends it early, as the worker's deep probe asks for. */
function generated(call: GeminiCall, asked: GenerateRequest): JsonObject {
  const cut = asked.generationConfig?.maxOutputTokens === 1;
  const prompt = promptTokens(asked);
  const said = cut ? 'Hello' : 'Hello from the pretend cloud.';
  const answer = cut ? 1 : tokensOfText(said);
  return {
    candidates: [
      {
        content: { parts: [{ text: said }], role: 'model' },
        finishReason: cut ? 'MAX_TOKENS' : 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: prompt,
      candidatesTokenCount: answer,
      totalTokenCount: prompt + answer,
    },
    modelVersion: call.model,
    responseId: 'pretend',
  };
}
