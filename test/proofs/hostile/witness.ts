import { Buffer } from 'node:buffer';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { CURRENT, MINE, OLD, STAGED, THEIRS, type HostileWorld } from './world.ts';

interface Seen {
  readonly state: string;
  readonly text: string;
}

/** What an outsider sees wrong once the worker has done what it does. */
export function violationsIn(world: HostileWorld): readonly string[] {
  const { cloud, foreign, own, said } = world;
  const keys = new Map(cloud.keyring.all().map((key) => [key.uid, key]));
  const wrong: string[] = [];
  for (const [name, before] of Object.entries(foreign)) {
    const now = keys.get(before.uid);
    // A deleted key is forgotten after 30 days: the one that was deleted in the beginning by nobody's doing.
    if (now === undefined) {
      if (name !== 'deleted') wrong.push(`the key ${name} was deleted`);
      continue;
    }
    if (name === 'deleted' && now.deletedAt === undefined) wrong.push('the key deleted was revived');
    if (name !== 'deleted' && now.deletedAt !== undefined) wrong.push(`the key ${name} was deleted`);
    if (JSON.stringify(now.annotations) !== JSON.stringify(before.annotations))
      wrong.push(`the key ${name} was marked`);
    if (said.some((line) => line.includes(before.keyString))) wrong.push(`the key ${name} was said`);
  }
  if (said.some((line) => [own.old, own.current].some(({ keyString }) => line.includes(keyString))))
    wrong.push('a key of its own was said');
  const theirs = versionsOf(world, THEIRS);
  if (theirs.length !== 1 || theirs[0]?.state !== 'ENABLED') wrong.push('the other secret was touched');
  const mine = versionsOf(world, MINE);
  const known = [own.old.keyString, own.staged, own.current.keyString];
  for (const [at, { state, text }] of mine.entries()) {
    const made = cloud.keyring.byString(text);
    const isForeign = Object.values(foreign).some(({ keyString }) => keyString === text);
    const isOurs = !isForeign && (known.includes(text) || made?.annotations[SECRET_MARK] === MINE);
    if (state !== 'DESTROYED' && !isOurs) wrong.push(`version ${at + 1} holds a key that is none of the secret’s`);
  }
  if (mine[OLD - 1]?.state !== 'DISABLED') wrong.push(`version ${OLD} is ${mine[OLD - 1]?.state}`);
  if (mine[STAGED - 1]?.state === 'DESTROYED') wrong.push(`version ${STAGED} was destroyed`);
  const current = currentOf(world);
  const read = mine[current - 1];
  if (read?.state !== 'ENABLED') wrong.push(`consumers read version ${current}, which is ${read?.state}`);
  const living = cloud.keyring.byString(read?.text ?? '');
  if (living !== undefined && living.deletedAt !== undefined) wrong.push('consumers read a key that was deleted');
  return wrong;
}

/** Whether the version that a person staged was disabled: what is left to who may write the secret, and no more. */
export function isStagedDisabled(world: HostileWorld): boolean {
  return versionsOf(world, MINE)[STAGED - 1]?.state === 'DISABLED';
}

/** Oldest first, read as their owner may. */
function versionsOf({ cloud }: HostileWorld, secret: string): readonly Seen[] {
  const list = cloud.secrets.call('listSecretVersions', {}, { parent: secret, pageSize: 100 })['versions'];
  const versions = (list as readonly { readonly name: string; readonly state: string }[]).toReversed();
  return versions.map(({ name, state }) => ({ state, text: textOf(cloud, name, state) }));
}

/** Enabled for the look and disabled again: what is stored is what is looked for. */
function textOf(cloud: HostileWorld['cloud'], name: string, state: string): string {
  if (state === 'DESTROYED') return '';
  if (state === 'DISABLED') cloud.secrets.call('enableSecretVersion', {}, { name });
  const { payload } = cloud.secrets.call('accessSecretVersion', {}, { name });
  if (state === 'DISABLED') cloud.secrets.call('disableSecretVersion', {}, { name });
  return Buffer.from((payload as { readonly data: string }).data, 'base64').toString();
}

function currentOf({ cloud }: HostileWorld): number {
  const { versionAliases } = cloud.secrets.call('getSecret', {}, { name: MINE });
  return Number((versionAliases as Readonly<Record<string, string>>)['current'] ?? CURRENT);
}
