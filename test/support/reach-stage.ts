import type { SecretId } from '../../src/core/google/resource-names.ts';
import type { WholeRoll } from '../../src/app/consumers/readers.ts';
import { Fault } from '../../src/app/ports/fault.ts';
import type { Clock } from '../../src/app/ports/ports.ts';
import type { Reviser } from '../../src/app/ports/reviser.ts';
import type { Consumer, SecretRead } from '../../src/core/consumers/consumer.ts';
import { elapsedMs, plusMs, type Instant } from '../../src/core/values/time.ts';

/** A variable that reads a secret by the alias `current`, unless told otherwise. */
export function readBy({
  version = 'current',
  by = 'variable',
  ...secret
}: Partial<SecretId & Pick<SecretRead, 'version' | 'by'>> = {}): SecretRead {
  return {
    secret: { project: 'p', location: 'global', secret: 'gemini', ...secret },
    version,
    by,
    at: 'GEMINI_API_KEY',
  };
}

/** A service that reads the secret `gemini` of project `p` through a variable, by the alias `current`. */
export function consumer(fields: Partial<Consumer> = {}): Consumer {
  const id = fields.name ?? 'api';
  return {
    kind: 'service',
    project: 'p',
    region: 'europe-west1',
    labels: {},
    deployedBy: 'hand',
    template: [readBy()],
    running: [],
    follows: true,
    ...fields,
    name: id.includes('/') ? id : `projects/p/locations/europe-west1/services/${id}`,
  };
}

/** Cloud Run in memory, as far as bringing somebody a new key needs it: a revision takes 20 s to be ready. */
export interface RunTwin {
  readonly reviser: Reviser;
  readonly roll: () => Promise<WholeRoll>;
  readonly accounts: readonly string[];
  /** Revisions that were asked for, by the short names of their consumers, in order. */
  readonly asked: string[];
  /** Consumers whose revisions for a new key do not come up. */
  readonly failing: Set<string>;
  /** Consumers whose revisions never get ready, and never fail. */
  readonly slow: Set<string>;
  /** Consumers whose last deployment did not come up, whoever made it. */
  readonly broken: Set<string>;
  /** What a look or a change is answered, by short name. */
  readonly faults: Map<string, Fault>;
  readonly notLooked: string[];
  add(name: string, fields?: Partial<Consumer>): void;
  remove(name: string): void;
  /** Somebody deploys it from a template without our marks. */
  deploy(name: string): void;
  /** What its template says of ours, and what it says itself. */
  marks(name: string): readonly [string | undefined, string | undefined];
  /** The number that its variable names. */
  pin(name: string): string | undefined;
}

interface Deployed {
  readonly consumer: Consumer;
  readonly reached?: string | undefined;
  readonly undone?: string | undefined;
  readonly edition: number;
  readonly changedAt: Instant;
  readonly isBroken: boolean;
}

const READY_MS = 20_000;

export function runTwin(clock: Pick<Clock, 'now'>): RunTwin {
  const services = new Map<string, Deployed>();
  const short = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  const asked: string[] = [];
  const failing = new Set<string>();
  const broken = new Set<string>();
  const slow = new Set<string>();
  const faults = new Map<string, Fault>();
  const notLooked: string[] = [];
  const at = (name: string): Deployed => {
    const fault = faults.get(name);
    if (fault !== undefined) throw fault;
    const found = services.get(name);
    if (found === undefined) throw new Fault('not_found', `no ${name}`);
    return found;
  };
  return {
    asked,
    failing,
    broken,
    slow,
    faults,
    notLooked,
    accounts: [],
    roll: () =>
      Promise.resolve({
        consumers: [...services.values()].map(({ consumer: one }) => one),
        notLooked,
        barred: true,
        late: [],
      }),
    reviser: {
      look: async (name) => {
        const { reached, undone, edition, changedAt, ...deployed } = at(short(name));
        const isBroken = deployed.isBroken || broken.has(short(name));
        const isSlow = slow.has(short(name)) && reached !== undefined;
        const isSettled = !isSlow && elapsedMs(changedAt, clock.now()) >= READY_MS;
        const state = isSettled ? (isBroken ? 'failed' : 'ready') : 'underway';
        const why = isBroken ? 'its port is closed' : undefined;
        return Promise.resolve({ name, reached, undone, state, changedAt, why, resource: { etag: String(edition) } });
      },
      revise: async ({ name, resource }, { reached, undone, pins }) => {
        const before = at(short(name));
        if (resource['etag'] !== String(before.edition)) throw new Fault('stale', 'somebody wrote');
        asked.push(short(name));
        const template = before.consumer.template.map((read) =>
          pins?.isMeant(read) === true ? { ...read, version: pins.to } : read,
        );
        const isBroken = failing.has(short(name)) && reached !== undefined;
        const changed = { reached, undone, isBroken, edition: before.edition + 1, changedAt: clock.now() };
        services.set(short(name), { consumer: { ...before.consumer, template }, ...changed });
        return Promise.resolve();
      },
    },
    add(name, fields = {}) {
      const changedAt = plusMs(clock.now(), -READY_MS);
      services.set(name, { consumer: consumer({ name, ...fields }), edition: 1, changedAt, isBroken: false });
    },
    remove: (name) => void services.delete(name),
    deploy(name) {
      const { consumer: one, edition, undone } = at(name);
      services.set(name, { consumer: one, undone, edition: edition + 1, changedAt: clock.now(), isBroken: false });
    },
    marks(name) {
      const { reached, undone } = at(name);
      return [reached, undone];
    },
    pin: (name) => at(name).consumer.template[0]?.version,
  };
}
