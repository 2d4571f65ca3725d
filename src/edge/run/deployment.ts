import { REACHED_MARK, UNDONE_MARK } from '../../core/consumers/mark.ts';
import type { Deployment } from '../../core/consumers/progress.ts';
import { clip } from '../../core/values/clip.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { instantOf, parseInstant } from '../../core/values/time.ts';
import { lastOf, recordIn, recordsIn, textIn } from './fields.ts';

/**
 * Reads off a service or worker pool how its last deployment fares. Ready is what Google calls done well: not reconciling, seen by it,
 * its newest revision ready, and all the traffic there. An operation's error does not count: the resource says it better.
 */
export function deploymentOf(resource: JsonRecord): Deployment {
  const template = recordIn(resource, 'template');
  const condition = recordIn(resource, 'terminalCondition');
  const isSettled =
    resource['reconciling'] !== true && counted(resource, 'generation') === counted(resource, 'observedGeneration');
  const hasFailed = resource['reconciling'] !== true && condition['state'] === 'CONDITION_FAILED';
  const isReady = isSettled && condition['state'] === 'CONDITION_SUCCEEDED' && servesNewest(resource);
  return {
    reached: textIn(recordIn(template, 'annotations'), REACHED_MARK),
    undone: textIn(recordIn(resource, 'annotations'), UNDONE_MARK),
    state: isReady ? 'ready' : hasFailed ? 'failed' : 'underway',
    why: whyIn(condition),
    changedAt: parseInstant(textIn(resource, 'updateTime') ?? '') ?? instantOf(0),
  };
}

/** What a 64-bit number is in JSON: text. */
function counted(resource: JsonRecord, field: string): string {
  const value = resource[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '0';
}

/** With traffic on a revision that somebody named, a new one is ready and gets none of it. */
function servesNewest(resource: JsonRecord): boolean {
  const [ready, created] = [textIn(resource, 'latestReadyRevision'), textIn(resource, 'latestCreatedRevision')];
  if (ready === undefined || ready !== created) return false;
  const statuses = [...recordsIn(resource, 'trafficStatuses'), ...recordsIn(resource, 'instanceSplitStatuses')];
  const serving = statuses.filter(({ percent }) => Number(percent ?? 0) > 0);
  return serving.every(({ type, revision }) => isLatest(type) || revision === lastOf(ready));
}

function isLatest(type: unknown): boolean {
  return typeof type === 'string' && type.endsWith('_ALLOCATION_TYPE_LATEST');
}

const WHY_CHARACTERS_MAX = 160;

function whyIn(condition: JsonRecord): string | undefined {
  const said = [condition['reason'] ?? condition['revisionReason'], condition['message']].filter(
    (one) => typeof one === 'string',
  );
  return said.length === 0 ? undefined : clip(said.join(': '), WHY_CHARACTERS_MAX);
}
