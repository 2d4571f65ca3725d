import type { Request } from '@google-cloud/functions-framework';
import { rehearsalJson } from '../app/rehearsal/json.ts';
import { rehearse, type RehearsalPorts } from '../app/rehearsal/rehearse.ts';
import { holdersIn } from '../app/listing/holders.ts';
import { budgetOf } from '../app/listing/pace.ts';
import { sharedKeyOf, sharedKeyText } from '../app/listing/shared-key.ts';
import { givenUp, leakLeft, type RotatePorts } from '../app/rotation/drive.ts';
import { projectsTooFull, requestsFor, startAll } from '../app/rotation/holders-too.ts';
import { start } from '../app/rotation/start.ts';
import { secretStatusJson } from '../app/on-record/status-json.ts';
import { statusOf } from '../app/on-record/status.ts';
import type { Step, TickOrder } from '../app/rotation/tick.ts';
import { redact } from '../core/key/redact.ts';
import { isRecord, parseJson } from '../core/values/json.ts';
import { STEERINGS, type Steering } from '../core/record/journal.ts';
import type { Asked } from '../core/rotation/plan.ts';
import type { Scope } from '../app/listing/gather.ts';
import { revoke } from '../app/purge/revoke.ts';
import { revokedJson } from '../app/purge/revoked-json.ts';
import { isWithin, outside } from '../app/listing/within-scope.ts';
import type { SecretScope } from '../app/ports/ports.ts';
import { parseSecretName, projectIn } from '../core/google/resource-names.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { forCallers, type Reply } from './http.ts';
import { replyOf, ROTATION_SCHEMA } from './rotation-reply.ts';
import { steerRotation } from './steer-rotation.ts';

/** What a POST asks for. */
export interface RotateRequest {
  readonly secret: string;
  /**
   * `emergency` skips the drain and deletes the old key at once; `revoke` deletes a key although no successor is there; the
   * others are asked of the rotation in flight.
   */
  readonly mode: (typeof MODES)[number];
  /** The uid of the key to revoke; without it only is said which could be. */
  readonly confirm?: string | undefined;
  readonly reason?: string | undefined;
  /** The same id gives the same rotation, however often it is sent. */
  readonly requestId?: string | undefined;
  readonly dryRun: boolean;
  /** Replace a key that other APIs accept too by one for Gemini alone. */
  readonly dropTargets: boolean;
  /** Take white space and quotes off that stand around the key. */
  readonly clean: boolean;
  /** Rotate every other managed secret that serves the same key, too. */
  readonly allHolders: boolean;
}

/**
 * POST begins a rotation, or turns the one in flight, and takes it as far as it goes now: 202 with where it stands, 409 when another one is in
 * flight, 403 for an emergency or a revocation that the caller may not ask for, 422 for a secret that is not under care or whose value or policy lets none begin. GET with `?secret=` shows what is on record.
 */
export function rotateFunction(
  ports: RehearsalPorts,
  {
    scopes,
    concurrency,
    budgetSeconds,
    ...order
  }: Pick<TickOrder, 'me' | 'secretPolicy'> & Omit<Scope, 'secrets'> & { readonly budgetSeconds: number },
  callers: CallerCheck,
) {
  return forCallers(ports.log, callers, async (request, { caller, by, mayEmergency }) => {
    if (request.method === 'GET') return show(ports, scopes, request);
    if (request.method !== 'POST') return { status: 400, why: 'POST begins or turns a rotation, GET shows one' };
    const asked = rotateRequest(request.rawBody?.toString() ?? '');
    if ('problems' in asked) return { status: 400, why: asked.problems.join('; ') };
    const { secret, mode, reason, requestId, dropTargets, clean, allHolders } = asked;
    const inTime = budgetOf(ports, budgetSeconds);
    if (!(await isWithin(ports.vault, scopes, secret))) return { status: 422, why: outside(secret) };
    const emergency = mode === 'emergency';
    const isGrave = emergency || (mode === 'revoke' && asked.confirm !== undefined);
    if (isGrave && !mayEmergency && !asked.dryRun)
      return { status: 403, why: `${caller} may rotate, and not in an emergency (KEY_WARDEN_EMERGENCY_CALLERS)` };
    if (mode === 'revoke') {
      const confirm = asked.dryRun ? undefined : asked.confirm;
      const { secretPolicy } = order;
      const revocation = { secret, project: projectIn(secret), secretPolicy, scopes, concurrency, confirm, by };
      const revoked = await revoke(ports, revocation, ({ key, readAs, alsoServed }) =>
        ports.log.write('WARNING', `${key} is deleted next, whoever reads it`, { secret, readAs, alsoServed }),
      );
      ports.log.write('NOTICE', `revocation asked for by ${caller}: ${revoked.outcome}`, { secret });
      if (revoked.outcome === 'refused') return { status: 422, why: revoked.why };
      return { status: 200, body: revokedJson(secret, revoked) };
    }
    if (isSteering(mode)) {
      ports.log.write('NOTICE', `${mode} asked for by ${caller}`, { secret });
      return steerRotation(ports, { ...order, secret }, { to: mode, by, mayEmergency });
    }
    const opening: Asked = {
      reason: emergency ? 'leaked' : 'request',
      note: reason,
      by,
      candidate: 'minted',
      emergency,
      requestId,
      mint: dropTargets ? { dropTargets: 'on' } : undefined,
      ...(clean ? { alone: 'clean' } : {}),
    };
    const holders = holdersIn(ports.vault, { scopes, concurrency });
    const shared = await sharedKeyOf(ports.vault, holders, { secret, secretPolicy: order.secretPolicy });
    if (asked.dryRun)
      return { status: 200, body: rehearsalJson(await rehearse(ports, { ...order, secret, asked: opening }), shared) };
    for (const line of sharedKeyText(shared)) ports.log.write('WARNING', `${secret}: ${line}`, { secret });
    const failures: string[] = [];
    const leaks: string[] = [];
    const watch = (step: Step): void => {
      const [failure, leak] = [givenUp(step), leakLeft(step)];
      if (failure !== undefined) failures.push(failure);
      if (leak !== undefined) leaks.push(leak);
    };
    const wanted = { ...order, secret, asked: opening };
    const others = allHolders ? requestsFor(wanted, shared.holders) : [];
    const full = others.length === 0 ? [] : await projectsTooFull(ports, [wanted, ...others]);
    if (full.length > 0 && !emergency) return { status: 422, why: `nothing was begun: ${full.join('; ')}` };
    for (const why of full) ports.log.write('WARNING', why, { secret });
    const all =
      others.length === 0
        ? { started: await start(ports, wanted, watch), others: [] }
        : await startAll(ports, wanted, others, inTime, watch);
    ports.log.write('NOTICE', `rotation asked for by ${caller}: ${all.started.outcome}`, { secret, requestId });
    return replyOf({ secret, shared, others: all.others }, all.started, failures.at(-1), leaks.at(-1));
  });
}

async function show({ vault }: RotatePorts, scopes: readonly SecretScope[], { query }: Request): Promise<Reply> {
  const { secret } = query;
  if (typeof secret !== 'string' || parseSecretName(secret) === undefined)
    return { status: 400, why: 'name the secret: ?secret=projects/PROJECT/secrets/ID' };
  if (!(await isWithin(vault, scopes, secret))) return { status: 422, why: outside(secret) };
  const { secrets, problems } = await statusOf(vault, { scopes: [], secrets: [secret], concurrency: 1 });
  const [found] = secrets;
  if (found === undefined) return { status: 404, why: problems.join('; ') };
  return { status: 200, body: { schema: ROTATION_SCHEMA, ...secretStatusJson(found) } };
}

const FIELDS = ['secret', 'mode', 'confirm', 'reason', 'requestId', 'dryRun', 'dropTargets', 'clean', 'allHolders'];
const MODES = ['planned', 'emergency', 'revoke', ...STEERINGS] as const;
function isSteering(mode: (typeof MODES)[number]): mode is Steering {
  return STEERINGS.some((one) => one === mode);
}

const TEXT_FORM = /^[\w .:/@#-]{1,100}$/;

/** Reads a request body; names everything that is wrong with it at once. */
export function rotateRequest(body: string): RotateRequest | { readonly problems: readonly string[] } {
  const value = parseJson(body);
  if (!isRecord(value))
    return { problems: ['the body must be a JSON object such as {"secret":"projects/PROJECT/secrets/ID"}'] };
  const {
    secret,
    mode = 'planned',
    confirm,
    reason,
    requestId,
    dryRun = false,
    dropTargets = false,
    clean = false,
    allHolders = false,
    ...unknown
  } = value;
  const known = MODES.find((one) => one === mode);
  const beginning = Object.entries({
    dryRun: dryRun || undefined,
    dropTargets: dropTargets || undefined,
    clean: clean || undefined,
    allHolders: allHolders || undefined,
    reason,
    requestId,
  });
  const problems = [
    ...Object.keys(unknown).map((field) => `unknown field "${field}"; known: ${FIELDS.join(', ')}`),
    ...(typeof secret === 'string' && parseSecretName(secret) !== undefined
      ? []
      : ['secret must be a full name, projects/PROJECT/secrets/ID']),
    ...(known === undefined ? [`mode must be one of ${MODES.join(', ')}`] : []),
    ...Object.entries({ dryRun, dropTargets, clean, allHolders })
      .filter(([, flag]) => typeof flag !== 'boolean')
      .map(([field]) => `${field} must be true or false`),
    ...Object.entries({ reason, requestId, confirm })
      .filter(([, text]) => text !== undefined && (typeof text !== 'string' || !TEXT_FORM.test(text)))
      .map(([field]) => `${field} must be up to 100 letters, digits, spaces and . : / @ # _ -`),
    ...(confirm === undefined || mode === 'revoke' ? [] : ['confirm goes with the mode revoke']),
    ...(known !== undefined && isSteering(known) && beginning.some(([, given]) => given !== undefined)
      ? [
          `${known} is of a rotation in flight: ${beginning.map(([field]) => field).join(', ')} go with the beginning of one`,
        ]
      : []),
    // An id that was redacted would be another caller's id as well, so this one is not taken.
    ...(typeof requestId === 'string' && redact(requestId) !== requestId ? ['requestId must not hold a key'] : []),
  ];
  if (problems.length > 0 || typeof secret !== 'string' || known === undefined) return { problems };
  return {
    secret,
    mode: known,
    dryRun: dryRun === true,
    dropTargets: dropTargets === true,
    clean: clean === true,
    allHolders: allHolders === true,
    ...(typeof confirm === 'string' ? { confirm } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  };
}
