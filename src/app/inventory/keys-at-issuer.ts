import { geminiReach, type GeminiReach } from '../../core/google/key-restrictions.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { KEY_READS_A_MINUTE, NO_TIME, paceOf } from '../listing/pace.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { plural } from '../../core/values/plural.ts';
import { stableShuffle } from '../../core/values/stable-shuffle.ts';
import { dayOf } from '../../core/values/time.ts';
import { attempt, Fault, isBarred } from '../ports/fault.ts';
import type { Clock, IssuedKey, Issuer } from '../ports/ports.ts';

/** A key that reaches the Gemini API, with its characters in memory alone, or why they were not read. */
export interface KeyAtIssuer {
  readonly record: IssuedKey;
  /** The project as it was asked for. */
  readonly project: string;
  readonly reach: GeminiReach;
  readonly text: KeyText | { readonly notRead: string };
}

/** The keys of some projects, what could not be seen of them, and what that cost. */
export interface KeysAtIssuer {
  readonly keys: readonly KeyAtIssuer[];
  readonly unlisted: readonly Unlisted[];
  readonly notLooked: readonly string[];
  readonly barred: boolean;
  /** Projects that were listed, and key strings that were asked for. */
  readonly lists: number;
  readonly keyStrings: number;
}

/** A project whose keys were not listed to the end. */
export interface Unlisted {
  readonly project: string;
  readonly why: string;
}

export interface KeysOrder {
  readonly projects: readonly string[];
  /** The projects of the settings: no key string of another one is read. */
  readonly keyProjects: readonly string[];
  readonly concurrency: number;
  /** Whether there is time to look further; always, for a person who waits. */
  readonly mayGoOn?: (() => boolean) | undefined;
}

/** Looks through the keys of projects at their issuer, and reads only those that can reach the Gemini API, a few a second. */
export async function keysAtIssuer(
  { issuer, clock }: { readonly issuer: Pick<Issuer, 'list' | 'keyString'>; readonly clock: Clock },
  { projects, keyProjects, concurrency, mayGoOn = ALWAYS }: KeysOrder,
): Promise<KeysAtIssuer> {
  const found = new Map<string, Omit<KeyAtIssuer, 'text'>>();
  const troubles: Fault[] = [];
  const unlisted: Unlisted[] = [];
  const notLooked: string[] = [];
  for (const project of projects) {
    if (!mayGoOn()) {
      unlisted.push({ project, why: `its keys were not listed: ${NO_TIME}` });
      continue;
    }
    const trouble = await attempt(async () => {
      for await (const record of issuer.list(project, false)) {
        const reach = geminiReach(record.restrictions);
        // A project that is named by its id and by its number is listed twice.
        if (reach !== undefined && !found.has(record.name)) found.set(record.name, { record, project, reach });
      }
    });
    if (!(trouble instanceof Fault)) continue;
    troubles.push(trouble);
    unlisted.push({ project, why: `its keys were not listed to the end: ${trouble.message}` });
  }
  const pace = paceOf(clock, KEY_READS_A_MINUTE);
  // In another order every day: where there is no time for all of them, each has its turn.
  const mayRead = stableShuffle(
    [...found.values()].filter(({ project }) => keyProjects.includes(project)),
    ({ record: { name } }) => name,
    dayOf(clock.now()),
  );
  const read = await inPool(mayRead, concurrency, mayGoOn, async ({ record: { name } }) => {
    await pace();
    return [name, await attempt(() => issuer.keyString(name))] as const;
  });
  const texts = new Map(read.filter((one) => one !== undefined));
  const keys = [...found.values()].flatMap((one): readonly KeyAtIssuer[] => {
    const text = texts.get(one.record.name);
    if (text === undefined)
      return [{ ...one, text: { notRead: keyProjects.includes(one.project) ? NO_TIME : outsideText(one.project) } }];
    if (!(text instanceof Fault)) return [{ ...one, text }];
    if (text.code === 'not_found') return []; // it was deleted since it was listed
    troubles.push(text);
    notLooked.push(`${one.record.name}: ${text.message}`);
    return [{ ...one, text: { notRead: text.message } }];
  });
  const outside = new Set(
    [...found.values()].map(({ project }) => project).filter((project) => !keyProjects.includes(project)),
  );
  const unread = mayRead.length - texts.size;
  return {
    keys,
    unlisted,
    notLooked: [
      ...unlisted.map(({ project, why }) => `project ${project}: ${why}`),
      ...notLooked,
      ...(unread === 0 ? [] : [`the strings of ${plural(unread, 'key')} were not read: ${NO_TIME}`]),
      ...[...outside].map(outsideText),
    ],
    barred: outside.size > 0 || troubles.some(isBarred),
    lists: projects.length,
    keyStrings: texts.size,
  };
}

function outsideText(project: string): string {
  return `the key strings of project ${project} are not read: it is none of the settings' projects (KEY_WARDEN_PROJECTS, KEY_WARDEN_KEY_PROJECT)`;
}
