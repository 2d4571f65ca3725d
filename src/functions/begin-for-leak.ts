import { begunByReports } from '../app/rotation/begun-by-reports.ts';
import type { RehearsalPorts } from '../app/rehearsal/rehearse.ts';
import type { Caller } from '../edge/process/callers.ts';
import { beginRotation, type RotateOrder } from './begin-rotation.ts';
import type { Reply } from './http.ts';
import type { RotateRequest } from './rotate-request.ts';

/**
 * Begins the emergency of a version whose key was reported as leaked, while consumers read it. The version is the request’s id, so that any
 * number of reports begin one. 403 for who may not, 429 once reports have begun as many within an hour as the settings allow; else as `emergency`.
 */
export async function beginForLeak(
  ports: RehearsalPorts,
  order: RotateOrder,
  { version = 0, ...asked }: RotateRequest,
  by: Caller,
): Promise<Reply> {
  const { secret } = asked;
  const { leakEmergencies: most = 0, scopes, concurrency } = order;
  if (by.mayReportLeaks !== true)
    return {
      status: 403,
      why: `${by.caller} may not: \`leaked\` is for the function that hears of leaks (KEY_WARDEN_LEAK_CALLERS); ask for an emergency`,
    };
  const { name } = await ports.vault.look(secret);
  const begun = await begunByReports(ports, { scopes, concurrency, caller: by.by, except: name });
  if (begun >= most)
    return {
      status: 429,
      why: `reports of leaks began ${begun} emergencies within the last hour, and ${most} are allowed (KEY_WARDEN_LEAK_EMERGENCIES)`,
    };
  const requestId = `leaked-version-${version}`;
  return beginRotation(ports, order, { ...asked, mode: 'emergency', replace: version, requestId }, by);
}
