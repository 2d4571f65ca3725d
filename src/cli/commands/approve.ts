import type { ApprovalJson } from '../../app/approval/approval-json.ts';
import { ROTATE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { spokenMinute, parseInstant } from '../../core/values/time.ts';
import type { Wire } from '../../wire.ts';
import { oneSecret, type Target } from './ask.ts';
import { laidOut } from '../show/layout.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { workerFor } from './worker/worker.ts';

export interface ApproveOptions extends Target {
  readonly plan?: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Approves a planned rotation that somebody else asked for, or the schedule: through the worker alone, which knows by a verified token
 * who does. It begins in the worker’s next run where the schedule asked, and else when it is asked for again.
 */
export async function approve(terminal: Terminal, wire: Wire, options: ApproveOptions): Promise<0> {
  const { plan, dryRun } = options;
  if (plan === undefined)
    throw new Stop(
      2,
      'which plan? --plan PLAN, as it stands in the request for approval',
      '`key-warden status` shows what waits',
    );
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const worker = await workerFor(terminal, wired, { local: false, dryRun: true }, 'rotate');
  if (worker === undefined)
    throw new Stop(
      4,
      'an approval is given through the worker alone, which verifies who gives it, and no deployment is known here',
      'take its settings with `key-warden config pull`',
    );
  const call = { method: 'POST', body: { secret, mode: 'approve', plan, dryRun } } as const;
  const done = await worker.ask<ApprovalJson>(call, 'key-warden/approval/v1', { 422: 5 });
  if (options.json) terminal.out(`${JSON.stringify(done, null, 2)}\n`);
  else terminal.out(`${laidOut(terminal, spokenApproval(done), 0)}\n`);
  return 0;
}

function spokenApproval({ secret, askedBy, until, dryRun }: ApprovalJson): string {
  const end = parseInstant(until);
  const said = `${secret} is approved until ${end === undefined ? until : spokenMinute(end)}`;
  const then = askedBy === null ? 'it begins in the worker’s next run' : `it begins with: ${lineFor(ROTATE, secret)}`;
  return dryRun ? `nothing was changed; without --dry-run: ${said}` : `${said}; ${then}`;
}
