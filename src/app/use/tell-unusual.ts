import { unusualUseOf, unusualUseOfNobody, type UnusualKey } from '../../core/alerts/unusual-use.ts';
import { geminiReach } from '../../core/google/key-restrictions.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { deepRequestsMax } from '../../core/health/deep-schedule.ts';
import type { Rest } from '../../core/record/journal.ts';
import { valueOf } from '../../core/record/part.ts';
import { changeOf } from '../../core/record/secret-record.ts';
import type { OwnRequests } from '../../core/rotation/rhythm.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { unusualUseIn, type UnusualUse } from '../../core/use/judge-use.ts';
import { pastUseOf } from '../../core/use/past-use.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Holder, Holders } from '../listing/holders.ts';
import type { Scope } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { CountedKey } from '../ports/project-meter.ts';
import type { Announcer, Clock, IssuedKey, Issuer, SecretSighting, Vault } from '../ports/ports.ts';

export interface TellPorts {
  readonly vault: Vault;
  readonly issuer: Pick<Issuer, 'list' | 'keyString'>;
  readonly clock: Clock;
  readonly announcer: Announcer;
}

export interface TellOrder extends Omit<Scope, 'secrets'> {
  readonly secretPolicy: SecretPolicy;
}

/** What a look has found in a project. */
export interface Unusual {
  readonly project: string;
  readonly unusual: readonly { readonly uid: string; readonly key: CountedKey; readonly use: UnusualUse }[];
  readonly hours: readonly Instant[];
  readonly until: Instant;
  readonly counted: ReadonlySet<Instant>;
  /** Asked only where something is unusual, and read once for all projects of a run. */
  readonly holders: Holders;
}

/**
 * Tells of keys that are used unusually, each to whoever serves it. Only now is looked up whose they are, by reading the key at its issuer
 * and comparing: a name on record is no proof. Keys that do not reach Gemini are nobody's concern here. Answers its troubles.
 */
export async function tellUnusual(ports: TellPorts, order: TellOrder, found: Unusual): Promise<readonly string[]> {
  const told = await attempt(async () => {
    const wanted = new Map(found.unusual.map((one) => [one.uid, one]));
    for await (const issued of ports.issuer.list(found.project, false)) {
      const one = wanted.get(issued.uid);
      if (one === undefined || geminiReach(issued.restrictions) === undefined) continue;
      await tellOf(ports, order, { ...found, ...one, issued });
    }
  });
  if (!(told instanceof Fault)) return [];
  return [`unusual use of a key of project ${found.project} is not told to its owners yet: ${told.message}`];
}

interface OneKey extends Omit<Unusual, 'unusual'> {
  readonly key: CountedKey;
  readonly issued: IssuedKey;
}

async function tellOf(
  { vault, issuer, announcer }: TellPorts,
  { secretPolicy }: TellOrder,
  found: OneKey,
): Promise<void> {
  const { key, issued, holders, hours, until, counted, project } = found;
  const serving = await holders.othersOf(await issuer.keyString(issued.name), NO_SECRET);
  const holding = await Promise.all(serving.map(async (holder) => ({ holder, seen: await vault.look(holder.secret) })));
  const own = ownRequests(holding, secretPolicy);
  const use = unusualUseIn(pastUseOf(key, { counted, until }, own), hours);
  if (use === undefined) return;
  const unusual: UnusualKey = { key: issued.name, project, use, methods: key.lastMethods };
  if (serving.length === 0) await announcer.announce(unusualUseOfNobody(unusual));
  for (const { holder, seen } of holding) {
    const rest = restToRotate(holder, seen, secretPolicy);
    const { secret, version } = holder;
    await announcer.announce(
      unusualUseOf(unusual, { secret, version, project: projectIn(secret), isDue: rest !== undefined }),
    );
    if (rest === undefined) continue;
    const rotation: Rest = { ...rest, due: { since: use.hour, reason: 'use' } };
    await vault.commit(seen, { annotations: changeOf(seen.record, { rotation }) });
  }
}

/**
 * The rest of a secret that is to be rotated, by its policy and because consumers read the key as `current`. What is under way, or due
 * already, is left as it is: unusual use hurries nothing.
 */
function restToRotate({ readAs }: Holder, { record }: SecretSighting, underneath: SecretPolicy): Rest | undefined {
  const { rotation } = secretPolicyOf(record, underneath).secretPolicy;
  const journal = valueOf(record.rotation);
  if (rotation.rotateWhenUnusual === 0 || readAs !== 'current') return undefined;
  return journal?.phase === 'resting' && journal.due === undefined ? journal : undefined;
}

/** No secret is left out of those that are asked who serves a key. */
const NO_SECRET = '';

interface Holding {
  readonly holder: Holder;
  readonly seen: SecretSighting;
}

/** As many as our own deep probes of all who serve it may be. */
function ownRequests(holding: readonly Holding[], underneath: SecretPolicy): OwnRequests {
  const probed = new Map(
    holding.map(({ seen: { name, record } }) => [
      name,
      secretPolicyOf(record, underneath).secretPolicy.checks.deepEveryHours,
    ]),
  );
  return (hour) => [...probed].reduce((sum, [name, everyHours]) => sum + deepRequestsMax(name, everyHours, hour), 0);
}
