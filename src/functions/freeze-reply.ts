import { freeze, unfreeze } from '../app/rotation/freeze.ts';
import type { RotatePorts } from '../app/rotation/drive.ts';
import { freezeJson } from '../core/record/freeze.ts';
import type { Caller } from '../edge/process/callers.ts';
import type { RotateOrder } from './begin-rotation.ts';
import type { Reply } from './http.ts';
import type { RotateRequest } from './rotate-request.ts';

/** Name and version of what is answered. */
const FREEZE_SCHEMA = 'key-warden/freeze/v1';

/** Freezes planned rotations, or lifts a freeze, under the caller’s verified email: 200 with what became of it, 422 where it may not be so. */
export async function freezeByCaller(
  ports: RotatePorts,
  { scopes, silences: book }: Pick<RotateOrder, 'scopes' | 'silences'>,
  { secret, about, everything, id, reason, owner, until, dryRun, mode }: RotateRequest,
  { caller, by }: Caller,
): Promise<Reply> {
  const scope = { all: everything, project: about?.project, secret: secret === '' ? undefined : secret };
  const wish = { about: scope, by, dryRun };
  const isEnd = mode === 'unfreeze' || reason === undefined || owner === undefined || until === undefined;
  const done = isEnd
    ? await unfreeze(ports, { book, scopes }, { ...wish, id })
    : await freeze(ports, { book, scopes }, { ...wish, silence: { reason, owner, until } });
  ports.log.write('NOTICE', `${mode} asked for by ${caller}: ${done.outcome}`, { dryRun });
  if (done.outcome === 'refused')
    return { status: 422, why: `${isEnd ? 'none was lifted' : 'nothing was frozen'}: ${done.why}` };
  return {
    status: 200,
    body: {
      schema: FREEZE_SCHEMA,
      dryRun,
      outcome: done.outcome,
      ...(done.outcome === 'none' ? {} : { freeze: freezeJson(done.freeze) }),
    },
  };
}
