import { ApiError } from '../wire/api-error.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import { camelCase } from '../wire/rest/proto-json.ts';

const TARGETS = ['httpTarget', 'pubsubTarget', 'appEngineHttpTarget'];
const CHANGEABLE = ['description', 'schedule', 'timeZone', 'attemptDeadline', 'retryConfig', ...TARGETS];
const OUTPUT_ONLY = ['name', 'state', 'status', 'scheduleTime', 'userUpdateTime', 'lastAttemptTime', 'satisfiesPzs'];

/** A job with what `mask` names taken from `sent`; without a mask, everything that is sent. One target ends the others. */
export function patched(before: JsonObject, sent: JsonObject, mask = ''): JsonObject {
  const body = Object.fromEntries(Object.entries(sent).map(([field, value]) => [camelCase(field), value]));
  const paths = mask === '' ? Object.keys(body) : mask.split(',').map((path) => camelCase(path.trim()));
  const strange = paths.find((path) => ![...CHANGEABLE, ...OUTPUT_ONLY].includes(topOf(path)));
  if (strange !== undefined) throw new ApiError('INVALID_ARGUMENT', `Invalid field in update_mask: ${strange}`);
  const named = new Set(paths.map(topOf).filter((field) => CHANGEABLE.includes(field)));
  const retargets = TARGETS.some((target) => named.has(target) && body[target] !== undefined);
  const kept = Object.entries(before).filter(
    ([field]) => CHANGEABLE.includes(field) && !named.has(field) && !(retargets && TARGETS.includes(field)),
  );
  const taken = [...named].map((field): [string, unknown] => {
    const [old, wanted] = [before[field], body[field]];
    const whole = paths.includes(field) || !isJsonObject(old) || !isJsonObject(wanted);
    return [field, whole ? wanted : { ...old, ...wanted }];
  });
  return Object.fromEntries([...kept, ...taken].filter(([, value]) => value !== undefined));
}

function topOf(path: string): string {
  return path.split('.')[0] ?? '';
}
