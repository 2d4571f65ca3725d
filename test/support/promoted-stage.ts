import { reachFleet, type ReachFleetOrder } from '../../src/app/reach/reach-fleet.ts';
import { reachJson } from '../../src/app/reach/reach-json.ts';
import type { RotationPolicy } from '../../src/core/rotation/rotation-policy.ts';
import { DEFAULT_SECRET_POLICY, type SecretPolicy } from '../../src/core/settings/secret-policy.ts';
import { inFlight, POLICY } from './journals.ts';
import { readBy, runTwin } from './reach-stage.ts';
import { rotationStage } from './rotation-stage.ts';
import { GOOD_KEY, SCOPE } from './stage.ts';

const REACHING: Partial<RotationPolicy> = { reachConsumers: 2 };
/** The usual policy, under which consumers are brought along. */
export const policyOf = (rotation: Partial<RotationPolicy>): SecretPolicy => ({
  ...DEFAULT_SECRET_POLICY,
  rotation: { ...POLICY, ...REACHING, ...rotation },
});

/** A secret whose version 2 was just promoted, and services named in order that read it. */
export async function promoted(names: readonly string[]) {
  const stage = await rotationStage([GOOD_KEY, `${GOOD_KEY.slice(0, -3)}new`]);
  const { vault, clock, secret, ports, write } = stage;
  await vault.commit(await vault.look(secret), { aliases: { current: 2 } });
  await write(inFlight({ phase: 'promoted', promotedAt: clock.now() }));
  const run = runTwin(clock);
  const { name } = await vault.look(secret);
  const mark = `${name}=2@kw-1-abc`;
  const add = (id: string, fields: Parameters<typeof run.add>[1] = {}) =>
    run.add(id, { template: [readBy({ project: SCOPE.project })], ...fields });
  for (const id of names) add(id);
  const order: ReachFleetOrder = {
    scopes: [SCOPE],
    secretPolicy: policyOf({}),
    concurrency: 2,
    dryRun: false,
    again: false,
    budgetSeconds: 3600,
  };
  const reach = (fields: Partial<ReachFleetOrder> = {}) =>
    reachFleet({ ...ports, reach: run }, { ...order, ...fields });
  const counts = async (fields: Partial<ReachFleetOrder> = {}) => {
    const { counts: all } = reachJson(await reach(fields));
    return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
  };
  return { ...stage, run, add, reach, counts, mark };
}
