import { WORDS, STATUSES } from './refusals.js';

/** Stands where a library wants a key; `fetch` puts the real one in its place, and touches no other header. */
export const PLACEHOLDER = 'set-by-gemini-key-reader';

/** No key could be read. `cause` is what Secret Manager or the client said. */
export class NoKeyError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'NoKeyError';
  }
}

/**
 * Whether an answer of the Gemini API means the key itself: a part of what gemini-key-warden knows about refusals. A bad prompt,
 * a restriction, billing and a quota mean other things, and no new key cures them.
 */
export function meansTheKey(status, text) {
  const said = text.toLowerCase();
  return STATUSES.includes(status) && WORDS.some((word) => said.includes(word.toLowerCase()));
}

/**
 * A key that may change under the app that uses it. `secret` is `projects/PROJECT/secrets/SECRET`, `client` a
 * SecretManagerServiceClient of @google-cloud/secret-manager.
 */
export class KeyReader {
  #options;
  #held;
  #before;
  #reading;
  #failed;
  #failures = 0;
  #rereadAt = -Infinity;

  constructor(options) {
    const { client, secret } = options;
    if (typeof client?.accessSecretVersion !== 'function')
      throw new TypeError('client: pass new SecretManagerServiceClient() of @google-cloud/secret-manager');
    if (!/^projects\/[^/]+(\/locations\/[^/]+)?\/secrets\/[^/]+$/.test(secret))
      throw new TypeError('secret: write projects/PROJECT/secrets/SECRET, without a version');
    this.#options = {
      version: 'current',
      refreshSeconds: 300,
      againSeconds: 30,
      now: () => performance.now() / 1000,
      random: Math.random,
      ...options,
    };
  }

  /** The key to use now. Waits for the first read alone; later ones happen behind the answers. */
  async key() {
    const now = this.#options.now();
    if (this.#held === undefined) {
      if (this.#failed !== undefined && now < this.#failed.until) throw this.#failed.error;
      await this.#read();
      return this.#best();
    }
    if (now >= this.#held.until) {
      if (this.#held.refused) this.#rereadAt = now;
      this.#read().catch(() => undefined);
    }
    return this.#best();
  }

  /** Reads now, or waits for the read that is under way, and says which key to use. */
  async refresh() {
    await this.#read();
    return this.#best();
  }

  /**
   * Google refused this key for itself: reads again, at most every `againSeconds`, and answers the key to try next, which is the one
   * before where there is no newer one; nothing where there is none.
   */
  async refused(key) {
    if (this.#before === key) this.#before = undefined;
    if (this.#held?.key === key) await this.#reread(key);
    const next = this.#held && this.#best();
    return next === key ? undefined : next;
  }

  /** What is still the key after the read is refused: the one before stands in for it until it is read and tried again. */
  async #reread(key) {
    const { now, againSeconds } = this.#options;
    this.#held.refused = true;
    const asked = now();
    if (this.#reading !== undefined || asked - this.#rereadAt >= againSeconds) {
      if (this.#reading === undefined) this.#rereadAt = asked;
      await this.#read().catch(() => undefined);
    }
    if (this.#held.key !== key) return;
    this.#held.refused = true;
    this.#held.until = Math.min(this.#held.until, asked + againSeconds);
  }

  /** Sends with the key, and again with another one where Google refused it for itself: `send(key)` answers a Response or throws. */
  async run(send) {
    const tried = new Set();
    for (let key = await this.key(); ;) {
      tried.add(key);
      let outcome;
      try {
        const answer = await send(key);
        outcome = () => answer;
        if (!(await isRefusal(answer))) return answer;
      } catch (error) {
        outcome = () => {
          throw error;
        };
        if (!isRefusalError(error)) throw error;
      }
      const next = await this.refused(key);
      if (next === undefined || tried.has(next)) return outcome();
      key = next;
    }
  }

  /** A `fetch` for libraries that take one: give them PLACEHOLDER as their key. A body that can be read only once is sent once. */
  fetch = async (input, init) => {
    const given = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const headersWith = (key) => {
      const headers = new Headers(given);
      for (const [name, text] of given)
        if (text.includes(PLACEHOLDER)) headers.set(name, text.replace(PLACEHOLDER, key));
      return headers;
    };
    if (![...given.values()].some((text) => text.includes(PLACEHOLDER))) return fetch(input, init);
    const send = (key) =>
      fetch(input instanceof Request ? input.clone() : input, { ...init, headers: headersWith(key) });
    if (!isOneTime(init?.body)) return this.run(send);
    const key = await this.key();
    const response = await send(key);
    if (await isRefusal(response)) await this.refused(key);
    return response;
  };

  /** Waits for the read that is under way, if there is one; before an app ends, and in tests. */
  async settled() {
    await this.#reading?.catch(() => undefined);
  }

  /** Prints nothing of what it holds. */
  toJSON() {
    return { secret: this.#options.secret, version: this.#options.version };
  }

  #best() {
    return this.#held.refused ? (this.#before ?? this.#held.key) : this.#held.key;
  }

  /** One access at a time, whoever asks. */
  #read() {
    this.#reading ??= this.#access().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #access() {
    const { client, secret, version, field, refreshSeconds, againSeconds, now, random } = this.#options;
    const askedAt = now();
    try {
      const [answer] = await client.accessSecretVersion({ name: `${secret}/versions/${version}` });
      const key = keyIn(Buffer.from(answer.payload.data).toString('utf8'), field);
      if (this.#held !== undefined && this.#held.key !== key)
        this.#before = this.#held.refused ? undefined : this.#held.key;
      this.#held = { key, until: askedAt + refreshSeconds * (0.8 + 0.4 * random()), refused: false };
      this.#failed = undefined;
      this.#failures = 0;
    } catch (cause) {
      const error = cause instanceof NoKeyError ? cause : new NoKeyError(`${secret} could not be read`, { cause });
      const until = askedAt + Math.min(againSeconds, 2 ** this.#failures);
      this.#failures += 1;
      this.#failed = { error, until };
      if (this.#held !== undefined) this.#held.until = until;
      throw error;
    }
  }
}

/** The characters of a bearer token (RFC 6750). What no header can carry would be printed by whoever refuses it. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** The key inside the stored text: all of it, or a field of a JSON object or an env file. */
function keyIn(text, field) {
  const key = field === undefined ? text.trim() : (fieldOfJson(text, field) ?? fieldOfEnv(text, field));
  if (key === undefined || key === '')
    throw new NoKeyError(field === undefined ? 'the secret is empty' : `the secret has no field ${field}`);
  if (!TOKEN.test(key))
    throw new NoKeyError(
      field === undefined
        ? 'the secret holds more than a key: name the field that holds it'
        : `the field ${field} of the secret holds more than a key`,
    );
  return key;
}

function fieldOfJson(text, field) {
  try {
    const value = JSON.parse(text)?.[field];
    return typeof value === 'string' ? value.trim() : undefined;
  } catch {
    return undefined;
  }
}

function fieldOfEnv(text, field) {
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === field) return value.replace(/^(['"])(.*)\1$/, '$2');
  }
  return undefined;
}

async function isRefusal(answer) {
  if (!(answer instanceof Response) || !STATUSES.includes(answer.status)) return false;
  return meansTheKey(answer.status, await answer.clone().text());
}

/** Errors of @google/genai and openai have a status and the body in their message or `error`. */
function isRefusalError(error) {
  if (typeof error?.status !== 'number') return false;
  return meansTheKey(error.status, `${error.message} ${JSON.stringify(error.error ?? '')}`);
}

const isOneTime = (body) => body instanceof ReadableStream || typeof body?.[Symbol.asyncIterator] === 'function';
