import type { SecretName } from '../../../src/app/ports/ports.ts';
import { POLICY_ANNOTATION } from '../../../src/core/record/policy-text.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { MODULE_DEFAULTS } from '../../papers/cost.ts';
import type { MemoryIssuer } from '../../support/twins/memory-issuer.ts';
import type { MemoryVault } from '../../support/twins/memory-vault.ts';
import type { KeyLife, Keys } from './keys.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What is special about a secret; most are `usual`. */
export type Part =
  | 'usual'
  | 'dead'
  | 'denied'
  | 'by hand'
  | 'unlabelled'
  | 'sticky'
  | 'document'
  | 'shared'
  | 'written back'
  | 'alias taken'
  | 'taken back'
  | 'leaked';

/** A secret of the fleet, and what its story must come to. */
export interface Member {
  readonly secret: SecretName;
  readonly project: string;
  readonly part: Part;
  /** Whose it is. */
  readonly team: string;
  readonly createdAt: Instant;
  /** How long consumers go on with the old key after a promotion. */
  readonly holdMs: number;
  /** Whether its consumers are a service of Cloud Run, to which a new key is brought. */
  readonly onRun: boolean;
  /** What its own policy adds to the team’s rules. */
  readonly own: OwnRules;
  /** The key that it began with, which two may share. */
  readonly key: KeyLife;
  /** How consumers expect a value to be made up. */
  readonly around: (key: string) => string;
}

/** Rules that one secret has beside those of the settings. */
export interface OwnRules {
  readonly windows?: string;
  readonly approval?: number;
}

/** By the order of creation, and by the project. */
export type OwnRulesOf = (at: number, project: string) => OwnRules;

export interface FleetPlan {
  readonly keys: number;
  readonly keysPerProject: number;
  /** Over how many days they were created; 0 is one afternoon. */
  readonly spreadDays: number;
  /** The first is created then. */
  readonly from: Instant;
  readonly random: () => number;
  /** By the order of creation. */
  readonly parts?: Readonly<Record<number, Part>>;
  readonly ownRulesOf?: OwnRulesOf;
}

/** One in so many of the usual secrets is read by a service of Cloud Run. */
const RUN_EVERY = 3;

/** Teams that own the secrets, in turn: `team-0`, `team-1` … */
export const TEAMS = 7;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Who has which part, by the order of creation; each in a project of its own as far as there are enough. */
const PARTS: readonly Part[] = [
  'dead',
  'denied',
  'by hand',
  'unlabelled',
  'sticky',
  'dead',
  'by hand',
  'document',
  'shared',
  'shared',
  'written back',
  'alias taken',
  'taken back',
  'leaked',
  'leaked',
  'leaked',
];

const alone = (key: string): string => key;
const inDocument = (key: string): string => `{\n  "gemini" : "${key}",\n  "other":"sk-1"\n}\n`;

export interface FleetParts {
  readonly time: VirtualTime;
  readonly vault: MemoryVault;
  readonly issuer: MemoryIssuer;
  readonly keys: Keys;
}

/** Makes the secrets as a platform team does: all by one script, each with a key from the console in it. */
export async function createFleet(
  { time, vault, issuer, keys }: FleetParts,
  { keys: count, keysPerProject, spreadDays, from, random, parts = PARTS, ownRulesOf }: FleetPlan,
): Promise<readonly Member[]> {
  const fleet: Member[] = [];
  const projects = Math.ceil(count / keysPerProject);
  const stepMs = spreadDays === 0 ? 2_000 : Math.floor((spreadDays * DAY_MS) / count);
  for (let at = 0; at < count; at += 1) {
    time.jumpTo(plusMs(from, at * stepMs));
    const part = parts[at] ?? 'usual';
    const twin = part === 'shared' ? fleet.find((member) => member.part === part) : undefined;
    const project = twin?.project ?? String(100_000_000_001 + (at % projects));
    const team = `team-${at % TEAMS}`;
    const onRun = part === 'usual' && at % RUN_EVERY === 0;
    const around = part === 'document' ? inDocument : alone;
    const own = ownRulesOf?.(at, project) ?? {};
    const secret = vault.create({ project, location: 'global' }, `gemini-${String(at).padStart(5, '0')}`, {
      labels: { 'key-warden': 'managed', team },
      destroyDelayMs: MODULE_DEFAULTS.versionDestroyHours * HOUR_MS,
      annotations: { [POLICY_ANNOTATION]: policyOf(part, onRun, own) },
    });
    const createdAt = time.clock.now();
    const key = twin?.key ?? (await consoleKey({ issuer, keys }, project));
    await vault.add(secret, new TextEncoder().encode(around(key.characters)));
    await vault.commit(await vault.look(secret), { aliases: { current: 1 } });
    key.usedFrom ??= createdAt;
    key.servedBy.add(secret);
    const holdMs = part === 'sticky' ? 9 * DAY_MS : Math.round((0.2 + 7.8 * random()) * HOUR_MS);
    fleet.push({ secret, project, part, team, createdAt, holdMs, onRun, own, key, around });
  }
  return fleet;
}

/** The settings let a dead key be replaced without asking, and bring keys to labelled consumers: most secrets ask for neither. */
function policyOf(part: Part, onRun: boolean, own: OwnRules): string {
  const asked = { ...(part === 'dead' ? {} : { rotateWhenDead: 0 }), ...(onRun ? {} : { reachConsumers: 0 }) };
  return JSON.stringify({ v: 1, ...asked, ...own });
}

/** A key as AI Studio makes it: its name says nothing about where it is kept. */
export async function consoleKey({ issuer, keys }: Pick<FleetParts, 'issuer' | 'keys'>, project: string) {
  const issued = issuer.plant({
    project,
    displayName: 'Gemini API Key',
    restrictions: { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] },
    serviceAccountEmail: `gemini@project-${project}.iam.gserviceaccount.com`,
  });
  return keys.born(issued, (await issuer.keyString(issued.name)).reveal());
}
