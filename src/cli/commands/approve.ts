import type { ApprovalJson, ApprovalsJson } from '../../app/approval/approval-json.ts';
import { ROTATE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { spokenMinute, parseInstant } from '../../core/values/time.ts';
import type { Wire } from '../../wire.ts';
import { oneSecret, settingsFor, type Target } from './ask.ts';
import { laidOut, saidBehind } from '../show/layout.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { workerFor } from './worker/worker.ts';

export interface ApproveOptions extends Target {
  readonly plan?: string | undefined;
  /** All that one message asks for, in place of a secret and a plan. */
  readonly group?: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Approves a planned rotation that somebody else asked for, or the schedule: through the worker alone, which knows by a verified token
 * who does. It begins in the worker’s next run where the schedule asked, and else when it is asked for again.
 */
export async function approve(terminal: Terminal, wire: Wire, options: ApproveOptions): Promise<0 | 5> {
  const { plan, group, dryRun, json } = options;
  if (group !== undefined && (plan !== undefined || options.secret !== undefined))
    throw new Stop(2, '--group, or a secret with --plan: all that one message asks for is approved, or one');
  if (plan === undefined && group === undefined)
    throw new Stop(
      2,
      'which plan? --plan PLAN, as it stands in the request for approval',
      '`key-warden status` shows what waits',
    );
  const one = group === undefined ? oneSecret(terminal, options) : undefined;
  await using wired = wire(one?.settings ?? settingsFor(terminal, options));
  const worker = await workerFor(terminal, wired, { local: false, dryRun: true }, 'rotate');
  if (worker === undefined)
    throw new Stop(
      4,
      'an approval is given through the worker alone, which verifies who gives it, and no deployment is known here',
      'take its settings with `key-warden config pull`',
    );
  const ask = <Answer extends { readonly schema: string }>(about: object, schema: Answer['schema']) =>
    worker.ask<Answer>({ method: 'POST', body: { ...about, mode: 'approve', dryRun } }, schema, { 422: 5 });
  if (one !== undefined) {
    const done = await ask<ApprovalJson>({ secret: one.secret, plan }, 'key-warden/approval/v1');
    terminal.out(json ? `${JSON.stringify(done, null, 2)}\n` : `${laidOut(terminal, spokenApproval(done), 0)}\n`);
    return 0;
  }
  const done = await ask<ApprovalsJson>({ group }, 'key-warden/approvals/v1');
  if (json) terminal.out(`${JSON.stringify(done, null, 2)}\n`);
  else for (const line of done.approved) terminal.out(`${laidOut(terminal, spokenApproval(line), 0)}\n`);
  for (const { why } of json ? [] : done.refused) terminal.err(saidBehind(terminal, 'not approved', why));
  return done.refused.length > 0 ? 5 : 0;
}

function spokenApproval({ secret, askedBy, until, dryRun }: ApprovalJson): string {
  const end = parseInstant(until);
  const said = `${secret} is approved until ${end === undefined ? until : spokenMinute(end)}`;
  const then = askedBy === null ? 'it begins in the worker’s next run' : `it begins with: ${lineFor(ROTATE, secret)}`;
  return dryRun ? `nothing was changed; without --dry-run: ${said}` : `${said}; ${then}`;
}
