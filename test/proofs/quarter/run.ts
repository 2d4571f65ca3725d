import { Fault } from '../../../src/app/ports/fault.ts';
import type { WholeRoll } from '../../../src/app/consumers/readers.ts';
import type { Revisable, Reviser } from '../../../src/app/ports/reviser.ts';
import { REACH_LABEL } from '../../../src/core/consumers/asked-for.ts';
import type { Consumer } from '../../../src/core/consumers/consumer.ts';
import { parseSecretName } from '../../../src/core/google/resource-names.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import type { Member } from './fleet.ts';

/** A service of Cloud Run whose variable names `current` of one secret. */
interface Deployed {
  readonly member: Member;
  readonly name: string;
  etag: number;
  reached: string | undefined;
  undone: string | undefined;
  /** When its newest revision was made, and has the traffic. */
  changedAt: Instant;
  readyAt: Instant;
  /** When the revision was made that serves. */
  since: Instant;
  /** Every mark that a revision of it was made for. */
  readonly marks: string[];
}

/** Cloud Run in memory, as far as one service for each of these secrets goes. */
export interface MemoryRun {
  roll(secrets: readonly string[]): WholeRoll;
  readonly reviser: Reviser;
  /** By the secret: every mark that a revision was made for. */
  marks(): ReadonlyMap<string, readonly string[]>;
}

/** How long a revision takes to be ready and have all the traffic. */
const READY_MS = 40_000;

export interface RunParts {
  readonly now: () => Instant;
  /** At that moment no instance of the revision before has a request any more. */
  readonly brought: (secret: string, at: Instant) => void;
}

/** Every service is labelled as one that may be brought along. */
export function memoryRun({ now, brought }: RunParts, members: readonly Member[]): MemoryRun {
  const services = new Map(members.map((member) => [nameFor(member), deployed(member)]));
  const found = (name: string): Deployed => {
    const one = services.get(name);
    if (one === undefined) throw new Fault('not_found', `there is no ${name}`);
    return one;
  };
  return {
    roll: (secrets) => ({
      consumers: [...services.values()].filter(({ member }) => secrets.includes(member.secret)).map(consumerOf),
      notLooked: [],
      barred: false,
      late: [],
    }),
    marks: () => new Map([...services.values()].map(({ member, marks }) => [member.secret, marks])),
    reviser: {
      look(name) {
        const one = found(name);
        const { etag, reached, undone, changedAt, readyAt } = one;
        const isReady = now() >= readyAt;
        if (isReady) one.since = changedAt;
        const state = isReady ? 'ready' : 'underway';
        const seen: Revisable = { name, resource: { etag: String(etag) }, reached, undone, state, changedAt };
        return Promise.resolve(seen);
      },
      revise({ name, resource }, { reached, undone }) {
        const one = found(name);
        if (resource['etag'] !== String(one.etag)) throw new Fault('stale', `${name} was changed meanwhile`);
        Object.assign(one, { etag: one.etag + 1, reached, undone, changedAt: now(), readyAt: plusMs(now(), READY_MS) });
        one.marks.push(reached ?? '');
        brought(one.member.secret, one.readyAt);
        return Promise.resolve();
      },
    },
  };
}

function nameFor({ secret, project }: Member): string {
  return `projects/${project}/locations/europe-west1/services/app-${secret.slice(secret.lastIndexOf('/') + 1)}`;
}

function deployed(member: Member): Deployed {
  const { createdAt } = member;
  return {
    member,
    name: nameFor(member),
    etag: 1,
    reached: undefined,
    undone: undefined,
    changedAt: createdAt,
    readyAt: createdAt,
    since: createdAt,
    marks: [],
  };
}

function consumerOf({ member, name, since }: Deployed): Consumer {
  const id = parseSecretName(member.secret);
  const reads = id === undefined ? [] : [{ secret: id, version: 'current', by: 'variable', at: 'KEY' } as const];
  return {
    kind: 'service',
    name,
    project: member.project,
    region: 'europe-west1',
    labels: { [REACH_LABEL]: 'on' },
    deployedBy: 'hand',
    template: reads,
    running: [{ name: 'app-1', since, share: 100, reads }],
    follows: true,
  };
}
