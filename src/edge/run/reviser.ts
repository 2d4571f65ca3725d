import { Fault } from '../../app/ports/fault.ts';
import type { Reviser, Revision } from '../../app/ports/reviser.ts';
import { REACHED_MARK, UNDONE_MARK } from '../../core/consumers/mark.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { googleRest, type RestAdapterOptions } from '../google/rest.ts';
import { repeatedly, type RetryPlan } from '../google/retry.ts';
import { deploymentOf } from './deployment.ts';
import { recordIn, recordsIn, textIn } from './fields.ts';
import { readsOfTemplate } from './references.ts';

/** How to reach Cloud Run; without `url`, Google itself. */
export interface ReviserOptions extends RestAdapterOptions {
  readonly url?: string | undefined;
}

/** Looks are repeated; a change is not, for the next look tells whether it landed. */
const RETRIES: RetryPlan = { attemptsMax: 3, waitMs: 500, waitMsMax: 4_000 };
/** It becomes part of a path. */
const NAME = /^projects\/[a-z0-9][a-z0-9.:-]*\/locations\/[a-z0-9-]+\/(?:services|workerPools)\/[a-z][a-z0-9-]*$/;

/** What a call on each kind is refused for. */
const ON_SERVICE = { look: { permission: 'run.services.get' }, change: { permission: 'run.services.update' } };
const ON_POOL = { look: { permission: 'run.workerpools.get' }, change: { permission: 'run.workerpools.update' } };
const permissionsOn = (name: string) => (name.includes('/services/') ? ON_SERVICE : ON_POOL);

/** Cloud Run's Admin API, over REST. Throws `invalid` at once for a URL that cannot be used. */
export function cloudRunReviser(options: ReviserOptions): Reviser & { close(): Promise<void> } {
  const { url = 'https://run.googleapis.com', clock, random, authClient, callMs } = options;
  const rest = googleRest({ title: 'Cloud Run', url, authClient, callMs });
  const patience = { clock, random, plan: RETRIES };
  const at = (name: string) => {
    if (!NAME.test(name)) throw new Fault('invalid', `"${name}" is not the name of a service or worker pool.`);
    return { path: `/v2/${name}`, project: projectIn(name) };
  };

  return {
    async look(name) {
      const asked = { doing: `look at ${name}`, ...permissionsOn(name).look, role: 'roles/run.viewer' };
      const resource = await repeatedly(patience, () => rest.ask({ method: 'GET', ...at(name) }, asked));
      return { name, resource, ...deploymentOf(resource) };
    },
    async revise({ name, resource }, revision) {
      const asked = {
        doing: `make a new revision of ${name}`,
        ...permissionsOn(name).change,
        role: 'roles/run.developer',
        besides: `It also takes iam.serviceAccounts.actAs on the account that it runs as.`,
      };
      const { mask, body } = revised(resource, revision);
      const query = { updateMask: mask.join(',') };
      await rest.ask({ method: 'PATCH', ...at(name), query, body }, asked);
    },
    close: () => rest.close(),
  };
}

/**
 * What is sent: nothing but what changes, under the etag. `template.revision` is named and left out, because the name of a revision that
 * is there is refused with other content; a list can only be replaced whole. `allowMissing` would make a deleted service again.
 */
function revised(resource: JsonRecord, { reached, undone, pins }: Revision) {
  const template = recordIn(resource, 'template');
  const annotations = recordIn(resource, 'annotations');
  const isSaid = textIn(annotations, UNDONE_MARK) === undone;
  const { name, etag } = resource;
  const containers = pins === undefined ? undefined : repinned(template, projectIn(String(name)), pins);
  return {
    mask: [
      'template.revision',
      'template.annotations',
      ...(containers === undefined ? [] : ['template.containers']),
      ...(isSaid ? [] : ['annotations']),
    ],
    body: {
      name,
      etag,
      template: {
        annotations: withEntry(recordIn(template, 'annotations'), REACHED_MARK, reached),
        ...(containers === undefined ? {} : { containers }),
      },
      ...(isSaid ? {} : { annotations: withEntry(annotations, UNDONE_MARK, undone) }),
    },
  };
}

function withEntry(map: JsonRecord, name: string, value: string | undefined): JsonRecord {
  const others = Object.fromEntries(Object.entries(map).filter(([other]) => other !== name));
  return value === undefined ? others : { ...others, [name]: value };
}

/** The containers with another number in those variables that are meant; `undefined` where there is none. */
function repinned(
  template: JsonRecord,
  project: string,
  { isMeant, to }: NonNullable<Revision['pins']>,
): readonly JsonRecord[] | undefined {
  let count = 0;
  const after = recordsIn(template, 'containers').map((container) => ({
    ...container,
    env: recordsIn(container, 'env').map((variable) => {
      const [read] = readsOfTemplate({ containers: [{ env: [variable] }] }, project);
      if (read === undefined || !isMeant(read)) return variable;
      count += 1;
      const secretKeyRef = { ...recordIn(recordIn(variable, 'valueSource'), 'secretKeyRef'), version: to };
      return { ...variable, valueSource: { secretKeyRef } };
    }),
  }));
  return count === 0 ? undefined : after;
}
