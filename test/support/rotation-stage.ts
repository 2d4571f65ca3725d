import { leakedPurgeOf } from '../../src/app/purge/purge-leaked.ts';
import type { ActInput } from '../../src/app/rotation/acts/act-input.ts';
import type { Holders } from '../../src/app/listing/holders.ts';
import type { SharedKey } from '../../src/app/listing/shared-key.ts';
import type { IssuedKey } from '../../src/app/ports/ports.ts';
import type { RotatePorts } from '../../src/app/rotation/drive.ts';
import type { TickOrder } from '../../src/app/rotation/tick.ts';
import type { InFlight, Journal } from '../../src/core/record/journal.ts';
import type { SecretPolicy } from '../../src/core/settings/secret-policy.ts';
import { ROTATION_ANNOTATION } from '../../src/core/record/journal-text.ts';
import { readJournal, writeJournal } from './annotations.ts';
import { SECRET_MARK } from '../../src/app/keys/key-marks.ts';
import { DEFAULT_CHECK_POLICY } from '../../src/core/health/check-policy.ts';
import { memoryIssuer, type MemoryIssuer } from './twins/memory-issuer.ts';
import { memoryMeter, type MemoryMeter } from './twins/memory-meter.ts';
import { WORKING } from './twins/memory-prober.ts';
import { inFlight, POLICY } from './journals.ts';
import { GOOD_KEY, SCOPE, stage, type Stage } from './stage.ts';

/** Answers that say nothing against the key: a refusal without a reason, a busy server, too many requests. */
export const DENIED = { status: 403, body: { error: { code: 403, message: 'no', status: 'PERMISSION_DENIED' } } };
export const OVERLOADED = { status: 503, body: { error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } } };

export const THROTTLED = { status: 429, body: { error: { code: 429, message: 'slow', status: 'RESOURCE_EXHAUSTED' } } };

/** Nobody else serves any key. */
export const NOBODY: Holders = {
  othersOf: () => Promise.resolve([]),
  othersBeforeDeletion: () => Promise.resolve([]),
  listed: () => Promise.resolve([]),
  notLooked: () => [],
};

export const NOT_SHARED: SharedKey = { holders: [], notLooked: [] };

/** A stage with an issuer, a meter and one secret, `GOOD_KEY` its version 1 and current. */
export interface RotationStage extends Omit<Stage, 'ports' | 'secret'> {
  readonly ports: RotatePorts;
  readonly issuer: MemoryIssuer;
  readonly meter: MemoryMeter;
  readonly secret: string;
  /** A scene at a journal, which need not be on disk. */
  scene(journal: Partial<InFlight>, fields?: Partial<ActInput>): ActInput;
  order(fields?: Partial<TickOrder>): TickOrder;
  /** Adds a version with these characters; answers its number. */
  add(characters: string): Promise<number>;
  /** A key at the issuer that works and was made for the secret; answers it with its characters. */
  key(id?: string): Promise<{ readonly issued: IssuedKey; readonly characters: string }>;
  /** Puts a journal on disk. */
  write(journal: Journal): Promise<void>;
  journal(): Promise<Journal | undefined>;
  /** The states of all versions, oldest first. */
  states(): Promise<readonly string[]>;
  works(characters: string): void;
}

export async function rotationStage(versions: readonly string[] = [GOOD_KEY]): Promise<RotationStage> {
  const base = stage();
  const { vault, prober, clock } = base;
  const issuer = memoryIssuer(clock.now);
  const meter = memoryMeter();
  const secret = await base.secret('gemini', versions, { current: 1 });
  const ports: RotatePorts = {
    ...base.ports,
    issuer,
    meter,
    purgeLeaked: leakedPurgeOf({ scopes: [SCOPE], concurrency: 2 }),
  };
  const secretPolicy: SecretPolicy = {
    checks: { ...DEFAULT_CHECK_POLICY, confirmAnswers: 1 },
    rotation: POLICY,
    mint: { keyProject: SCOPE.project, keyKind: 'standard' },
  };
  const { checks, rotation: policy, mint } = secretPolicy;
  const keyProject = SCOPE.project;
  const works = (characters: string): void => {
    prober.script(characters, 'list', WORKING.list);
    prober.script(characters, 'generate', WORKING.generate);
  };
  return {
    ...base,
    ports,
    issuer,
    meter,
    secret,
    works,
    scene: (journal, fields = {}) => ({
      ports,
      secret,
      policy,
      checks,
      mint,
      keyProject,
      project: SCOPE.project,
      keyProjects: [keyProject],
      journal: inFlight(journal),
      ...fields,
    }),
    order: (fields = {}) => ({ secret, secretPolicy, me: 'worker-1', ...fields }),
    add: async (characters) => (await vault.add(secret, new TextEncoder().encode(characters))).number,
    async key(id) {
      const annotations = { [SECRET_MARK]: secret };
      const issued = issuer.plant({ project: SCOPE.project, annotations, ...(id === undefined ? {} : { keyId: id }) });
      const characters = (await issuer.keyString(issued.name)).reveal();
      works(characters);
      return { issued, characters };
    },
    async write(journal) {
      const sighting = await vault.look(secret);
      await vault.commit(sighting, { annotations: { [ROTATION_ANNOTATION]: writeJournal(journal) } });
    },
    journal: async () => readJournal((await vault.look(secret)).annotations[ROTATION_ANNOTATION]),
    states: async () => (await vault.versions(secret)).toReversed().map(({ state }) => state),
  };
}
