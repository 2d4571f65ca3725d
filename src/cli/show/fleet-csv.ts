import { readersJson } from '../../app/consumers/readers-json.ts';
import type { ReadersOfMany } from '../../app/consumers/readers.ts';
import type { Member } from '../../app/on-record/fleet.ts';
import { memberJson } from '../../app/on-record/fleet-json.ts';
import { sinceOf, whyOf } from '../../app/on-record/spoken-member.ts';
import { isoOf } from '../../core/values/time.ts';
import { csv } from './csv.ts';

/**
 * A row for each secret. With readers, a row for each way in which a secret is read, and one for a secret that nobody reads: spreadsheets
 * filter and count rows, and neither the lines in a cell nor columns whose number nobody knows.
 */
export function fleetCsv(shown: readonly Member[], readers: ReadersOfMany | undefined): string {
  if (readers === undefined) return csv([TITLES, ...shown.map(memberCells)]);
  const looked = readers.notLooked.length === 0 ? 'everywhere' : 'not everywhere';
  const rows = shown.flatMap((member) => {
    const cells = [...memberCells(member), looked];
    const own = readers.of.get(member.secret);
    const read = own === undefined ? [] : readerCells(own);
    return read.length === 0 ? [[...cells, ...READER_TITLES.map(() => '')]] : read.map((one) => [...cells, ...one]);
  });
  return csv([[...TITLES, 'looked_for_consumers', ...READER_TITLES], ...rows]);
}

const TITLES = [
  'secret',
  'project',
  'condition',
  'health',
  'since',
  'checked_at',
  'key_kind',
  'key_made_at',
  'due_at',
  'phase',
  'last_rotation_at',
  'last_rotation_outcome',
  'why',
];

function memberCells(member: Member): readonly string[] {
  const { secret, condition, checkedAt, key, due, rotation, lastRotation, health } = memberJson(member);
  const since = sinceOf(member);
  return [
    secret,
    member.project,
    condition,
    health,
    since === undefined ? '' : isoOf(since),
    checkedAt ?? '',
    key.kind,
    key.madeAt ?? '',
    due ?? '',
    rotation.phase,
    lastRotation?.at ?? '',
    lastRotation?.outcome ?? '',
    whyOf(member).replace(/^-$/, ''),
  ];
}

const READER_TITLES = [
  'consumer_kind',
  'consumer',
  'consumer_project',
  'consumer_region',
  'read_as',
  'read_at',
  'version',
  'sees_new_version',
  'left_behind',
  'running',
  'running_since',
  'share',
  'tag',
];

function readerCells(readers: Parameters<typeof readersJson>[0]): readonly (readonly string[])[] {
  return readersJson(readers).readers.map((reader) => {
    const { kind, name, project, region, by, at, version, sees, leftBehind, running, since, share, tag } = reader;
    const own = [kind, name, project, region, by, at, version, sees, leftBehind ? 'yes' : 'no'];
    return [...own, running ?? '', since ?? '', share === null ? '' : String(share), tag ?? ''];
  });
}
