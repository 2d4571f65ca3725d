import type { Service } from '../wire/http.ts';
import { ApiError } from '../wire/api-error.ts';
import type { MountedSecret, Serving } from '../world/serving.ts';

/** How something that runs uses its key. */
export interface Behaviour {
  /** Requests to Gemini in a minute. */
  readonly perMinute: number;
  /** Instances between which they are shared out. */
  readonly instances: number;
  /** An instance that was idle for so long is ended. */
  readonly idleMs: number;
  /** An instance is replaced by a new one after so long: a platform moves them, a task ends. */
  readonly livesMs: number;
  /** Which of its secrets it uses: the name of a variable or the path of a file; the first without it. */
  readonly at?: string | undefined;
}

/** What became of the requests of one consumer. */
export interface Tally {
  readonly name: string;
  readonly sent: number;
  /** Those that Gemini refused, and those that no instance could be started for. */
  readonly refused: number;
  readonly failedStarts: number;
  /** What the log of the service said last. */
  readonly lastTrouble?: string;
  /** Those that are warm, with the versions that they read when they started. */
  readonly instances: readonly {
    readonly revision: string;
    readonly startedAt: string;
    readonly versions: Readonly<Record<string, string>>;
  }[];
}

/** What instances do with the rest of the cloud. */
export interface InstancesParts {
  readonly now: () => number;
  /** What new instances of a consumer are started of. */
  readonly serving: (name: string) => readonly Serving[] | undefined;
  /** Reads a version as an account: its full name with the number, and its value. Throws `ApiError`. */
  readonly read: (account: string, version: string) => { readonly version: string; readonly value: string };
  /** One request to Gemini with a key at a moment; whether it was served. */
  readonly generate: (key: string, at: number) => boolean;
  /** An instance of a consumer was started, and ends at a moment at the latest. */
  readonly started: (name: string, endsAt: number) => void;
}

/** Consumers that send traffic with what they read, as the clock goes on. */
export interface Instances extends Service {
  /** Lets a consumer send traffic from now on; `perMinute` of 0 ends it. */
  use(name: string, behaviour: Behaviour): void;
  tallies(): readonly Tally[];
  /** The calls that let everything go on like that. */
  replay(): readonly (readonly [call: string, body: unknown])[];
  /** Lets them send what is due by a moment in milliseconds. */
  pass(until: number): void;
}

interface Instance {
  readonly revision: string;
  readonly startedAt: number;
  lastUsedAt: number;
  /** Values by variable; no instance holds a file. */
  readonly values: ReadonlyMap<string, string>;
  readonly versions: Readonly<Record<string, string>>;
}

interface App {
  readonly name: string;
  behaviour: Behaviour;
  /** Of the request that comes next. */
  nextAt: number;
  turn: number;
  sent: number;
  refused: number;
  failedStarts: number;
  lastTrouble?: string;
  /** By revision and place among its instances. */
  readonly warm: Map<string, Instance>;
}

const MINUTE_MS = 60_000;
/** Prime to 100, so that a split is met within every hundred requests and no two in a row go alike. */
const STRIDE = 37;

/**
 * Instances read variables when they start and files at every use (Cloud Run's documentation, “Configure secrets”), with the
 * account of their revision. One whose secret cannot be read does not start, and its caller gets a 500.
 */
export function instancesOf(parts: InstancesParts): Instances {
  const apps = new Map<string, App>();

  const pass = (until: number): void => {
    for (;;) {
      const due = [...apps.values()].filter(({ nextAt }) => nextAt <= until);
      const [first] = due.toSorted((one, other) => one.nextAt - other.nextAt);
      if (first === undefined) return;
      request(first, first.nextAt);
      first.nextAt += MINUTE_MS / first.behaviour.perMinute;
    }
  };

  return {
    title: 'Instances',
    answer: () => undefined,
    use(name, behaviour) {
      if (parts.serving(name) === undefined) throw new ApiError('NOT_FOUND', `nothing runs as ${name}`);
      const before = apps.get(name);
      const nextAt = behaviour.perMinute === 0 ? Infinity : parts.now();
      if (before === undefined)
        apps.set(name, { name, behaviour, nextAt, turn: 0, sent: 0, refused: 0, failedStarts: 0, warm: new Map() });
      else Object.assign(before, { behaviour, nextAt });
    },
    tallies: () => [...apps.values()].map(tallyOf),
    replay: () =>
      [...apps.values()].map(({ name, behaviour: { idleMs, livesMs, ...rest } }) => [
        'POST /_emulator/consumers',
        { name, ...rest, idleSeconds: idleMs / 1000, livesSeconds: livesMs / 1000 },
      ]),
    pass,
    settle: (now) => pass(now),
  };

  function request(app: App, at: number): void {
    const target = targetOf(parts.serving(app.name) ?? [], app.turn);
    app.turn += 1;
    if (target === undefined) return;
    app.sent += 1;
    const instance = instanceFor(app, target, at);
    const key = instance && keyOf(app, target, instance);
    if (key === undefined || !parts.generate(key, at)) app.refused += 1;
  }

  /** A warm one, or a new one where it is too old, was idle for too long, or is of a revision that has no traffic now. */
  function instanceFor(app: App, target: Serving, at: number): Instance | undefined {
    const { instances, idleMs, livesMs } = app.behaviour;
    for (const [place, one] of app.warm)
      if (at - one.lastUsedAt > idleMs || at - one.startedAt >= livesMs) app.warm.delete(place);
    const place = `${target.revision}/${app.turn % instances}`;
    const warm = app.warm.get(place);
    if (warm !== undefined) {
      warm.lastUsedAt = at;
      return warm;
    }
    const fresh = started(app, target, at);
    if (fresh !== undefined) {
      app.warm.set(place, fresh);
      parts.started(app.name, at + livesMs);
    }
    return fresh;
  }

  function started(app: App, { revision, account, reads }: Serving, at: number): Instance | undefined {
    const values = new Map<string, string>();
    const versions: Record<string, string> = {};
    for (const { by, at: variable, version } of reads) {
      if (by !== 'variable') continue;
      try {
        const found = parts.read(account, version);
        values.set(variable, found.value);
        versions[variable] = found.version;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        app.failedStarts += 1;
        // as encoredev/encore#2202 quotes it
        app.lastTrouble = `Could not fetch secret "${version}" for environment variable "${variable}". Instance startup will now abort: ${error.message}`;
        return undefined;
      }
    }
    return { revision, startedAt: at, lastUsedAt: at, values, versions };
  }

  function keyOf(app: App, { account, reads }: Serving, instance: Instance): string | undefined {
    const { at } = app.behaviour;
    const used: MountedSecret | undefined = at === undefined ? reads[0] : reads.find((one) => one.at === at);
    if (used === undefined) return undefined;
    if (used.by === 'variable') return instance.values.get(used.at);
    try {
      return parts.read(account, used.version).value;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      app.lastTrouble = `Cannot read ${used.at}: ${error.message}`;
      return undefined;
    }
  }
}

/** Which revision a request goes to, by their shares. */
function targetOf(serving: readonly Serving[], turn: number): Serving | undefined {
  const place = (turn * STRIDE) % 100;
  let upTo = 0;
  return serving.find(({ share }) => {
    upTo += share;
    return place < upTo;
  });
}

function tallyOf({ name, sent, refused, failedStarts, lastTrouble, warm }: App): Tally {
  return {
    name,
    sent,
    refused,
    failedStarts,
    ...(lastTrouble !== undefined && { lastTrouble }),
    instances: [...warm.values()].map(({ revision, startedAt, versions }) => ({
      revision,
      startedAt: new Date(startedAt).toISOString(),
      versions,
    })),
  };
}
