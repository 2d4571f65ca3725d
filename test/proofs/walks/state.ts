import { Buffer } from 'node:buffer';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { readJournal } from '../../support/annotations.ts';
import { isRecord } from '../../../src/core/values/json.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { NUMBER } from '../../support/cloud.ts';
import type { Cast } from './cast.ts';
import type { Telling } from './telling.ts';

/** The secret that all walks are about. */
export const SECRET = `projects/${NUMBER}/secrets/gemini`;

/** How things stand now, a line each: the phase, the aliases, the versions, what readers get, the issuer’s keys. */
export function stateOf(cloud: PretendCloud, cast: Cast, told: Telling): () => readonly string[] {
  const read = (rpc: 'getSecret' | 'listSecretVersions' | 'accessSecretVersion', name: string): unknown => {
    try {
      return cloud.secrets.call(rpc, {}, rpc === 'listSecretVersions' ? { parent: name } : { name });
    } catch {
      return undefined;
    }
  };
  const valueOf = (version: string): string | undefined => {
    const answer = read('accessSecretVersion', `${SECRET}/versions/${version}`);
    const payload = isRecord(answer) && isRecord(answer['payload']) ? answer['payload']['data'] : undefined;
    return typeof payload === 'string' ? Buffer.from(payload, 'base64').toString() : undefined;
  };
  const doing = (key: string): string => {
    const { condition } = cloud.keyring.conditionOf(key, { callerIp: '127.0.0.1', headers: {} }, cloud.clock.now());
    return condition === 'works' ? 'works' : `is refused (${condition})`;
  };
  // Consumers take the key out of what they read, as they always did.
  const reader = (version: 'current' | 'latest'): string => {
    const value = valueOf(version);
    if (value === undefined) return `${version} gets an error`;
    const key = cast.keyIn(value);
    return key === undefined ? `${version} gets no key` : `${version} gets ${cast.nameOf(key)}, which ${doing(key)}`;
  };
  const known = new Map<string, string>();
  return () => {
    const secret = read('getSecret', SECRET);
    if (!isRecord(secret)) return [];
    const annotations = isRecord(secret['annotations']) ? secret['annotations'] : {};
    const text = annotations[ROTATION_ANNOTATION];
    const versions = read('listSecretVersions', SECRET);
    const list = isRecord(versions) && Array.isArray(versions['versions']) ? versions['versions'] : [];
    const each = list
      .filter(isRecord)
      .toReversed()
      .map((version) => {
        const number = /\d+$/.exec(String(version['name']))?.[0] ?? '';
        const value = valueOf(number);
        if (value !== undefined) known.set(number, cast.told(value));
        return `${number} ${String(version['state']).toLowerCase()} (${known.get(number)})`;
      });
    const aliases = isRecord(secret['versionAliases']) ? Object.entries(secret['versionAliases']) : [];
    return [
      `phase     ${phaseOf(typeof text === 'string' ? text : undefined, told)}`,
      `aliases   ${aliases.map(([alias, number]) => `${alias} → ${String(number)}`).join(', ')}`,
      `versions  ${each.join(', ')}`,
      `readers   ${reader('current')}; ${reader('latest')}`,
      `issuer    ${cast
        .named()
        .map(([name, { deletedAt }]) => (deletedAt === undefined ? name : `${name} (deleted)`))
        .join(', ')}`,
    ];
  };
}

/** What the journal says. While an act is under lease, an earlier reason to wait is no news. */
function phaseOf(text: string | undefined, told: Telling): string {
  const journal = readJournal(text);
  if (journal === undefined) return 'not readable';
  if (journal.phase === 'resting') {
    const { notBefore, failures } = journal;
    const pause = notBefore === undefined ? '' : `, begins nothing by itself before ${told.time(notBefore)}`;
    return `resting${failures === 0 ? '' : ` after ${failures} abandoned`}${pause}`;
  }
  const { phase, held, lease, why, wish, notBefore } = journal;
  const marks = [
    ...(held ? ['held for a person'] : []),
    ...(lease === undefined ? [] : [`leased until ${told.time(lease.until)}`]),
    ...(wish === undefined ? [] : [`asked to ${wish === 'abort' ? 'give up' : 'go back'}`]),
    ...(notBefore === undefined || held || lease !== undefined ? [] : [`waits until ${told.time(notBefore)}`]),
  ];
  const news = lease === undefined || phase === 'abandoned' ? why : undefined;
  return `${[phase, ...marks].join(', ')}${news === undefined ? '' : ` — ${told.text(news)}`}`;
}
