import { Fault } from '../../../src/app/ports/fault.ts';
import type { Clock, Issuer, Meter, Prober, SecretName, Vault } from '../../../src/app/ports/ports.ts';
import type { Reaching } from '../../../src/app/reach/following.ts';
import type { Answer } from '../../../src/core/classify/answer.ts';
import type { KeyText } from '../../../src/core/key/key-text.ts';
import { HOUR_MS, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { repeatedly, type RetryPlan } from '../../../src/edge/google/retry.ts';
import { WORKING } from '../../support/twins/memory-prober.ts';
import type { KeyLife, Keys } from './keys.ts';
import type { Counting, Kind } from './quotas.ts';
import type { MemoryRun } from './run.ts';

/** What Google is like at a moment: the share of calls that come to nothing, and how they do. */
export type Weather = (
  kind: Kind,
  now: Instant,
) => { readonly share: number; readonly code: 'unavailable' | 'limited' } | undefined;

export interface GoogleParts {
  readonly vault: Vault;
  readonly issuer: Issuer;
  readonly run: MemoryRun;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly counting: Counting;
  readonly weather: Weather;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Calls that somebody may not make: `add projects/…/secrets/…`. */
  readonly denied: ReadonlySet<string>;
  /** Told after everything that changed a secret or a key of it. */
  readonly changed: (secret: SecretName) => Promise<void>;
  readonly deleted: (key: KeyLife) => void;
}

export interface Google {
  readonly vault: Vault;
  readonly issuer: Issuer;
  readonly prober: Prober;
  readonly meter: Meter;
  readonly reach: Reaching;
}

/** As patient as `edge/`: its own retries, on this clock. */
const READS: RetryPlan = { attemptsMax: 4, waitMs: 500, waitMsMax: 8_000 };
const WRITES: RetryPlan = { ...READS, withinMs: 4_000 };
const ONCE: RetryPlan = { attemptsMax: 1, waitMs: 0, waitMsMax: 0 };

/** Usual times of an answer, each taken half to half again as long. Milliseconds. */
const ANSWER_MS = {
  read: 60,
  write: 120,
  list: 200,
  mint: 1_500,
  models: 250,
  generate: 600,
  series: 250,
  revise: 900,
} as const;

/** The twins behind distance, weather, permissions and a meter of every call: what the worker gets to see of Google. */
export function googleOf(parts: GoogleParts): Google {
  const { vault, issuer, run, keys, clock, counting, weather, random, denied, changed, deleted } = parts;

  const call = <T>(kind: Kind, answerMs: number, plan: RetryPlan, apply: () => Promise<T>): Promise<T> =>
    repeatedly({ clock, random, plan }, async () => {
      counting.count(kind, clock.now());
      await clock.sleep(Math.round(answerMs * (0.5 + random())));
      const bad = weather(kind, clock.now());
      if (bad !== undefined && random() < bad.share) throw new Fault(bad.code, `Google is ${bad.code} for the moment.`);
      return apply();
    });
  const may = (what: string, secret: SecretName): void => {
    if (denied.has(`${what} ${secret}`)) throw new Fault('denied', `You may not ${what} at ${secret}.`);
  };
  const read = <T>(apply: () => Promise<T>) => call('Secret Manager reads', ANSWER_MS.read, READS, apply);
  const write = <T>(secret: SecretName, apply: () => Promise<T>, plan = READS): Promise<T> =>
    call('Secret Manager writes', ANSWER_MS.write, plan, async () => {
      const written = await apply();
      await changed(secret);
      return written;
    });
  const keyWrite = <T>(apply: () => Promise<T>): Promise<T> =>
    call('API Keys writes', ANSWER_MS.mint, WRITES, async () => {
      counting.count('API Keys reads', clock.now()); // the operation is asked for once
      return apply();
    });
  const keyRead = <T>(answerMs: number, apply: () => Promise<T>) => call('API Keys reads', answerMs, READS, apply);
  const probe = async (key: KeyText, depth: 'list' | 'generate'): Promise<Answer> => {
    const answered = { sentAs: 'header', keyKind: key.kind, contentType: 'application/json' } as const;
    try {
      await call('Gemini', depth === 'list' ? ANSWER_MS.models : ANSWER_MS.generate, ONCE, () => Promise.resolve());
    } catch {
      return { ...answered, status: 503, body: OVERLOADED };
    }
    const good = keys.accepted(key.reveal(), clock.now());
    return good ? { ...answered, status: 200, body: BODIES[depth] } : { ...answered, status: 400, body: NOT_VALID };
  };

  return {
    vault: {
      async *list(scope, filter) {
        yield* await call('Secret Manager reads', ANSWER_MS.list, READS, async () => {
          const found = [];
          for await (const one of vault.list(scope, filter)) found.push(one);
          return found;
        });
      },
      look: (secret) => read(() => vault.look(secret)),
      versions: (secret) => read(() => vault.versions(secret)),
      lookVersion: (secret, version) => read(() => vault.lookVersion(secret, version)),
      read: (secret, version) =>
        call('Secret Manager accesses', ANSWER_MS.read, READS, () => vault.read(secret, version)),
      commit: (seen, change) => write(seen.name, () => vault.commit(seen, change)),
      add: (secret, bytes) =>
        write(
          secret,
          async () => {
            may('add', secret);
            return vault.add(secret, bytes);
          },
          ONCE,
        ),
      enable: (secret, version) => write(secret, () => vault.enable(secret, version)),
      disable: (secret, version) => write(secret, () => vault.disable(secret, version)),
      destroy: (secret, version) => write(secret, () => vault.destroy(secret, version)),
      permitted: (secret, permissions) => read(() => vault.permitted(secret, permissions)),
    },
    issuer: {
      mint: (order) =>
        keyWrite(async () => {
          const minted = await issuer.mint(order);
          keys.born(minted, (await issuer.keyString(minted.name)).reveal());
          return minted;
        }),
      look: (name) => keyRead(ANSWER_MS.read, () => issuer.look(name)),
      keyString: (name) => keyRead(ANSWER_MS.read, () => issuer.keyString(name)),
      delete: (name, unlessUsed) =>
        keyWrite(async () => {
          const life = keys.named(name);
          const now = clock.now();
          if (life !== undefined && unlessUsed && keys.requests(life.uid, now - WEEK_MS, now) > 0)
            throw new Fault('wrong_state', 'The key was used within the last 7 days.');
          await issuer.delete(name, false);
          if (life === undefined || life.deletedAt !== undefined) return;
          life.deletedAt = now;
          deleted(life);
        }),
      undelete: (name) =>
        keyWrite(async () => {
          const life = keys.named(name);
          if (life !== undefined) life.deletedAt = undefined;
          return issuer.undelete(name);
        }),
      mark: (name, annotations) => keyWrite(() => issuer.mark(name, annotations)),
      async *list(project, withDeleted) {
        const found = await keyRead(ANSWER_MS.list, async () => {
          const all = [];
          for await (const one of issuer.list(project, withDeleted)) all.push(one);
          return all;
        });
        for (let page = 1; page * 100 < found.length; page += 1) await keyRead(ANSWER_MS.list, () => Promise.resolve());
        yield* found;
      },
    },
    reach: {
      accounts: [],
      roll: (secrets) => call('Cloud Run', ANSWER_MS.list, READS, () => Promise.resolve(run.roll(secrets))),
      reviser: {
        look: (name) => call('Cloud Run', ANSWER_MS.read, READS, () => run.reviser.look(name)),
        revise: (seen, to) => call('Cloud Run', ANSWER_MS.revise, ONCE, () => run.reviser.revise(seen, to)),
      },
    },
    prober: { listModels: (key) => probe(key, 'list'), generate: (key) => probe(key, 'generate') },
    meter: {
      async usage(_project, uid, from, until) {
        try {
          await call('Monitoring', ANSWER_MS.series, READS, () => Promise.resolve());
        } catch {
          return { known: false, why: 'Monitoring did not answer' };
        }
        const hours = [];
        for (let endsAt = until; endsAt > from; endsAt = plusMs(endsAt, -HOUR_MS)) {
          const requests = keys.requests(uid, endsAt - HOUR_MS, endsAt);
          if (requests > 0) hours.unshift({ endsAt, requests });
        }
        return { known: true, hours, seenSince: hours[0]?.endsAt };
      },
    },
  };
}

const WEEK_MS = 7 * 86_400_000;

function bodyOf(scripted: object): string {
  return JSON.stringify('body' in scripted ? scripted.body : undefined);
}

const BODIES = { list: bodyOf(WORKING.list), generate: bodyOf(WORKING.generate) };

const OVERLOADED = JSON.stringify({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } });

const NOT_VALID = JSON.stringify({
  error: {
    code: 400,
    message: 'API key not valid. Please pass a valid API key.',
    status: 'INVALID_ARGUMENT',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
    ],
  },
});
