import { ABORT, INIT, RESUME, ROLLBACK } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { shellText } from '../../core/values/command.ts';
import { secretStatusJson } from '../../app/on-record/status-json.ts';
import { stopsOnRecord } from '../../app/reconcile/stops-on-record.ts';
import { statusOf, type SecretStatus } from '../../app/on-record/status.ts';
import type { Stops } from '../../core/fleet/key-quota.ts';
import type { Leak } from '../../core/record/leaks.ts';
import type { InFlight } from '../../core/record/journal.ts';
import { isBeforePromotion, ROTATION } from '../../core/rotation/rotation.ts';
import { isoOf } from '../../core/values/time.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import type { Wire } from '../../wire.ts';
import { secretsOf, settingsFor, type Target } from './ask.ts';
import { idOf } from '../show/report.ts';
import { columns, painter, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `status --json` prints. */
const STATUS_SCHEMA = 'key-warden/status/v1';

export interface StatusOptions extends Target {
  readonly json: boolean;
}

/** Shows what is on record about each secret. Reads metadata only: no key is read, no request goes to Gemini. 5 while a leak is open (I18), or a cause stops all rotations of a project. */
export async function status(terminal: Terminal, wire: Wire, options: StatusOptions): Promise<0 | 3 | 4 | 5> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const order = {
    scopes: scopesOf(settings),
    secrets: secretsOf(settings, options),
    concurrency: settings.concurrency,
  };
  const { vault, clock } = wired.ports;
  const { secrets, found, problems, barred } = await statusOf(vault, order);
  const stops = stopsOnRecord(found, settings.secretPolicy, clock.now());
  const stopped = [...stops].map(([project, why]) => ({ project, why }));
  if (options.json)
    terminal.out(
      `${JSON.stringify({ schema: STATUS_SCHEMA, secrets: secrets.map(secretStatusJson), stopped, problems }, null, 2)}\n`,
    );
  else show(terminal, secrets, stops, problems);
  if (stops.size > 0 || secrets.some(({ leaks = [] }) => leaks.length > 0)) return 5;
  if (barred) return 4;
  return problems.length === 0 ? 0 : 3;
}

function show(terminal: Terminal, secrets: readonly SecretStatus[], stops: Stops, problems: readonly string[]): void {
  const paint = painter(terminal);
  if (secrets.length === 0 && problems.length === 0)
    terminal.out(`no managed secret was found; put one under care: ${shellText(INIT, {})}\n`);
  else if (secrets.length > 0) {
    terminal.out(
      columns([
        ['SECRET', 'CURRENT', 'ROTATION', 'HEALTH', 'SINCE', 'WHY'].map((title) => paint('dim', title)),
        ...secrets.map((secret) => [
          idOf(secret.secret) + (secret.managed ? '' : ' (not managed)'),
          String(secret.aliases['current'] ?? 'latest'),
          rotationCell(secret),
          ...healthCells(secret),
        ]),
      ]),
    );
  }
  for (const { secret, rotation } of secrets) {
    if (rotation !== undefined && rotation.phase !== 'resting') terminal.out(`\n${inFlight(secret, rotation)}`);
  }
  for (const { secret, leaks = [] } of secrets)
    for (const leak of leaks) terminal.out(`\n${paint('red', 'leak open')}  ${openLeak(secret, leak)}`);
  for (const [project, why] of stops)
    terminal.out(
      `\n${paint('red', 'stopped')}  no rotation is begun in project ${project} because of a key’s age: ${why}\n`,
    );
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
}

function rotationCell({ rotation }: SecretStatus): string {
  if (rotation === undefined) return 'unknown';
  if (rotation.phase === 'resting') return '-';
  return rotation.held ? `${rotation.phase}, held` : rotation.phase;
}

/** What a rotation in flight is waiting for, and the command that changes its course. */
function inFlight(secret: string, rotation: InFlight): string {
  const { id, phase, from, to, since, notBefore, why, held, drain } = rotation;
  const lines = [
    `rotation ${id} of ${idOf(secret)}: ${phase} since ${isoOf(since)}, version ${from} → ${to ?? 'a new one'}`,
    `  next  ${ROTATION[phase].act}${notBefore === undefined ? '' : ` from ${isoOf(notBefore)}`}${held ? ', once a person resumes it' : ''}`,
    ...(why === undefined ? [] : [`  why   ${why}`]),
    ...(drain === undefined
      ? []
      : [
          `  use   of the old key: ${drain.use}${drain.requests === undefined ? '' : `, ${drain.requests} requests`} (${isoOf(drain.at)})`,
        ]),
    `  you   ${lineFor(held ? RESUME : isBeforePromotion(phase) ? ABORT : ROLLBACK, secret)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A leaked key that is not proven dead. The alert about it says what to do, for that takes a look at the key. */
function openLeak(secret: string, { version, key, at, refusedSince }: Leak): string {
  const lines = [
    `version ${version} of ${idOf(secret)}: since ${isoOf(at)}`,
    `  key   ${key ?? 'where it was made is not known'}`,
    `  dead  ${refusedSince === undefined ? 'no' : `deleted and refused since ${isoOf(refusedSince)}, which must last half an hour`}`,
  ];
  return `${lines.join('\n')}\n`;
}

function healthCells({ health }: SecretStatus): readonly string[] {
  switch (health?.is) {
    case undefined:
      return ['unknown', '-', 'the health annotation is not in a form this release reads'];
    case 'well':
      return health.since === undefined
        ? ['unchecked', '-', 'no check of it is on record']
        : ['well', isoOf(health.since), '-'];
    case 'suspect':
      return ['suspect', isoOf(health.since), `${health.cause}, ${health.runs} runs`];
    case 'sick':
    case 'mending':
      return [health.is, isoOf(health.episode.openedAt), `${health.episode.cause} (${health.episode.id})`];
  }
}
