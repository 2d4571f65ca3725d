import { REVOKE_KEY } from '../../core/causes/commands.ts';
import { valuesOfSecret } from '../../core/causes/names.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import { shellText } from '../../core/values/command.ts';
import { revoke as revokeKey, type Doomed } from '../../app/purge/revoke.ts';
import { revokedJson, type RevokedJson } from '../../app/purge/revoked-json.ts';
import type { Wire } from '../../wire.ts';
import { workerFor, type ByHand } from './worker/worker.ts';
import { claimedBy, lookingAround, oneSecret, type Target } from './ask.ts';
import { idOf } from '../show/report.ts';
import { painter, type Terminal } from '../show/terminal.ts';

export interface RevokeOptions extends Target, ByHand {
  /** The uid of the key, repeated by whoever wants it deleted. */
  readonly confirm?: string | undefined;
  readonly json: boolean;
}

/** Deletes a key at its issuer, whoever reads it; without `--confirm` says which could be, and what each would take along. */
export async function revoke(terminal: Terminal, wire: Wire, options: RevokeOptions): Promise<0 | 5> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const { secretPolicy, concurrency } = settings;
  const order = {
    secret,
    project: projectIn(secret),
    secretPolicy,
    concurrency,
    scopes: scopesOf(lookingAround(terminal, settings)),
  };
  const say = (doomed: Doomed) => terminal.err(what(secret, doomed));
  const { confirm } = options;
  const worker = await workerFor(terminal, wired, { ...options, dryRun: confirm === undefined }, 'rotate');
  const call = { method: 'POST', body: { secret, mode: 'revoke', confirm } } as const;
  const revoked: RevokedJson =
    worker === undefined
      ? revokedJson(secret, await revokeKey(wired.ports, { ...order, confirm, by: claimedBy(terminal) }, say))
      : await worker.ask<RevokedJson>(call, 'key-warden/revocation/v1', { 422: 5 });
  if (worker !== undefined && revoked.outcome === 'deleted') say(revoked.doomed);
  if (options.json) terminal.out(`${JSON.stringify(revoked, null, 2)}\n`);
  else {
    const paint = painter(terminal);
    if (revoked.outcome === 'would_delete')
      for (const one of revoked.doomed)
        terminal.out(`${what(secret, one)}  delete it     ${commandFor(secret, one)}\n`);
    const style = revoked.outcome === 'refused' ? 'red' : 'yellow';
    terminal.out(`${paint(style, revoked.outcome.replace('_', ' '))}  ${idOf(secret)}: ${revoked.why}\n`);
  }
  return revoked.outcome === 'refused' ? 5 : 0;
}

function commandFor(secret: string, { uid }: Doomed): string {
  return shellText(REVOKE_KEY, { ...valuesOfSecret(secret), keyUid: uid });
}

/** What a deletion takes from whom. */
function what(secret: string, { key, displayName, version, readAs, alsoServed, notLooked }: Doomed): string {
  const lines = [
    `${key}${displayName === '' ? '' : ` (${displayName})`}`,
    `  in            ${idOf(secret)} version ${version}${readAs === undefined ? '' : `, which consumers read as ${readAs}: they have no key from then on`}`,
    ...(alsoServed === undefined ? [] : [`  also read in  ${alsoServed}`]),
    ...(notLooked === undefined ? [] : [`  not known     ${notLooked}`]),
  ];
  return `${lines.join('\n')}\n`;
}
