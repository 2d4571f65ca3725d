import { lacksGemini, allowedApis, type AllowedApis } from '../../core/google/key-restrictions.ts';
import { holdsKey } from '../../core/key/stored-form.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { IssuedKey, Issuer } from '../ports/ports.ts';
import { remembered } from './remembered.ts';

/** A key that Google refuses for its restrictions, and where to look for it. */
export interface BlockedKey {
  /** What is stored: the key stands somewhere in it. */
  readonly bytes: Uint8Array;
  /** The project that owns it, as far as is known. */
  readonly project: string;
  /** Its name at the issuer, where a rotation left it on record. */
  readonly keyName?: string | undefined;
}

/** What the issuer says the key may call, or why that was not seen: then no command may replace its list. */
export type SeenApis = { readonly keyName: string; readonly apis: AllowedApis } | { readonly notSeen: string };

/**
 * Looks keys up at their issuer, who is asked no question twice. The issuer's own look-up would put the key into a URL, so
 * keys are told by comparing, and only those are read whose list lacks the Gemini API.
 */
export function apisAtIssuer(issuer: Pick<Issuer, 'list' | 'keyString'>): (key: BlockedKey) => Promise<SeenApis> {
  const lists = new Map<string, Promise<readonly IssuedKey[]>>();
  const texts = new Map<string, Promise<KeyText>>();
  const listed = (project: string): Promise<readonly IssuedKey[]> =>
    remembered(lists, project, () => Array.fromAsync(issuer.list(project, false)));
  const keyString = (name: string): Promise<KeyText> => remembered(texts, name, () => issuer.keyString(name));

  return async ({ bytes, project, keyName }) => {
    const seen = await attempt(async (): Promise<SeenApis> => {
      const keys = await listed(project);
      const onRecord = keys.filter(({ name }) => name === keyName);
      const others = keys.filter(({ name, restrictions }) => name !== keyName && lacksGemini(restrictions));
      for (const { name, restrictions } of [...onRecord, ...others])
        if (holdsKey(bytes, await keyString(name))) return { keyName: name, apis: allowedApis(restrictions) };
      return { notSeen: `of the keys in project ${project} that lack the Gemini API, none is this one` };
    });
    return seen instanceof Fault ? { notSeen: seen.message } : seen;
  };
}
