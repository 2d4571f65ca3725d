import { toldApis } from '../../core/google/key-restrictions.ts';
import { parseKeyName } from '../../core/google/resource-names.ts';
import type { Checked, Run } from '../../core/health/check-run.ts';
import type { Finding } from '../../core/health/finding.ts';
import { apisAtIssuer, type BlockedKey, type SeenApis } from '../keys/allowed-apis.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Issuer, Vault } from '../ports/ports.ts';

export interface BlockedKeyPorts {
  readonly vault: Pick<Vault, 'read'>;
  readonly issuer: Pick<Issuer, 'list' | 'keyString'>;
}

/**
 * For a person who looks: sees what keys may call that are refused for their list of APIs, so that the command which replaces
 * a list names all of it. A scheduled check does not: its identity has no right at the issuer. What was not seen says why.
 */
export async function withAllowedApis({ vault, issuer }: BlockedKeyPorts, run: Run): Promise<Run> {
  const apisOf = apisAtIssuer(issuer);
  const checked: Checked[] = [];
  for (const one of run.checked) {
    const { finding } = one;
    const blocked = finding.diagnosis.cause === 'api_blocked' ? await blockedKey(vault, finding) : undefined;
    checked.push(blocked === undefined ? one : { ...one, finding: withApis(finding, await apisOf(blocked)) });
  }
  return { ...run, checked };
}

/** `undefined` where the version cannot be read any more: the next check tells. */
async function blockedKey(vault: Pick<Vault, 'read'>, finding: Finding): Promise<BlockedKey | undefined> {
  const { secret, version, readAs, keyName, project, diagnosis } = finding;
  const reading = await attempt(() => vault.read(secret, version ?? readAs));
  if (reading instanceof Fault) return undefined;
  const owner = diagnosis.keyProject ?? parseKeyName(keyName ?? '')?.project ?? project;
  return { bytes: reading.bytes, project: owner, keyName };
}

function withApis(finding: Finding, seen: SeenApis): Finding {
  if ('notSeen' in seen)
    return { ...finding, notes: [...finding.notes, `which APIs the key may call was not seen: ${seen.notSeen}`] };
  const { keyName, apis } = seen;
  return { ...finding, keyName, apiTargets: apis.flags, notes: [...finding.notes, toldApis(apis)] };
}
