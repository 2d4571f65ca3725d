import { KeyText } from '../../core/key/key-text.ts';
import { keyNameOf } from '../../core/google/resource-names.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { KEYS_MAX } from '../../core/fleet/key-quota.ts';
import { countKeys } from '../keys/count-keys.ts';
import type { KeyRules } from '../ports/key-rules.ts';
import type { IssuedKey, Issuer } from '../ports/ports.ts';
import { foresee } from './key-rules.ts';
import { tellerOf, type TellCall } from './told.ts';

/** What stands for a key that was not minted. It is clean, as the bytes of a real one are, and like no real one. */
export const UNMINTED = new KeyText('rehearsal-of-a-rotation');

/**
 * An issuer that reads the real one and only imagines minting, deleting and bringing back. `doubt` hears what a
 * rehearsal cannot know of a mint.
 */
export function rehearsedIssuer(
  real: Issuer,
  now: () => Instant,
  tell: TellCall,
  doubt: (text: string) => void,
  rules?: KeyRules,
): Issuer {
  const { read: readTold, write: writeTold } = tellerOf('issuer', tell);
  const imagined = new Map<string, IssuedKey>();
  const minted = new Set<string>();
  const look = async (name: string): Promise<IssuedKey> => imagined.get(name) ?? real.look(name);

  return {
    async mint(order) {
      const name = keyNameOf(order.project, order.keyId);
      writeTold('mint', name);
      const room = await roomFor(real, order.project);
      if (room instanceof Fault) throw room;
      if (room !== undefined) doubt(room);
      if (rules !== undefined) await foresee(rules, order, doubt);
      const key: IssuedKey = { ...order, name, uid: order.keyId, createdAt: now() };
      imagined.set(name, key);
      minted.add(name);
      return key;
    },
    async look(name) {
      readTold('look', name, !imagined.has(name));
      return look(name);
    },
    async keyString(name) {
      readTold('keyString', name, !minted.has(name));
      return minted.has(name) ? UNMINTED : real.keyString(name);
    },
    async delete(name) {
      writeTold('delete', name);
      imagined.set(name, { ...(await look(name)), deletedAt: now() });
    },
    async undelete(name) {
      writeTold('undelete', name);
      const { deletedAt: _, ...key } = await look(name);
      imagined.set(name, key);
      return key;
    },
    async mark(name, annotations) {
      writeTold('mark', name);
      const key = await look(name);
      const marked = { ...key, annotations: { ...key.annotations, ...annotations } };
      imagined.set(name, marked);
      return marked;
    },
    list(project, withDeleted) {
      readTold('list', `keys of ${project}`, true);
      return real.list(project, withDeleted);
    },
  };
}

/** Whether a project may have one more key: a fault when it may not, words when that is not known. */
async function roomFor(real: Issuer, project: string): Promise<Fault | string | undefined> {
  const counted = await attempt(() => countKeys(real, project));
  if (counted instanceof Fault) return `whether project ${project} has room for a key: ${counted.message}`;
  const { alive, deleted } = counted;
  if (alive >= KEYS_MAX) return new Fault('limited', `project ${project} has its ${KEYS_MAX} keys: delete some first`);
  if (alive + deleted < KEYS_MAX) return undefined;
  return `project ${project} has ${alive} keys and ${deleted} deleted ones, which may count towards its ${KEYS_MAX}`;
}
