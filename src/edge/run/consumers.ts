import { ALWAYS, inPool } from '../../app/listing/pool.ts';
import type { Consumers, Roll } from '../../app/ports/consumers.ts';
import { attempt, Fault, type FaultCode } from '../../app/ports/fault.ts';
import type { Consumer } from '../../core/consumers/consumer.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { googleRest, type RestAdapterOptions } from '../google/rest.ts';
import { textIn } from './fields.ts';
import { functionOf, runNameIn } from './functions.ts';
import { allOf, note, noteUnreachable, type Notes, type Parts } from './looks.ts';
import { workloadIn, type Place } from './serving.ts';
import { WORKLOADS } from './workload.ts';

export interface ConsumersOptions extends RestAdapterOptions {
  /** Where Cloud Run and Cloud Functions are; each is at Google's own address without it. */
  readonly url?: string | undefined;
}

const PLAN = { attemptsMax: 3, waitMs: 250, waitMsMax: 2_000 };
/** Some forty regions times three kinds; nothing says how many calls a minute Cloud Run takes. */
const CALLS_AT_ONCE = 8;
/** Refusals that are the same in every region. */
const FOR_ALL: readonly FaultCode[] = ['denied', 'switched_off', 'unauthenticated'];
/** It becomes part of a path. */
const PROJECT = /^[a-z0-9][a-z0-9.:-]*$/;

/**
 * Cloud Run's and Cloud Functions' Admin APIs, over REST, read only. Regions are listed and asked one by one: Cloud Run's reference takes
 * no wildcard. What is refused in one region is not asked for in the others, because permissions are a project's.
 */
export function googleConsumers(options: ConsumersOptions): Consumers & { close(): Promise<void> } {
  const { url, authClient, callMs, clock, random } = options;
  const rest = { title: 'Cloud Run', authClient, callMs };
  const run = googleRest({ ...rest, url: url ?? 'https://run.googleapis.com' });
  const functions = googleRest({ ...rest, title: 'Functions', url: url ?? 'https://cloudfunctions.googleapis.com' });
  const patience = { clock, random, plan: PLAN };

  return {
    of: (project, secretIds) => rollOf({ run, functions, patience }, project, new Set(secretIds)),
    async close() {
      await Promise.all([run.close(), functions.close()]);
    },
  };
}

async function rollOf(parts: Parts, project: string, ids: ReadonlySet<string>): Promise<Roll> {
  const notes: Notes = { notLooked: [], barred: false };
  if (!PROJECT.test(project)) return { consumers: [], notLooked: [`"${project}" is no project`], barred: true };
  const named = (consumer: Consumer): boolean =>
    [...consumer.template, ...consumer.running.flatMap(({ reads }) => reads)].some(({ secret }) =>
      ids.has(secret.secret),
    );
  const workloads = await workloadsOf(parts, project, ids, notes);
  const functions = await functionsOf(parts, project, notes);
  const services = new Map(workloads.map((one) => [keyOf(one.name), one]));
  const asFunctions = functions.map((resource) => {
    const beneath = runNameIn(resource);
    const service = beneath === undefined ? undefined : services.get(keyOf(beneath));
    if (beneath !== undefined) services.delete(keyOf(beneath));
    return functionOf(resource, project, service);
  });
  return { consumers: [...services.values(), ...asFunctions].filter(named), ...notes };
}

/** A name without its project, which may be an id in one API's answer and a number in another's. */
function keyOf(name: string): string {
  return name.replace(/^projects\/[^/]+\//, '');
}

async function workloadsOf(
  parts: Parts,
  project: string,
  ids: ReadonlySet<string>,
  notes: Notes,
): Promise<readonly Consumer[]> {
  const regions = await regionsOf(parts, project, notes);
  const found: Consumer[] = [];
  for (const kind of ['service', 'workerPool', 'job'] as const) {
    const [first, ...others] = regions;
    if (first === undefined) continue;
    const look = (region: string) => inRegion(parts, { kind, project, region }, ids, notes);
    const begun = await look(first);
    if (begun === undefined) continue;
    const all = await inPool(others, CALLS_AT_ONCE, ALWAYS, look);
    found.push(...begun, ...all.flatMap((one) => one ?? []));
  }
  return found;
}

/** All of a kind in one region; `undefined` where nobody may look, which is the same in every other region. */
async function inRegion(
  parts: Parts,
  place: Place,
  ids: ReadonlySet<string>,
  notes: Notes,
): Promise<readonly Consumer[] | undefined> {
  const { kind, project, region } = place;
  const { plural, permission } = WORKLOADS[kind];
  const look = {
    path: `/v2/projects/${project}/locations/${region}/${plural}`,
    doing: `list the ${plural} of Cloud Run in ${project} (${region})`,
    permission,
    project,
  };
  const listed = await attempt(() => allOf(parts, parts.run, look, plural));
  if (listed instanceof Fault) {
    note(notes, listed);
    return FOR_ALL.includes(listed.code) ? undefined : [];
  }
  noteUnreachable(notes, listed.unreachable, plural, project);
  const all = await inPool(listed.items, CALLS_AT_ONCE, ALWAYS, (one) => workloadIn(parts, place, one, ids, notes));
  return all.filter((one) => one !== undefined);
}

async function regionsOf(parts: Parts, project: string, notes: Notes): Promise<readonly string[]> {
  const look = {
    path: `/v1/projects/${project}/locations`,
    doing: `list the regions of Cloud Run in ${project}, so its services, jobs and worker pools`,
    permission: 'run.locations.list',
    project,
  };
  const listed = await attempt(() => allOf(parts, parts.run, look, 'locations'));
  if (listed instanceof Fault) {
    note(notes, listed);
    return [];
  }
  return listed.items.flatMap((location) => textIn(location, 'locationId') ?? []);
}

/** Functions of both generations and of all regions in one list; regions that it did not reach are named in it. */
async function functionsOf(parts: Parts, project: string, notes: Notes): Promise<readonly JsonRecord[]> {
  const look = {
    path: `/v2/projects/${project}/locations/-/functions`,
    doing: `list the functions of ${project}`,
    permission: 'cloudfunctions.functions.list',
    project,
  };
  const listed = await attempt(() => allOf(parts, parts.functions, look, 'functions'));
  if (listed instanceof Fault) {
    note(notes, listed);
    return [];
  }
  noteUnreachable(notes, listed.unreachable, 'functions', project);
  return listed.items;
}
