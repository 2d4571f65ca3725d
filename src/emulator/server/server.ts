import { stderr } from 'node:process';
import { inspect } from 'node:util';
import { API_KEYS_DEFAULTS, type ApiKeysSwitches } from '../api-keys/switches.ts';
import { movableClock, type MovableClock } from '../world/clock.ts';
import { controlSurface } from '../control/control.ts';
import { faultBoard, type FaultBoard } from '../wire/faults.ts';
import { answered, startFrontEnd } from '../wire/rest/front-end.ts';
import type { Reply, Request, Service } from '../wire/http.ts';
import { MEASURED_PROPAGATION, type Propagation } from '../world/keyring.ts';
import { oidcIssuer, type Oidc } from '../world/oidc.ts';
import { notServedMethods } from '../wire/not-served.ts';
import { requestLog, type HeardRequest } from '../wire/request-log.ts';
import { freshWorld, type World } from '../control/world.ts';

/** How to start the pretend cloud; every switch has a sensible default. */
export interface PretendCloudOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Address to listen on; 127.0.0.1, the default, lets nobody in from elsewhere. */
  readonly host?: string;
  /** Source of time in milliseconds; the machine's clock by default. */
  readonly base?: () => number;
  /** The clock itself, when services of the caller's own run on it too. */
  readonly clock?: MovableClock;
  /** Milliseconds between looks at what became due without a request; none by default. Never keeps a process alive. */
  readonly tickMs?: number;
  /** Repeats the same uids, key strings and flapping. */
  readonly seed?: string;
  /** Project ids with the numbers they shall have. */
  readonly projects?: Readonly<Record<string, string>>;
  readonly propagation?: Partial<Propagation>;
  readonly apiKeys?: Partial<ApiKeysSwitches>;
  readonly monitoringLagMs?: number;
  /** How Monitoring labels the use of bound keys; `apikey` by default. */
  readonly boundKeysAs?: 'apikey' | 'serviceaccount';
  /** Whom the metadata server speaks for, and in which project. */
  readonly metadata?: { readonly email: string; readonly project: string };
  /** Time of issue of ID tokens: the machine's, because libraries verify them against that. */
  readonly tokenTime?: () => number;
  /** Further services, asked before the built-in ones. */
  readonly services?: readonly Service[];
  /** Prints the stack of a bug in the pretend cloud to stderr, besides answering 500. */
  readonly printBugs?: boolean;
}

/** A running pretend cloud: one loopback port that serves every Google API the worker uses. */
export interface PretendCloud extends Omit<World, 'services'> {
  /** `http://127.0.0.1:PORT`, without a closing slash. */
  readonly url: string;
  readonly port: number;
  readonly clock: MovableClock;
  readonly faults: FaultBoard;
  readonly oidc: Oidc;
  /** The answer to a REST request that did not come over HTTP, as those over gRPC do not. */
  answer(request: Request): Promise<Reply>;
  /** Notes a request in the log; `status` is 0 when the caller got no answer. */
  heard(request: Request, status: number): void;
  /** What was asked of it, oldest first, without the control surface. */
  requests(): readonly HeardRequest[];
  /** Moves the clock, lets what became due happen, and waits for pushes on their way. */
  advance(milliseconds: number): Promise<void>;
  /** Forgets everything but the time. The parts of the new world are other objects than before. */
  reset(): void;
  /** Ends idle and open sockets at once. */
  close(): Promise<void>;
}

const USUAL_METADATA = { email: 'key-warden@demo-project.iam.gserviceaccount.com', project: 'demo-project' };
const HALF_AN_HOUR_MS = 30 * 60_000;

function printed(error: unknown): void {
  stderr.write(`${inspect(error)}\n`);
}

/** Starts the pretend cloud on 127.0.0.1. Rejects when the port is taken. */
export async function startPretendCloud(options: PretendCloudOptions = {}): Promise<PretendCloud> {
  const clock = options.clock ?? movableClock(options.base);
  const metadata = options.metadata ?? USUAL_METADATA;
  const oidc = await oidcIssuer({
    now: options.tokenTime ?? Date.now,
    metadataEmail: metadata.email,
    metadataProject: metadata.project,
    accessToken(email) {
      const token = world.identities.accessToken();
      world.iam.register(token, email);
      return token;
    },
  });
  const build = (): World =>
    freshWorld({
      clock,
      seed: options.seed ?? 'pretend cloud',
      projects: options.projects ?? {},
      metadataProject: metadata.project,
      propagation: { ...MEASURED_PROPAGATION, ...options.propagation },
      apiKeys: { ...API_KEYS_DEFAULTS, ...options.apiKeys },
      monitoringLagMs: options.monitoringLagMs ?? HALF_AN_HOUR_MS,
      boundKeysAs: options.boundKeysAs ?? 'apikey',
      idToken: oidc.idToken,
    });
  const newLog = () => requestLog((text) => world.keyring.byString(text) !== undefined);
  const faults = faultBoard();
  let world = build();
  let requests = newLog();

  const settle = async (): Promise<void> => {
    for (const service of [...(options.services ?? []), ...world.services]) await service.settle?.(clock.now());
  };
  const settled = async (): Promise<void> => {
    await settle();
    await world.pubsub.pump();
  };
  const reset = (): void => {
    world = build();
    requests = newLog();
    faults.clear();
  };
  const control = controlSurface({
    world: () => world,
    reset,
    clock,
    faults,
    requests: { add: (...heard) => requests.add(...heard), all: () => requests.all() },
    oidc,
    settled,
  });
  const heard: PretendCloud['heard'] = (request, status) => {
    const { email = 'owner' } = world.iam.callerOf(request.headers['authorization']);
    requests.add(request, status, email, clock.now());
  };
  const host = options.host ?? '127.0.0.1';
  const inside = {
    services: () => [...(options.services ?? []), control, ...world.services, notServedMethods, oidc],
    settle,
    bug: options.printBugs === true ? printed : () => undefined,
  };
  const front = await startFrontEnd({
    ...inside,
    now: () => clock.now(),
    host,
    faults,
    heard,
    port: options.port ?? 0,
  });
  const ticking = options.tickMs === undefined ? undefined : setInterval(() => void settle(), options.tickMs).unref();

  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${front.port}`,
    port: front.port,
    clock,
    faults,
    oidc,
    get names() {
      return world.names;
    },
    get iam() {
      return world.iam;
    },
    get identities() {
      return world.identities;
    },
    get keyring() {
      return world.keyring;
    },
    get meter() {
      return world.meter;
    },
    get accounts() {
      return world.accounts;
    },
    get organisation() {
      return world.organisation;
    },
    get hierarchy() {
      return world.hierarchy;
    },
    get assets() {
      return world.assets;
    },
    get switches() {
      return world.switches;
    },
    get pubsub() {
      return world.pubsub;
    },
    get scheduler() {
      return world.scheduler;
    },
    get shelf() {
      return world.shelf;
    },
    get logging() {
      return world.logging;
    },
    get run() {
      return world.run;
    },
    get functions() {
      return world.functions;
    },
    get instances() {
      return world.instances;
    },
    get secrets() {
      return world.secrets;
    },
    answer: (request) => answered(inside, request),
    heard,
    requests: () => requests.all(),
    async advance(milliseconds) {
      clock.advance(milliseconds);
      await settled();
    },
    reset,
    close() {
      clearInterval(ticking);
      return front.close();
    },
  };
}
