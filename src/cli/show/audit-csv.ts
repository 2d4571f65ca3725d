import { reportJson } from '../../app/audit/report-json.ts';
import type { Report } from '../../app/audit/report.ts';
import { csv } from './csv.ts';

const TITLES = [
  'row',
  'about',
  'id',
  'from_version',
  'to_version',
  'begins',
  'ends',
  'age_days',
  'age_days_max',
  'who',
  'who_is',
  'approved_by',
  'why',
  'outcome',
  'old_key',
  'deleted_at',
  'refused_at',
  'destroyed_at',
  'proven_dead',
  'not_known',
] as const;

type Row = Readonly<Partial<Record<(typeof TITLES)[number], string | number | boolean | null>>>;

/** A report as one table: the first column says what a row is, and a row of kind `report` or `log` what may be missing. */
export function auditCsv(told: Report): string {
  const report = reportJson(told);
  const rows: readonly Row[] = [
    {
      row: 'report',
      begins: report.from,
      ends: report.to,
      not_known: report.isWhole ? '' : 'something may be missing',
    },
    ...report.controls.map(({ name, asks, answeredBy }) => ({
      row: 'control',
      about: name,
      why: asks,
      outcome: answeredBy.join(' '),
    })),
    ...report.logs.map(({ log, is, keptFrom, why }) => ({
      row: 'log',
      about: log,
      outcome: is,
      begins: keptFrom,
      not_known: why,
    })),
    ...report.keys.map(keyRow),
    ...report.rotations.map(rotationRow),
    ...report.exceptions.map(({ is, about, at, until, owner, who, whoIs, why }) => ({
      row: 'exception',
      about,
      outcome: is,
      begins: at,
      ends: until,
      who: who ?? owner,
      who_is: whoIs ?? (owner === null ? null : 'owner'),
      why,
    })),
    ...report.openLeaks.map(({ secret, version, key, since, refusedSince }) => ({
      row: 'open leak',
      about: secret,
      id: key,
      from_version: version,
      begins: since,
      refused_at: refusedSince,
    })),
  ];
  return csv([TITLES, ...rows.map((row) => TITLES.map((title) => String(row[title] ?? '')))]);
}

type Json = ReturnType<typeof reportJson>;

function keyRow(key: Json['keys'][number]): Row {
  return {
    row: 'key',
    about: key.secret,
    to_version: key.version,
    begins: key.madeAt,
    age_days: key.ageDays,
    age_days_max: key.maxAgeDays,
    outcome: key.isOverAge ? 'over age' : 'within its age',
    not_known: key.rotationsMissing,
  };
}

function rotationRow(one: Json['rotations'][number]): Row {
  const { oldKey } = one;
  return {
    row: 'rotation',
    about: one.secret,
    id: one.rotation,
    from_version: one.from,
    to_version: one.to,
    begins: one.openedAt,
    ends: one.endedAt,
    who: one.who,
    who_is: one.whoIs,
    approved_by: one.approvedBy,
    why: one.why === null ? one.reason : `${one.reason}: ${one.why}`,
    outcome: one.outcome,
    old_key: oldKey.key ?? oldKey.is,
    deleted_at: oldKey.deletedAt,
    refused_at: oldKey.refusedAt,
    destroyed_at: oldKey.destroyedAt,
    proven_dead: oldKey.isProven,
  };
}
