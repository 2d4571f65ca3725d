import { rehearsalFrom, type RehearsalJson } from '../../../app/rehearsal/json.ts';
import { sharedKeyText } from '../../../app/listing/shared-key.ts';
import type { JsonRecord } from '../../../core/values/json.ts';
import type { Wired } from '../../../wire.ts';
import type { RotateOptions } from '../rotate.ts';
import type { Onlooker } from '../follow-rotation.ts';
import { showRehearsal } from '../../show/rehearsal.ts';
import type { RotationCode } from '../../show/whereabouts.ts';
import type { Terminal } from '../../show/terminal.ts';
import { askForRotation } from './rotation.ts';
import type { Worker } from './worker.ts';

/** What the worker is asked for, with the secret that it is about. */
interface Wanted {
  readonly worker: Worker;
  readonly secret: string;
  readonly options: RotateOptions;
}

/** Has the worker rotate a key, and each other secret’s that serves it where that is asked for. The worst end is the command’s. */
export async function rotateByWorker(
  onlooker: Onlooker,
  { ports: { clock } }: Wired,
  { worker, secret, options }: Wanted,
): Promise<RotationCode> {
  const { terminal, ends } = onlooker;
  const { holders, holdersNotLooked } = await askForRotation(onlooker, {
    worker,
    clock,
    secret,
    body: bodyOf(options),
  });
  ends.add({ holders, holdersNotLooked });
  for (const line of sharedKeyText({ holders, notLooked: holdersNotLooked })) terminal.err(`  ${line}\n`);
  if (holders.length > 0 && !options.allHolders)
    terminal.err(
      '  it is not deleted while they serve it: rotate each, or give the next command of this kind with --all-holders\n',
    );
  return ends.close();
}

/** Shows what the worker would do, which it finds out under its own rights; `--json` prints its answer. */
export async function rehearsedByWorker(terminal: Terminal, { worker, secret, options }: Wanted) {
  const call = { method: 'POST', body: { secret, ...bodyOf(options) } } as const;
  const answer = await worker.ask<RehearsalJson>(call, 'key-warden/rehearsal/v1');
  const { holders, holdersNotLooked: notLooked } = answer;
  const rehearsal = rehearsalFrom(answer);
  if (options.json) terminal.out(`${JSON.stringify(answer, null, 2)}\n`);
  else
    showRehearsal(
      terminal,
      rehearsal,
      { shared: { holders, notLooked }, consumers: answer.consumers },
      options.verbose,
    );
  return rehearsal;
}

function bodyOf(options: RotateOptions): JsonRecord {
  const { emergency, dryRun, dropTargets, clean, standard, allHolders, form, replace, atTheLatest } = options;
  const { keyProject, keyField, serviceAccount, reason, requestId } = options;
  const switches = { dryRun, dropTargets, clean, standard, allHolders };
  return {
    mode: emergency ? 'emergency' : 'planned',
    ...Object.fromEntries(Object.entries(switches).filter(([, isOn]) => isOn)),
    form,
    replace: replace === undefined ? undefined : Number(replace),
    atTheLatestMinutes: atTheLatest === undefined ? undefined : Number(atTheLatest),
    keyProject,
    keyField,
    serviceAccount,
    reason,
    requestId,
  };
}
