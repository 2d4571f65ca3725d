import { KEYS_MAX } from '../../core/fleet/key-quota.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import { secretPolicyOf } from '../../core/settings/secret-policy.ts';
import { plural } from '../../core/values/plural.ts';
import { countKeys } from '../keys/count-keys.ts';
import type { Holder } from '../listing/holders.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName } from '../ports/ports.ts';
import { drive, type RotatePorts } from './drive.ts';
import { isNotBegun, start, type Started } from './start.ts';
import type { Step, TickOrder } from './tick.ts';

/** A request to rotate one secret, which all who serve its key may be asked to follow. */
export type RotationRequest = TickOrder & { readonly asked: Asked };

/**
 * The same request for every other holder (I13). The version and the project that were named are the first secret's alone. Read as
 * `previous`, a holder's own rotation is under way: an emergency hurries that one, and nothing else begins another.
 */
export function requestsFor(request: RotationRequest, holders: readonly Holder[]): readonly RotationRequest[] {
  const { asked, project: _, ...order } = request;
  const { from: __, ...wanted } = asked;
  return holders
    .filter(({ readAs }) => asked.emergency || readAs !== 'previous')
    .map(({ secret }) => ({ ...order, secret, asked: wanted }));
}

/**
 * The projects that have no room for the keys that these requests mint, in words: 300 in each, those
 * that were deleted within 30 days perhaps among them. Half of the holders with a key of
 * their own and half without is worse than none, so it is asked first. What cannot be counted is told by the mint.
 */
export async function projectsTooFull(
  { vault, issuer }: Pick<RotatePorts, 'vault' | 'issuer'>,
  requests: readonly RotationRequest[],
): Promise<readonly string[]> {
  const projects: string[] = [];
  for (const { secret, secretPolicy, asked } of requests) {
    const seen = await attempt(() => vault.look(secret));
    // As Google spells it, so that a project's id and its number are not taken for two.
    const { name, own } =
      seen instanceof Fault
        ? { name: secret, own: secretPolicy }
        : { name: seen.name, own: secretPolicyOf(seen.record, secretPolicy).secretPolicy };
    projects.push(asked.mint?.keyProject ?? own.mint.keyProject ?? projectIn(name));
  }
  const missing: string[] = [];
  for (const [project, { length: needed }] of Map.groupBy(projects, (one) => one)) {
    const keys = await attempt(() => countKeys(issuer, project));
    if (keys instanceof Fault || keys.alive + keys.deleted + needed <= KEYS_MAX) continue;
    const has = `project ${project} has ${plural(keys.alive, 'API key')} and ${keys.deleted} that were deleted within 30 days`;
    missing.push(`${has}: ${needed} more, one for each who serves the key, do not fit into ${KEYS_MAX}`);
  }
  return missing;
}

/** What became of one of the other holders. */
export type OtherStarted =
  | { readonly secret: SecretName; readonly is: 'asked'; readonly started: Started }
  | { readonly secret: SecretName; readonly is: 'failed'; readonly why: string };

export interface StartedAll {
  readonly started: Started;
  readonly others: readonly OtherStarted[];
}

/**
 * Begins a rotation of the secret and of every other holder, then takes each as far as it goes while there is time. All are on record before
 * the first is waited for, so that the next run goes on with whatever this one does not get to; what stops one stops no other. In an emergency
 * the key is deleted as soon as the last of them is off it. Nothing is asked of the others where nothing came of the first.
 */
export async function startAll(
  ports: RotatePorts,
  request: RotationRequest,
  others: readonly RotationRequest[],
  inTime: () => boolean,
  watch: (step: Step) => void,
): Promise<StartedAll> {
  const opening = { ...ports, leaving: () => true };
  const first = await start(opening, request, watch);
  if (!isUnderWay(first)) return { started: first, others: [] };
  const asked: OtherStarted[] = [];
  for (const other of others) asked.push(await startOne(opening, other));
  const started = await onwards(ports, request, first, watch);
  const ends: OtherStarted[] = [];
  for (const [at, one] of asked.entries()) {
    const other = others[at];
    const goesOn = one.is === 'asked' && isUnderWay(one.started) && inTime();
    ends.push(goesOn && other !== undefined ? await driveOne(ports, other, one.started) : one);
  }
  if (request.asked.emergency && others.length > 0)
    await ports.purgeLeaked(ports, request.secret, request.secretPolicy);
  return { started, others: ends };
}

type UnderWay = Extract<Started, { readonly step: unknown }>;

function isUnderWay(started: Started): started is UnderWay {
  return 'step' in started && !isNotBegun(started.step);
}

async function startOne(ports: RotatePorts, request: RotationRequest): Promise<OtherStarted> {
  const { secret } = request;
  const started = await attempt(() => start(ports, request, () => undefined));
  return started instanceof Fault ? { secret, is: 'failed', why: started.message } : { secret, is: 'asked', started };
}

async function driveOne(ports: RotatePorts, request: RotationRequest, begun: UnderWay): Promise<OtherStarted> {
  const { secret } = request;
  const started = await attempt(() => onwards(ports, request, begun, () => undefined));
  return started instanceof Fault ? { secret, is: 'failed', why: started.message } : { secret, is: 'asked', started };
}

async function onwards(
  ports: RotatePorts,
  request: RotationRequest,
  { outcome }: UnderWay,
  watch: (step: Step) => void,
): Promise<Started> {
  return { outcome, step: await drive(ports, { ...request, asked: undefined }, watch) };
}
