import { isLeftBehind, type Reading } from '../../core/consumers/reading.ts';
import { isoOf } from '../../core/values/time.ts';
import type { Readers } from './readers.ts';

export type ReadersJson = ReturnType<typeof readersJson>;

/** Who reads a secret, as it is printed: one entry for each way in which a consumer reads it; `left` says what to do about some, `late` what may be missing. */
export function readersJson(readers: Readers) {
  const { readings, notLooked, late } = readers;
  return { readers: readings.map(readingJson), left: leftBehindText(readers), notLooked, late };
}

function readingJson(reading: Reading) {
  const { consumer, read, sees, running, since, share, tag } = reading;
  const { kind, name, project, region, account, deployedBy, labels } = consumer;
  return {
    kind,
    name,
    project,
    region,
    account: account ?? null,
    deployedBy,
    labels,
    by: read.by,
    at: read.at,
    version: read.version,
    sees,
    leftBehind: isLeftBehind(reading),
    running: running ?? null,
    since: since === undefined ? null : isoOf(since),
    share: share ?? null,
    tag: tag ?? null,
  };
}

/** Those that go on with the old key however long a rotation waits, in a sentence each. */
export function leftBehindText({ readings }: Readers): readonly string[] {
  return readings.filter(isLeftBehind).map((reading) => `${spokenConsumer(reading)} ${reasonOf(reading)}`);
}

/** `service api in europe-west1 (search-prod)`. */
function spokenConsumer({ consumer: { kind, name, region, project } }: Reading): string {
  return `${KINDS[kind]} ${name.slice(name.lastIndexOf('/') + 1)} in ${region} (${project})`;
}

/** What a person calls each kind. */
export const KINDS = {
  service: 'service',
  job: 'job',
  workerPool: 'worker pool',
  function: 'function',
} as const satisfies Record<Reading['consumer']['kind'], string>;

/** Why one goes on with the old key, and what to do about it. */
export function reasonOf({ read: { version, at, by }, sees, consumer, running, tag }: Reading): string {
  const place = by === 'variable' ? `the variable ${at}` : `the file ${at}`;
  if (!/^\d+$/.test(version))
    return `reads the alias ${version} in ${place}, which no rotation moves: let it read current`;
  const pinned = `names version ${version} in ${place}`;
  if (sees === 'next deploy') return `${pinned}: deploy it after the rotation, which writes the newest number`;
  if (running !== undefined && tag !== undefined)
    return `${pinned}, in the revision ${running} that the tag ${tag} names`;
  if (!consumer.follows) return `${pinned}, and its traffic stays with ${running ?? 'a revision'} that somebody named`;
  return `${pinned}: let it read current, or change the number after the rotation`;
}
