import { ABORT, RESUME, ROLLBACK } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import type { Member } from '../../app/on-record/fleet.ts';
import type { InFlight } from '../../core/record/journal.ts';
import type { Leak } from '../../core/record/leaks.ts';
import { FLIPS_MS } from '../../core/rotation/next-purge.ts';
import { isBeforePromotion, ROTATION } from '../../core/rotation/rotation.ts';
import { plusMs, spokenMinute, spokenMinuteBy } from '../../core/values/time.ts';
import { idOf } from './report.ts';
import { laidOut, saidBehind } from './layout.ts';
import { painter, type Terminal } from './terminal.ts';

/** So many rotations are told at length; more of them are a list. */
const TOLD_MAX = 10;

/** What stands open: rotations in flight with the way to change their course, those that wait for a person first, and leaks. */
export function showOpen(terminal: Terminal, members: readonly Member[]): void {
  const most = terminal.detail === 'verbose' ? Infinity : TOLD_MAX;
  const flights = members.flatMap(({ secret, rotation }) =>
    rotation === undefined || rotation.phase === 'resting' ? [] : [{ secret, rotation }],
  );
  const sorted = flights.toSorted((a, b) => Number(b.rotation.held) - Number(a.rotation.held));
  for (const { secret, rotation } of sorted.slice(0, most)) terminal.out(`\n${inFlight(terminal, secret, rotation)}`);
  if (sorted.length > most)
    terminal.out(`\n${sorted.length - most} more rotations are under way: --verbose tells of each\n`);
  for (const { secret, leaks = [] } of members)
    for (const leak of leaks) terminal.out(`\n${openLeak(terminal, secret, leak)}`);
}

/** What a rotation in flight is waiting for, and the command that changes its course. */
function inFlight(terminal: Terminal, secret: string, rotation: InFlight): string {
  const { id, phase, from, to, since, notBefore, why, held, drain } = rotation;
  const line = (title: string, text: string) => saidBehind(terminal, `  ${title.padEnd(4)}`, text);
  const lines = [
    `${laidOut(terminal, `rotation ${id} of ${idOf(secret)}: ${phase} since ${spokenMinute(since)}, version ${from} → ${to ?? 'a new one'}`, 0)}\n`,
    line(
      'next',
      `${ROTATION[phase].act}${notBefore === undefined ? '' : ` from ${spokenMinuteBy(notBefore)}`}${held ? ', once a person resumes it' : ''}`,
    ),
    ...(why === undefined ? [] : [line('why', why)]),
    ...(drain === undefined
      ? []
      : [
          line(
            'use',
            `of the old key: ${drain.use}${drain.requests === undefined ? '' : `, ${drain.requests} requests`} (${spokenMinute(drain.at)})`,
          ),
        ]),
    ...steering(rotation, secret).map((text, at) => line(at === 0 ? 'you' : '', text)),
  ];
  return lines.join('');
}

/** What is left to a person, where that is nothing too: it goes on without one. To a key that leaked nobody goes back. */
function steering({ phase, held, emergency, notBefore }: InFlight, secret: string): readonly string[] {
  if (held) return [lineFor(RESUME, secret)];
  const isBefore = isBeforePromotion(phase);
  if (!isBefore && !emergency) return [lineFor(ROLLBACK, secret)];
  return [
    `nothing: the worker goes on with it${notBefore === undefined ? '' : ` at ${spokenMinuteBy(notBefore)}`}`,
    `at once: ${lineFor(RESUME, secret)}`,
    ...(isBefore ? [`to give it up: ${lineFor(ABORT, secret)}`] : []),
  ];
}

/** Nobody’s word closes a leak: looks of half an hour do, which only the worker makes (I18). */
const CLOSES = 'the worker’s reconciliation, which looks at it at every call';
const CLOSE_NOW =
  'no command closes it. To have it looked at now: gcloud scheduler jobs run key-warden-reconcile --location=REGION --project=PROJECT_ID';

/** A leaked key that is not proven dead. The alert about it says what to do, for that takes a look at the key. */
function openLeak(terminal: Terminal, secret: string, { version, key, at, refusedSince }: Leak): string {
  const head = painter(terminal)('red', 'leak open');
  const dead =
    refusedSince === undefined
      ? 'no'
      : `deleted and refused since ${spokenMinute(refusedSince)}, which must last half an hour`;
  const when =
    refusedSince === undefined
      ? 'once its key was found deleted and refused for half an hour'
      : `after ${spokenMinuteBy(plusMs(refusedSince, FLIPS_MS))}, if it stays refused`;
  return [
    saidBehind(terminal, head, `version ${version} of ${idOf(secret)}: since ${spokenMinute(at)}`),
    saidBehind(terminal, '  key ', key ?? 'where it was made is not known'),
    saidBehind(terminal, '  dead', dead),
    saidBehind(terminal, '  over', `${when}: closed by ${CLOSES}`),
    saidBehind(terminal, '  you ', CLOSE_NOW),
  ].join('');
}
