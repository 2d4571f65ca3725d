import { unusualUseOf, unusualUseOfNobody, type UnusualKey } from '../../core/alerts/unusual-use.ts';
import { geminiReach } from '../../core/google/key-restrictions.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { deepRequestsMax } from '../../core/health/deep-schedule.ts';
import type { OwnRequests } from '../../core/rotation/rhythm.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { unusualUseIn, type UnusualUse } from '../../core/use/judge-use.ts';
import { pastUseOf } from '../../core/use/past-use.ts';
import type { Instant } from '../../core/values/time.ts';
import { holdersIn, type Holder, type Holders } from '../listing/holders.ts';
import type { Scope } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { CountedKey } from '../ports/project-meter.ts';
import type { Announcer, Clock, IssuedKey, Issuer, Vault } from '../ports/ports.ts';

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
}

/**
 * Tells of keys that are used unusually, each to whoever serves it. Only now is looked up whose they are, by reading the key at its issuer
 * and comparing: a name on record is no proof. Keys that do not reach Gemini are nobody's concern here. Answers its troubles.
 */
export async function tellUnusual(ports: TellPorts, order: TellOrder, found: Unusual): Promise<readonly string[]> {
  const holders = holdersIn(ports, order);
  const told = await attempt(async () => {
    const wanted = new Map(found.unusual.map((one) => [one.uid, one]));
    for await (const issued of ports.issuer.list(found.project, false)) {
      const one = wanted.get(issued.uid);
      if (one === undefined || geminiReach(issued.restrictions) === undefined) continue;
      await tellOf(ports, order, { ...found, ...one, issued, holders });
    }
  });
  if (!(told instanceof Fault)) return [];
  return [`unusual use of a key of project ${found.project} is not told to its owners yet: ${told.message}`];
}

interface OneKey extends Omit<Unusual, 'unusual'> {
  readonly key: CountedKey;
  readonly issued: IssuedKey;
  readonly holders: Holders;
}

async function tellOf(
  { vault, issuer, announcer }: TellPorts,
  { secretPolicy }: TellOrder,
  found: OneKey,
): Promise<void> {
  const { key, issued, holders, hours, until, counted, project } = found;
  const serving = await holders.othersOf(await issuer.keyString(issued.name), NO_SECRET);
  const own = await ownRequests(vault, serving, secretPolicy);
  const use = unusualUseIn(pastUseOf(key, { counted, until }, own), hours);
  if (use === undefined) return;
  const unusual: UnusualKey = { key: issued.name, project, use, methods: key.lastMethods };
  if (serving.length === 0) await announcer.announce(unusualUseOfNobody(unusual));
  for (const { secret, version } of serving)
    await announcer.announce(unusualUseOf(unusual, { secret, version, project: projectIn(secret) }));
}

/** No secret is left out of those that are asked who serves a key. */
const NO_SECRET = '';

/** As many as our own deep probes of all who serve it may be. */
async function ownRequests(vault: Vault, serving: readonly Holder[], underneath: SecretPolicy): Promise<OwnRequests> {
  const names = [...new Set(serving.map(({ secret }) => secret))];
  const probed = await Promise.all(
    names.map(async (name) => {
      const { record } = await vault.look(name);
      return [name, secretPolicyOf(record, underneath).secretPolicy.checks.deepEveryHours] as const;
    }),
  );
  return (hour) => probed.reduce((sum, [name, everyHours]) => sum + deepRequestsMax(name, everyHours, hour), 0);
}
