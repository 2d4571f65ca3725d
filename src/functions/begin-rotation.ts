import type { SecretName } from '../app/ports/ports.ts';
import { readersJson, type ReadersJson } from '../app/consumers/readers-json.ts';
import { holdersIn } from '../app/listing/holders.ts';
import { budgetOf } from '../app/listing/pace.ts';
import { sharedKeyOf, sharedKeyText } from '../app/listing/shared-key.ts';
import type { Scope } from '../app/listing/gather.ts';
import { deleteBy, deleteByText } from '../app/purge/delete-by.ts';
import { rehearsalJson } from '../app/rehearsal/json.ts';
import { lookingOnce, rehearse, type RehearsalPorts } from '../app/rehearsal/rehearse.ts';
import { noteEnd, type BadEnds } from '../app/rotation/drive.ts';
import { projectsTooFull, requestsFor, startAll } from '../app/rotation/holders-too.ts';
import { start } from '../app/rotation/start.ts';
import type { Step, TickOrder } from '../app/rotation/tick.ts';
import type { Asked } from '../core/rotation/plan.ts';
import type { Settings } from '../core/settings/settings.ts';
import { projectIn } from '../core/google/resource-names.ts';
import type { Caller } from '../edge/process/callers.ts';
import type { Reply } from './http.ts';
import type { RotateRequest } from './rotate-request.ts';
import { replyOf } from './rotation-reply.ts';

/** What the function brings to every call. */
export type RotateOrder = Pick<TickOrder, 'me' | 'secretPolicy'> &
  Omit<Scope, 'secrets'> & {
    readonly budgetSeconds: number;
    /** Least minutes that other holders of a leaked key have. */
    readonly sharedKeyMinutesMin: number;
    /** The secret on which silences of more than one secret stand. */
    readonly silences?: SecretName | undefined;
    /** Emergencies that reports of leaks may begin within an hour. */
    readonly leakEmergencies?: number | undefined;
    /** Where planned rotations wait for a second person, and how long. */
    readonly approval?: Settings['approval'] | undefined;
  };

/** Begins a rotation under the caller’s verified email, and one for each other holder of the key where that is asked for, or rehearses it. */
export async function beginRotation(
  ports: RehearsalPorts,
  order: RotateOrder,
  asked: RotateRequest,
  { caller, by }: Caller,
): Promise<Reply> {
  const { secret, mode, requestId, replace, mint } = asked;
  const { me, secretPolicy, budgetSeconds, sharedKeyMinutesMin: minutesMin } = order;
  const { atTheLatestMinutes: minutes } = asked;
  if (minutes !== undefined && minutes < minutesMin)
    return { status: 400, why: `atTheLatestMinutes must be ${minutesMin} or more (KEY_WARDEN_SHARED_KEY_MINUTES_MIN)` };
  const inTime = budgetOf(ports, budgetSeconds);
  const emergency = mode === 'emergency';
  const opening = openingOf(asked, by);
  const wanted = { me, secretPolicy, secret, asked: opening };
  const named = { secret, version: replace, secretPolicy, keyField: mint.keyField };
  const shared = await sharedKeyOf(ports.vault, holdersIn(ports, order), named);
  if (asked.dryRun) {
    const looking = lookingOnce(ports);
    const rehearsal = await rehearse(looking, wanted);
    const readers = await readersWanted(looking, secret, secretPolicy);
    return { status: 200, body: rehearsalJson(rehearsal, shared, readers) };
  }
  for (const line of sharedKeyText(shared)) ports.log.write('WARNING', `${secret}: ${line}`, { secret });
  const ends: BadEnds = { failures: [], leaks: [] };
  const watch = (step: Step): void => noteEnd(ends, step);
  const others = asked.allHolders ? requestsFor(wanted, shared.holders) : [];
  const full = others.length === 0 ? [] : await projectsTooFull(ports, [wanted, ...others]);
  if (full.length > 0 && !emergency) return { status: 422, why: `nothing was begun: ${full.join('; ')}` };
  for (const why of full) ports.log.write('WARNING', why, { secret });
  const all =
    others.length === 0
      ? { started: await start(ports, wanted, watch), others: [] }
      : await startAll(ports, wanted, others, inTime, watch);
  ports.log.write('NOTICE', `rotation asked for by ${caller}: ${all.started.outcome}`, { secret, requestId });
  const deletion =
    minutes !== undefined && 'step' in all.started
      ? deleteByText(await deleteBy(ports, { secret, project: projectIn(secret), minutes, secretPolicy, shared }))
      : undefined;
  if (deletion !== undefined) ports.log.write('WARNING', deletion, { secret });
  return replyOf(
    { secret, shared, others: all.others, deletion },
    all.started,
    ends.failures.at(-1),
    ends.leaks.at(-1),
  );
}

/** Who reads a secret, where the settings let the worker look. */
async function readersWanted(
  { readers, vault }: RehearsalPorts,
  secret: string,
  { rotation }: RotateOrder['secretPolicy'],
): Promise<ReadersJson | undefined> {
  if (readers === undefined || rotation.lookAtConsumers === 0) return undefined;
  const { name } = await vault.look(secret);
  return readersJson(await readers({ name, given: secret }));
}

function openingOf({ mode, reason, requestId, mint, alone, replace }: RotateRequest, by: Caller['by']): Asked {
  const emergency = mode === 'emergency';
  return {
    reason: emergency ? 'leaked' : 'request',
    note: reason,
    by,
    candidate: 'minted',
    emergency,
    requestId,
    mint,
    ...(alone === undefined ? {} : { alone }),
    ...(replace === undefined ? {} : { from: replace }),
  };
}
