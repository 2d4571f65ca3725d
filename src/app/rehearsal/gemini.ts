import type { KeyText } from '../../core/key/key-text.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Meter, Prober } from '../ports/ports.ts';
import { UNMINTED } from './issuer.ts';
import { tellerOf, type TellCall } from './told.ts';

const GENERATED = JSON.stringify({ candidates: [{ finishReason: 'MAX_TOKENS' }] });
const LIST = JSON.stringify({
  models: [{ name: 'models/gemini-flash', supportedGenerationMethods: ['generateContent'] }],
});

/** A prober to which the key that was not minted works; every other key is really probed. */
export function rehearsedProber(real: Prober, tell: TellCall): Prober {
  const works = { sentAs: 'header', keyKind: 'unknown', status: 200, contentType: 'application/json' } as const;
  const told = tellerOf('prober', tell);
  const isNew = (call: keyof Prober, key: KeyText): boolean => {
    const unminted = key.equals(UNMINTED);
    told.read(call, unminted ? 'the new key, taken to work' : 'a key that is there', !unminted);
    return unminted;
  };
  return {
    listModels: async (key, pageSize) =>
      isNew('listModels', key) ? { ...works, body: LIST } : real.listModels(key, pageSize),
    generate: async (key, model) =>
      isNew('generate', key) ? { ...works, body: GENERATED } : real.generate(key, model),
  };
}

/**
 * A meter that asks for what has been when the rehearsal began. From then on nobody is taken to use the key: that is what a drain
 * waits for, and what the old key was used for until now says nothing about it.
 */
export function rehearsedMeter(real: Meter, begun: Instant, tell: TellCall): Meter {
  const told = tellerOf('meter', tell);
  return {
    async usage(project, uid, from, until) {
      told.read('usage', `key ${uid}${until > begun ? ', taken to be unused from now on' : ''}`, true);
      return real.usage(project, uid, from, until < begun ? until : begun);
    },
  };
}
