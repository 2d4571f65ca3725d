import { quiet } from '../app/quiet.ts';
import { isoOf, parseInstant, plusMs, type Instant } from '../core/time.ts';
import type { Wire } from '../wire.ts';
import { oneSecret, type Target } from './ask.ts';
import { Stop, type Terminal } from './terminal.ts';

export interface SilenceOptions extends Target {
  /** A moment in RFC 3339, or a stretch from now such as `4h` or `2d`. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
  /** Who wants quiet; the person at the terminal when left out. */
  readonly owner?: string | undefined;
  readonly end: boolean;
  readonly dryRun: boolean;
}

/** Keeps channels quiet about one secret, with an owner, a reason and an end; or ends that. */
export async function silence(terminal: Terminal, wire: Wire, options: SilenceOptions): Promise<0> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const { ports } = wired;
  const wanted = options.end ? undefined : wantedOf(terminal, options, ports.clock.now());
  const done = await quiet(ports, secret, wanted, options.dryRun);
  if (done.outcome === 'refused') throw new Stop(2, `no silence was set: ${done.why}`);
  const dry = options.dryRun ? 'nothing was changed; without --dry-run: ' : '';
  if (done.outcome === 'none') terminal.out(`${secret} was not silenced\n`);
  else if (wanted === undefined) terminal.out(`${dry}${secret} is heard again\n`);
  else
    terminal.out(
      `${dry}channels are quiet about ${secret} until ${isoOf(wanted.until)}; recoveries and the heartbeat still go out\n  end it: key-warden silence --end --secret ${secret}\n`,
    );
  return 0;
}

function wantedOf(terminal: Terminal, { until, reason, owner }: SilenceOptions, now: Instant) {
  const end = until === undefined ? undefined : momentOf(until, now);
  const who = owner ?? terminal.environment['USER'];
  if (end === undefined || reason === undefined || who === undefined) {
    const missing = [
      ...(end === undefined ? ['--until 4h (30m, 2d, or a moment such as 2026-01-31T12:00:00Z)'] : []),
      ...(reason === undefined ? ['--reason "moving to a new project"'] : []),
      ...(who === undefined ? ['--owner you@example.com'] : []),
    ];
    throw new Stop(2, `a silence has an end, a reason and an owner; say ${missing.join(' and ')}`);
  }
  return { owner: who, reason, until: end };
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function momentOf(text: string, now: Instant): Instant | undefined {
  const [, amount = '', unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd') return plusMs(now, Number(amount) * UNIT_MS[unit]);
  return parseInstant(text);
}
