import { attempt, Fault } from '../../app/ports/fault.ts';
import type { GoogleReader, Look } from '../../app/ports/google-reader.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { boundedPages } from '../google/pages.ts';
import { googleRest, listIn, nextPageIn, type GoogleRest, type RestAdapterOptions } from '../google/rest.ts';
import { repeatedly } from '../google/retry.ts';

export interface GoogleReaderOptions extends RestAdapterOptions {
  /** Where every API is; each is at Google's own address without it. */
  readonly url?: string | undefined;
}

/** Somebody waits at a terminal. */
const PLAN = { attemptsMax: 3, waitMs: 250, waitMsMax: 2_000 };
/** Segments of plain signs: no query, no way up, nothing to escape. */
const PATH = /^(?:\/(?!\.+(?:\/|$))[\w.@:~+-]+)+$/;

/** Resources of any API of Google's, over REST, read only: what `doctor` looks at of a deployment. */
export function googleReader(options: GoogleReaderOptions): GoogleReader & { close(): Promise<void> } {
  const { url, authClient, callMs, clock, random } = options;
  const open = new Map<string, GoogleRest>();
  const patience = { clock, random, plan: PLAN };

  const restOf = (look: Look): GoogleRest => {
    const address = url ?? addressOf(look);
    const rest = open.get(address) ?? googleRest({ title: look.api, url: address, authClient, callMs });
    open.set(address, rest);
    return rest;
  };

  const asked = async (look: Look, pageToken: string): Promise<JsonRecord> => {
    const { method, path, query, project, permission, body = VERSION_3 } = look;
    if (!PATH.test(path)) throw new Fault('invalid', 'A name that a setting gives is no part of an address.');
    const paged = pageToken === '' ? query : { ...query, pageToken };
    const call = { method, path, query: paged, project, ...(method === 'POST' && { body }) } as const;
    return repeatedly(patience, () => restOf(look).ask(call, { doing: `look at ${path}`, permission }));
  };

  const whole = async (look: Look): Promise<JsonRecord> => {
    const { list } = look;
    if (list === undefined) return asked(look, '');
    const pages = boundedPages(async (pageToken) => {
      const page = await asked(look, pageToken);
      return { items: listIn(page, list, { doing: `look at ${look.path}` }), next: nextPageIn(page) };
    });
    const items: unknown[] = [];
    for await (const page of pages) items.push(...page);
    return { [list]: items };
  };

  return {
    async read(look) {
      const json = await attempt(() => whole(look));
      if (!(json instanceof Fault)) return { json };
      if (json.code === 'not_found') return 'missing';
      if (json.code === 'denied') return 'denied';
      throw json;
    },
    async close() {
      await Promise.all([...open.values()].map((rest) => rest.close()));
    },
  };
}

/** A policy with conditions is shown whole only to whoever asks for version 3. */
const VERSION_3 = { options: { requestedPolicyVersion: 3 } };

function addressOf({ api, location }: Look): string {
  return location === undefined ? `https://${api}.googleapis.com` : `https://${api}.${location}.rep.googleapis.com`;
}
