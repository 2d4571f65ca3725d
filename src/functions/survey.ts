import type { Log, SecretScope } from '../app/ports/ports.ts';
import { lookAtPart, type PartOrder } from '../app/check/look-at-part.ts';
import type { CheckPorts } from '../app/check/check.ts';
import { answerJson, readAsk } from '../core/survey/part-text.ts';
import { partText } from '../core/survey/part.ts';
import { parseJson } from '../core/values/json.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { forCallers } from './http.ts';

/**
 * The check's own call: looks at one part of the fleet and answers what it saw. Writes and announces nothing, so that a call that comes
 * twice, or late, changes nothing. 400 for a body that this release does not understand, 422 for a part outside the settings (I16).
 */
export function surveyFunction(
  ports: CheckPorts & { readonly log: Log },
  order: PartOrder & { readonly scopes: readonly SecretScope[] },
  callers: CallerCheck,
) {
  return forCallers(ports.log, callers, async ({ rawBody }, { caller }) => {
    const ask = readAsk(parseJson(rawBody?.toString() ?? ''));
    if ('why' in ask) return { status: 400, why: ask.why };
    const { part } = ask;
    if (!order.scopes.some(({ project, location }) => project === part.project && location === part.location))
      return {
        status: 422,
        why: `${partText(part)} is not among the projects and locations of the settings (KEY_WARDEN_PROJECTS, KEY_WARDEN_LOCATIONS)`,
      };
    const answer = await lookAtPart(ports, order, ask);
    const says =
      answer.is === 'look' ? `${answer.look.expected - answer.look.missed} of ${answer.look.expected}` : 'none';
    ports.log.write('INFO', `looked at ${says} secrets of ${partText(part)}`, { caller });
    return { status: 200, body: answerJson(answer) };
  });
}
