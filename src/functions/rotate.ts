import type { Request } from '@google-cloud/functions-framework';
import type { RehearsalPorts } from '../app/rehearsal/rehearse.ts';
import type { RotatePorts } from '../app/rotation/drive.ts';
import { spokenState } from '../app/on-record/spoken-state.ts';
import { secretStatusJson } from '../app/on-record/status-json.ts';
import { statusOf } from '../app/on-record/status.ts';
import { revoke } from '../app/purge/revoke.ts';
import { revokedJson } from '../app/purge/revoked-json.ts';
import { isWithin, outside } from '../app/listing/within-scope.ts';
import { parseSecretName, projectIn } from '../core/google/resource-names.ts';
import { valueOf } from '../core/record/part.ts';
import { isoOf } from '../core/values/time.ts';
import type { Caller, CallerCheck } from '../edge/process/callers.ts';
import { beginRotation, type RotateOrder } from './begin-rotation.ts';
import { approveGroup, approvePlan } from './approve.ts';
import { beginForLeak } from './begin-for-leak.ts';
import { adoptSecret, forgetSecret, silenceByCaller, silenceManyByCaller, testAlerts } from './care.ts';
import { freezeByCaller } from './freeze-reply.ts';
import { forEmergencyCallers } from './for-emergency-callers.ts';
import { forCallers, type Reply } from './http.ts';
import { isBeyond, mayOnly } from './may-only.ts';
import { rotateRequest, type RotateRequest } from './rotate-request.ts';
import { ROTATION_SCHEMA } from './rotation-reply.ts';
import { steerRotation } from './steer-rotation.ts';

/**
 * POST begins a rotation, or turns the one in flight, and takes it as far as it goes now: 202 with where it stands, 409 when another one is in
 * flight, 403 for an emergency or a revocation that the caller may not ask for, 422 for a secret that is not under care or whose value or policy lets none begin. It also
 * takes a secret under care, silences it, and tries the alert pipeline, for which nobody but the worker needs a right. GET with `?secret=` shows what is on record.
 */
export function rotateFunction(ports: RehearsalPorts, order: RotateOrder, callers: CallerCheck) {
  const { secretPolicy, scopes } = order;
  return forCallers(ports.log, callers, async (request, caller) => {
    if (request.method === 'GET') return isBeyond(caller, undefined) ? mayOnly(caller) : show(ports, order, request);
    if (request.method !== 'POST') return { status: 400, why: 'POST begins or turns a rotation, GET shows one' };
    const asked = rotateRequest(request.rawBody?.toString() ?? '', { ...secretPolicy, ...secretPolicy.mint });
    if ('problems' in asked) return { status: 400, why: asked.problems.join('; ') };
    const { secret, mode } = asked;
    if (isBeyond(caller, mode)) return mayOnly(caller);
    if (mode === 'approve' && asked.group !== undefined) return approveGroup(ports, order, asked, caller);
    if (mode === 'alert-test') return testAlerts(ports, caller);
    const isFreeze = mode === 'freeze' || mode === 'unfreeze';
    if (isFreeze && secret === '') return freezeByCaller(ports, order, asked, caller);
    if (asked.about !== undefined) return silenceManyByCaller(ports, order, { ...asked, about: asked.about }, caller);
    if (!(await isWithin(ports.vault, scopes, secret))) return { status: 422, why: outside(secret) };
    const isGrave = mode === 'emergency' || (mode === 'revoke' && asked.confirm !== undefined);
    if (isGrave && !caller.mayEmergency && !asked.dryRun) return forEmergencyCallers(caller.caller, { ...asked, mode });
    switch (mode) {
      case 'planned':
      case 'emergency':
        return beginRotation(ports, order, asked, caller);
      case 'leaked':
        return beginForLeak(ports, order, asked, caller);
      case 'approve':
        return approvePlan(ports, order, asked, caller);
      case 'revoke':
        return revokeKey(ports, order, asked, caller);
      case 'abort':
      case 'rollback':
      case 'resume':
      case 'cut-off-users':
        ports.log.write('NOTICE', `${mode} asked for by ${caller.caller}`, { secret });
        return steerRotation(ports, { ...order, secret }, { to: mode, ...caller });
      case 'silence':
      case 'end-silence':
        return silenceByCaller(ports, asked, caller);
      case 'freeze':
      case 'unfreeze':
        return freezeByCaller(ports, order, asked, caller);
      case 'init':
        return adoptSecret(ports, order, asked, caller);
      case 'forget':
        return forgetSecret(ports, asked, caller);
    }
  });
}

async function revokeKey(
  ports: RehearsalPorts,
  { secretPolicy, scopes, concurrency }: RotateOrder,
  { secret, confirm, dryRun }: RotateRequest,
  { caller, by }: Caller,
): Promise<Reply> {
  const order = { secret, project: projectIn(secret), secretPolicy, scopes, concurrency };
  const revoked = await revoke(
    ports,
    { ...order, by, confirm: dryRun ? undefined : confirm },
    ({ key, readAs, alsoServed }) =>
      ports.log.write('WARNING', `${key} is deleted next, whoever reads it`, { secret, readAs, alsoServed }),
  );
  ports.log.write('NOTICE', `revocation asked for by ${caller}: ${revoked.outcome}`, { secret });
  if (revoked.outcome === 'refused') return { status: 422, why: revoked.why };
  return { status: 200, body: revokedJson(secret, revoked) };
}

async function show({ vault }: RotatePorts, { scopes, secretPolicy }: RotateOrder, { query }: Request): Promise<Reply> {
  const { secret } = query;
  if (typeof secret !== 'string' || parseSecretName(secret) === undefined)
    return { status: 400, why: 'name the secret: ?secret=projects/PROJECT/secrets/ID' };
  if (!(await isWithin(vault, scopes, secret))) return { status: 422, why: outside(secret) };
  const { secrets, found, problems } = await statusOf(vault, { scopes: [], secrets: [secret], concurrency: 1 });
  const [status] = secrets;
  if (status === undefined) return { status: 404, why: problems.join('; ') };
  const history = found.flatMap(({ sighting }) => valueOf(sighting.record.history) ?? []);
  // Whoever follows a rotation learns here how it ended.
  const ended = history.map(({ id, outcome, at, why }) => ({ id, outcome, at: isoOf(at), why }));
  const [now] = found.map(({ sighting }) => spokenState(sighting, secretPolicy));
  return { status: 200, body: { schema: ROTATION_SCHEMA, ...secretStatusJson(status), ended, now } };
}
