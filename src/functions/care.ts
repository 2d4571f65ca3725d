import { silenceMany } from '../app/alerts/silence-many.ts';
import { notDoneText, silenceSecret } from '../app/alerts/silence-secret.ts';
import { holdersIn } from '../app/listing/holders.ts';
import { sharedKeyOf } from '../app/listing/shared-key.ts';
import type { Scope } from '../app/listing/gather.ts';
import type { RotatePorts } from '../app/rotation/drive.ts';
import { forget } from '../app/on-record/forget.ts';
import { keyAgesOf } from '../app/keys/key-ages.ts';
import { adopt } from '../app/rotation/adopt.ts';
import type { SecretPolicy } from '../core/settings/secret-policy.ts';
import { breadthText, type Breadth } from '../core/record/wide-silence.ts';
import { isoOf } from '../core/values/time.ts';
import type { Caller } from '../edge/process/callers.ts';
import type { Reply } from './http.ts';
import type { RotateOrder } from './begin-rotation.ts';
import type { RotateRequest } from './rotate-request.ts';

/** Names and versions of what is answered. */
const SILENCE_SCHEMA = 'key-warden/silence/v1';
const ADOPTION_SCHEMA = 'key-warden/adoption/v1';
const FORGETTING_SCHEMA = 'key-warden/forgetting/v1';
const ALERT_TEST_SCHEMA = 'key-warden/alert-test/v1';

/** Sets a silence or ends one, under the caller’s verified email: 200 with what became of it, 422 where the pipeline takes no such silence. */
export async function silenceByCaller(
  ports: RotatePorts,
  { secret, mode, reason, owner, until, dryRun }: RotateRequest,
  { caller, by }: Caller,
): Promise<Reply> {
  const isEnd = mode === 'end-silence' || reason === undefined || owner === undefined || until === undefined;
  const silence = isEnd ? undefined : { reason, owner, until };
  const done = await silenceSecret(ports, secret, { silence, by }, dryRun);
  ports.log.write('NOTICE', `${mode} asked for by ${caller}: ${done.outcome}`, { secret, dryRun });
  if (done.outcome === 'refused') return { status: 422, why: notDoneText(done, isEnd) };
  const told = silence === undefined ? {} : { until: isoOf(silence.until) };
  return { status: 200, body: { schema: SILENCE_SCHEMA, secret, outcome: done.outcome, dryRun, ...told } };
}

/** The same about outages, a cause or a project, which must be one of the settings’. */
export async function silenceManyByCaller(
  ports: RotatePorts,
  { scopes, silences: book }: Pick<RotateOrder, 'scopes' | 'silences'>,
  { about, reason, owner, until, dryRun, mode }: RotateRequest & { readonly about: Breadth },
  { caller, by }: Caller,
): Promise<Reply> {
  const { project } = about;
  if (project !== undefined && !scopes.some((scope) => scope.project === project))
    return { status: 422, why: `${project} is none of the projects of the settings (KEY_WARDEN_PROJECTS)` };
  const isEnd = mode === 'end-silence' || reason === undefined || owner === undefined || until === undefined;
  const silence = isEnd ? undefined : { reason, owner, until };
  const done = await silenceMany(ports, book, { about, silence, by }, dryRun);
  ports.log.write('NOTICE', `${mode} about ${breadthText(about)} asked for by ${caller}: ${done.outcome}`, { dryRun });
  if (done.outcome === 'refused') return { status: 422, why: notDoneText(done, isEnd) };
  const told = silence === undefined ? {} : { until: isoOf(silence.until) };
  return { status: 200, body: { schema: SILENCE_SCHEMA, about, outcome: done.outcome, dryRun, ...told } };
}

/** Puts a secret under care: 200 with what was changed and how its key fares, which is news and no error of the call. */
export async function adoptSecret(
  ports: RotatePorts,
  { secretPolicy, ...scope }: { readonly secretPolicy: SecretPolicy } & Omit<Scope, 'secrets'>,
  { secret, mint: { keyField }, found, dryRun }: RotateRequest,
  { caller }: Caller,
): Promise<Reply> {
  const ages = keyAgesOf(ports.issuer);
  const adoption = await adopt(ports, { secret, secretPolicy, keyField, found, ages, dryRun });
  ports.log.write('NOTICE', `init asked for by ${caller}: ${adoption.outcome}`, { secret, dryRun });
  const shared =
    adoption.outcome === 'passed_over'
      ? undefined
      : await sharedKeyOf(ports.vault, holdersIn(ports, scope), { secret, secretPolicy, keyField });
  return { status: 200, body: { schema: ADOPTION_SCHEMA, secret, dryRun, adoption, shared } };
}

/** Ends the care of a secret: 200 with what was taken off it, or with what is to be done first. */
export async function forgetSecret(
  ports: RotatePorts,
  { secret, removeAliases: aliases, leaveKeys, dryRun }: RotateRequest,
  { caller }: Caller,
): Promise<Reply> {
  const forgotten = await forget(ports, { secret, aliases, leaveKeys, dryRun });
  ports.log.write('NOTICE', `forget asked for by ${caller}: ${forgotten.outcome}`, { secret, dryRun });
  return { status: 200, body: { schema: FORGETTING_SCHEMA, secret, dryRun, forgotten } };
}

/** Tries the whole pipeline, from the alert topic on: it takes the worker’s right to publish and nobody else’s. */
export async function testAlerts({ announcer, log }: RotatePorts, { caller }: Caller): Promise<Reply> {
  await announcer.announce({ type: 'alert.test', askedBy: caller });
  log.write('NOTICE', `alert test asked for by ${caller}`);
  return { status: 200, body: { schema: ALERT_TEST_SCHEMA, published: true } };
}
