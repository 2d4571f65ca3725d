import type { Consumer } from '../../core/consumers/consumer.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { parseInstant } from '../../core/values/time.ts';
import { recordIn, textIn, textsIn } from './fields.ts';
import { readsOfFunction } from './references.ts';

/** The service of Cloud Run that a function of the second generation is; absent for the first, which is none. */
export function runNameIn(resource: JsonRecord): string | undefined {
  return textIn(recordIn(resource, 'serviceConfig'), 'service');
}

/**
 * A function: its own settings are what the next build reads, and what runs is its service, where that was seen. One of the first
 * generation runs as it was deployed.
 */
export function functionOf(resource: JsonRecord, project: string, service: Consumer | undefined): Consumer {
  const config = recordIn(resource, 'serviceConfig');
  const name = textIn(resource, 'name') ?? '';
  const template = readsOfFunction(config, project);
  const labels = textsIn(resource, 'labels');
  const alone = {
    name: textIn(config, 'revision') ?? 'deployed',
    since: parseInstant(textIn(resource, 'updateTime') ?? ''),
    share: 100,
    reads: template,
  };
  return {
    kind: 'function',
    name,
    project,
    region: name.split('/')[3] ?? '',
    labels,
    account: textIn(config, 'serviceAccountEmail'),
    deployedBy: labels['deployment-tool']?.startsWith('cli-firebase') === true ? 'firebase' : 'hand',
    template,
    running: service?.running ?? [alone],
    follows: service?.follows ?? true,
  };
}
