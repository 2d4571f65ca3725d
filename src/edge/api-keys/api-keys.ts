import { attempt, Fault } from '../../app/ports/fault.ts';
import type { IssuedKey, Issuer, MintOrder } from '../../app/ports/ports.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { KeyText } from '../../core/key/key-text.ts';
import { keyNameOf } from '../../core/google/resource-names.ts';
import { spokenMinute } from '../../core/values/time.ts';
import { askedOf, type ApiKeysCall } from './calls.ts';
import { googleRest, listIn, nextPageIn, type RestCall, type RestAdapterOptions } from '../google/rest.ts';
import { issuedKeyOf } from './issued-keys.ts';
import { keyAt, keysOf, type KeyPlace } from '../google/key-names.ts';
import { responseOf } from '../google/operations.ts';
import { boundedPages } from '../google/pages.ts';
import { repeatedly, type RetryPlan } from '../google/retry.ts';

/** How to reach the API Keys API and how patient to be; without `url`, Google itself. */
export interface IssuerOptions extends RestAdapterOptions {
  readonly url?: string | undefined;
  /** For reads. */
  readonly retries?: RetryPlan | undefined;
  readonly writes?: RetryPlan | undefined;
  /** How often to ask whether an operation is done, and how long to wait between. */
  readonly polls?: RetryPlan | undefined;
}

const RETRIES: RetryPlan = { attemptsMax: 4, waitMs: 500, waitMsMax: 8_000 };
/** Only a lease with an end fences minting and deleting (app/act.ts), so no repetition goes out long after the first. */
const WRITES: RetryPlan = { ...RETRIES, withinMs: 4_000 };
const POLLS: RetryPlan = { attemptsMax: 8, waitMs: 500, waitMsMax: 4_000 };
const PAGE_SIZE = 100;

type Sent = Omit<RestCall, 'project'>;

/**
 * The API Keys API over plain REST, because Google's client library drops `serviceAccountEmail` and knows no
 * `checkExistingUsage`. No key is ever part of a URL. Throws `invalid` at once for a URL that cannot be used.
 */
export function apiKeysIssuer(options: IssuerOptions): Issuer & { close(): Promise<void> } {
  const { url = 'https://apikeys.googleapis.com', clock, random, authClient, callMs } = options;
  const rest = googleRest({ title: 'API Keys', url, authClient, callMs });
  const reading = { clock, random, plan: options.retries ?? RETRIES };
  const writing = { clock, random, plan: options.writes ?? WRITES };
  const polling = { clock, random, plan: options.polls ?? POLLS };

  const once = (call: ApiKeysCall, place: Omit<KeyPlace, 'name'>, sent: Sent): Promise<JsonRecord> =>
    rest.ask({ ...sent, project: place.project }, askedOf(call, place));

  const read = (call: ApiKeysCall, place: Omit<KeyPlace, 'name'>, path: string, query?: Sent['query']) =>
    repeatedly(reading, () => once(call, place, { method: 'GET', path, query }));

  const look = async (place: KeyPlace): Promise<IssuedKey> =>
    issuedKeyOf(await read('look', place, `/v2/${place.name}`));

  const write = async (call: ApiKeysCall, place: KeyPlace, sent: Sent): Promise<IssuedKey> => {
    const started = await repeatedly(writing, () => once(call, place, sent));
    const poll = (operation: string): Promise<JsonRecord> =>
      once('poll', place, { method: 'GET', path: `/v2/${operation}` });
    return issuedKeyOf(await responseOf(started, polling, poll, askedOf(call, place)));
  };

  /**
   * A write that may be repeated. When it fails, what is there decides: an answer may have got lost, and what Google
   * answers to a taken id or to a second deletion is not settled. Rejects with the write's own fault when nothing can
   * be seen.
   */
  const writeOrFind = async (
    call: ApiKeysCall,
    place: KeyPlace,
    sent: Sent,
    judge: (found: IssuedKey, refused: Fault) => IssuedKey,
  ): Promise<IssuedKey> => {
    const written = await attempt(() => write(call, place, sent));
    if (!(written instanceof Fault)) return written;
    const found = await attempt(() => look(place));
    if (found instanceof Fault) throw written;
    return judge(found, written);
  };

  return {
    async mint(order) {
      const place = keyAt(keyNameOf(order.project, order.keyId));
      const { displayName, restrictions, serviceAccountEmail, annotations } = order;
      return writeOrFind(
        'mint',
        place,
        {
          method: 'POST',
          path: `/v2/${keysOf(order.project)}`,
          query: { keyId: order.keyId },
          body: {
            displayName,
            restrictions,
            annotations,
            ...(serviceAccountEmail === undefined ? {} : { serviceAccountEmail }),
          },
        },
        (found) => claimed(found, order),
      );
    },

    look: async (name) => look(keyAt(name)),

    async keyString(name) {
      const { keyString } = await read('keyString', keyAt(name), `/v2/${name}/keyString`);
      if (typeof keyString === 'string' && keyString !== '') return new KeyText(keyString);
      throw new Fault('unavailable', `The API Keys API answered without the key string of ${name}. Try again.`);
    },

    async delete(name, unlessUsed) {
      const sent = {
        method: 'DELETE',
        path: `/v2/${name}`,
        query: { checkExistingUsage: unlessUsed ? 'CHECK' : 'SKIP' },
      } as const;
      await writeOrFind(unlessUsed ? 'deleteUnlessUsed' : 'delete', keyAt(name), sent, (found, refused) => {
        if (found.deletedAt === undefined) throw refused;
        return found;
      });
    },

    undelete: async (name) =>
      writeOrFind(
        'undelete',
        keyAt(name),
        { method: 'POST', path: `/v2/${name}:undelete`, body: {} },
        (found, refused) => {
          if (found.deletedAt !== undefined) throw refused;
          return found;
        },
      ),

    async mark(name, annotations) {
      const place = keyAt(name);
      const found = await look(place);
      // The API replaces the whole map.
      const body = { annotations: { ...found.annotations, ...annotations } };
      return write('mark', place, { method: 'PATCH', path: `/v2/${name}`, query: { updateMask: 'annotations' }, body });
    },

    async *list(project, withDeleted) {
      const keys = { id: 'keys', project };
      const path = `/v2/${keysOf(project)}`;
      const pages = boundedPages(async (pageToken) => {
        const query = { pageSize: String(PAGE_SIZE), showDeleted: String(withDeleted), pageToken };
        const page = await read('list', keys, path, query);
        return { items: listIn(page, 'keys', askedOf('list', keys)), next: nextPageIn(page) };
      });
      for await (const page of pages) yield* page.map(issuedKeyOf);
    },

    close: () => rest.close(),
  };
}

/** The key that holds the ordered id, if it is alive and bears the order's annotations: then the order made it. */
function claimed(found: IssuedKey, { project, keyId, annotations }: MintOrder): IssuedKey {
  const cannot = `Cannot mint the key ${keyId} of project ${project}:`;
  if (found.deletedAt !== undefined) {
    throw new Fault(
      'exists',
      `${cannot} a key of that id was deleted at ${spokenMinute(found.deletedAt)}, and ids are not free again for 30 days. ` +
        'Undelete it if it is wanted, or mint under another id.',
    );
  }
  const marks = Object.entries(annotations);
  if (marks.length > 0 && marks.every(([mark, value]) => found.annotations[mark] === value)) return found;
  throw new Fault(
    'exists',
    `${cannot} a key of that id is there already, without the annotations of this one, so somebody else made it. ` +
      'It was left alone; mint under another id.',
  );
}
