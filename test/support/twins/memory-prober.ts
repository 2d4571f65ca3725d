import type { Prober } from '../../../src/app/ports/ports.ts';
import type { Answer, NoAnswer } from '../../../src/core/classify/answer.ts';
import type { KeyText } from '../../../src/core/key/key-text.ts';

/** What a key is answered: how it is sent and its kind are filled in. */
export type Scripted = { readonly status: number; readonly contentType?: string; readonly body?: unknown } | NoAnswer;

/** One probe as it was made; keys are compared with `equals` and never printed. */
export type Probe =
  | { readonly depth: 'list'; readonly key: KeyText; readonly pageSize: number }
  | { readonly depth: 'generate'; readonly key: KeyText; readonly model: string };

/** A `Prober` in memory. Each key has one answer per depth, or a list that is used up to its last entry, which stays. */
export interface MemoryProber extends Prober {
  script(characters: string, depth: Probe['depth'], ...answers: readonly Scripted[]): void;
  readonly probes: readonly Probe[];
}

const LIST_OF_ONE = {
  models: [{ name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['generateContent', 'countTokens'] }],
};

/** What Google answers for a string that is no key. */
const NOT_A_KEY: Scripted = {
  status: 400,
  body: {
    error: {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
      ],
    },
  },
};

/** What a working key is answered at each depth. */
export const WORKING: Readonly<Record<Probe['depth'], Scripted>> = {
  list: { status: 200, body: LIST_OF_ONE },
  generate: { status: 200, body: { candidates: [{ finishReason: 'MAX_TOKENS' }] } },
};

/** `works` are keys that work at both depths; any other key without a script is answered that it is not valid. */
export function memoryProber(...works: readonly string[]): MemoryProber {
  const scripts = new Map<string, Scripted[]>();
  const probes: Probe[] = [];

  const answer = async (key: KeyText, depth: Probe['depth']): Promise<Answer | NoAnswer> => {
    await Promise.resolve();
    const lines = scripts.get(`${depth} ${key.reveal()}`) ?? [];
    const line = (lines.length > 1 ? lines.shift() : lines[0]) ?? NOT_A_KEY;
    if ('noAnswer' in line) return line;
    const { status, contentType = 'application/json; charset=UTF-8', body = '' } = line;
    return {
      sentAs: 'header',
      keyKind: key.kind,
      status,
      contentType,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    };
  };

  const prober = {
    probes,
    script(characters, depth, ...answers) {
      scripts.set(`${depth} ${characters}`, [...answers]);
    },
    listModels(key, pageSize) {
      probes.push({ depth: 'list', key, pageSize });
      return answer(key, 'list');
    },
    generate(key, model) {
      probes.push({ depth: 'generate', key, model });
      return answer(key, 'generate');
    },
  } satisfies MemoryProber;

  for (const characters of works) {
    prober.script(characters, 'list', WORKING.list);
    prober.script(characters, 'generate', WORKING.generate);
  }
  return prober;
}
