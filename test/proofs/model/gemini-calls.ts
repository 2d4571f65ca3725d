import type { Answer } from '../../../src/core/classify/answer.ts';
import type { Effect } from './calls.ts';
import { OLD_KEY, type World } from './world.ts';

/** Asks for the models with a key. */
export function listModels(world: World, key: string): Effect {
  const models = [{ name: 'models/gemini-9-flash', supportedGenerationMethods: ['generateContent'] }];
  return { world: withRefusal(world, key), answer: probe(world, key, { models }) };
}

/** Has a key generate, which proves it (I3), and the versions in which it was read back (I2). */
export function generate(world: World, key: string): Effect {
  const answer = probe(world, key, { candidates: [{ finishReason: 'MAX_TOKENS' }] });
  if (answer.status !== 200) return { world: withRefusal(world, key), answer };
  const provenKeys = world.provenKeys.includes(key) ? world.provenKeys : [...world.provenKeys, key].toSorted();
  const now = world.versions
    .filter((version) => version.key === key && world.readBack.includes(version.number))
    .map(({ number }) => number);
  const proven = [...new Set([...world.proven, ...now])].toSorted();
  return { world: { ...withRefusal(world, key), provenKeys, proven }, answer };
}

/** Keys that are neither at the issuer nor a person's do not work; deleted ones go on for as long as the world says. */
function works({ keys, badMints, lingerMs = 0, now }: World, key: string): boolean {
  const issued = keys.find(({ id }) => id === key);
  if (issued === undefined) return key !== OLD_KEY;
  const isGone = issued.deletedAt !== undefined && now - issued.deletedAt >= lingerMs;
  return !isGone && !(badMints && issued.rotation !== undefined);
}

/** Since when everybody who asked for the old key was refused (I18). */
function withRefusal(world: World, key: string): World {
  if (key !== OLD_KEY) return world;
  const { refusedSince = world.now, ...others } = world;
  return works(world, key) ? others : { ...others, refusedSince };
}

function probe(world: World, key: string, body: unknown): Answer {
  const common = { sentAs: 'header', keyKind: 'auth', contentType: 'application/json' } as const;
  if (works(world, key)) return { ...common, status: 200, body: JSON.stringify(body) };
  const refusal = {
    error: {
      code: 400,
      message: 'API Key not found. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ reason: 'API_KEY_INVALID' }],
    },
  };
  return { ...common, status: 400, body: JSON.stringify(refusal) };
}
