import { ALWAYS, inPool } from '../../app/listing/pool.ts';
import { attempt, Fault } from '../../app/ports/fault.ts';
import type { Consumer, Running } from '../../core/consumers/consumer.ts';
import { isRecord, type JsonRecord } from '../../core/values/json.ts';
import { textIn } from './fields.ts';
import { allOf, note, one, type Notes, type Parts } from './looks.ts';
import { addressedIn, consumerOf, runningOf, servesTemplate, type WorkloadKind } from './workload.ts';

/** Where a workload was listed. */
export interface Place {
  readonly kind: WorkloadKind;
  readonly project: string;
  readonly region: string;
}

const CALLS_AT_ONCE = 8;
/** It becomes part of a path. */
const NAME = /^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/[A-Za-z]+\/[A-Za-z0-9_-]+$/;

/** A workload with what runs of it, as far as any of it can name a secret that is asked for. */
export async function workloadIn(
  parts: Parts,
  place: Place,
  resource: JsonRecord,
  ids: ReadonlySet<string>,
  notes: Notes,
): Promise<Consumer> {
  const { kind, project } = place;
  const plain = consumerOf(resource, place, []);
  const isNamed = plain.template.some(({ secret }) => ids.has(secret.secret));
  const running =
    kind === 'job'
      ? await executionsOf(parts, plain.name, project, isNamed || isUnderway(resource), notes)
      : isNamed || !servesTemplate(resource, kind)
        ? await revisionsOf(parts, plain, resource, kind, notes)
        : [];
  return { ...plain, running };
}

/** Its revisions that have traffic or a tag, each read by itself: a service may have a thousand. */
async function revisionsOf(
  parts: Parts,
  { name, project }: Consumer,
  resource: JsonRecord,
  kind: WorkloadKind,
  notes: Notes,
): Promise<readonly Running[]> {
  const addressed = addressedIn(resource, kind);
  const looks = await inPool(addressed, CALLS_AT_ONCE, ALWAYS, async ({ revision, share, tag }) => {
    const json = await attempt(() =>
      one(parts, {
        path: `/v2/${checked(name)}/revisions/${revision}`,
        doing: `look at revision ${revision} of ${name}`,
        permission: 'run.revisions.get',
        project,
      }),
    );
    if (!(json instanceof Fault)) return runningOf(json, project, { share, tag });
    note(notes, json);
    return undefined;
  });
  return looks.filter((running) => running !== undefined);
}

/** Whether the last execution of a job may still run: one of an earlier template reads what that named. */
function isUnderway(resource: JsonRecord): boolean {
  const last = resource['latestCreatedExecution'];
  return isRecord(last) && textIn(last, 'completionTime') === undefined;
}

async function executionsOf(
  parts: Parts,
  name: string,
  project: string,
  isWanted: boolean,
  notes: Notes,
): Promise<readonly Running[]> {
  if (!isWanted) return [];
  const listed = await attempt(() =>
    allOf(
      parts,
      parts.run,
      {
        path: `/v2/${checked(name)}/executions`,
        doing: `list the executions of ${name}`,
        permission: 'run.executions.list',
        project,
      },
      'executions',
    ),
  );
  if (listed instanceof Fault) {
    note(notes, listed);
    return [];
  }
  return listed.items
    .filter((execution) => textIn(execution, 'completionTime') === undefined)
    .map((execution) => runningOf(execution, project, { share: 0, tag: undefined }));
}

/** A name that an answer gave becomes part of a path, so what is none is refused. */
function checked(name: string): string {
  if (NAME.test(name)) return name;
  throw new Fault('invalid', `"${name}" is not the name of anything on Cloud Run.`);
}
