import { BINDING_PERMISSIONS, BOUND_KEYS_CONSTRAINT } from '../../core/google/key-rules.ts';
import { restrictionsOfSuccessor } from '../../core/google/key-restrictions.ts';
import { KEYS_PLANNED_MAX } from '../../core/fleet/key-quota.ts';
import { lackOf, type Lack, type LackKind } from '../../core/inventory/migration.ts';
import { KeyText } from '../../core/key/key-text.ts';
import { accountStates } from '../inventory/account-states.ts';
import type { KeyAtIssuer } from '../inventory/keys-at-issuer.ts';
import { countKeys } from '../keys/count-keys.ts';
import { remembered } from '../keys/remembered.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { GoogleReader } from '../ports/google-reader.ts';
import type { KeyRules } from '../ports/key-rules.ts';
import type { Issuer } from '../ports/ports.ts';
import type { LookedAt } from './look-at-secret.ts';

/** What a plan may ask beforehand; none of it writes. */
export interface MissingPorts {
  readonly reader: GoogleReader;
  readonly rules: KeyRules;
  readonly issuer: Issuer;
}

export interface MissingOrder {
  /** What whoever migrates says of all new keys. */
  readonly serviceAccount?: string | undefined;
  readonly dropTargets: boolean;
  /** The worker makes the keys: what its identity may do is not seen from here. */
  readonly byWorker: boolean;
  readonly keys: readonly KeyAtIssuer[];
}

/** Asks what stands in the way of each new key; every question once. What could not be found out is a note and no obstacle. */
export function missingFor({ reader, rules, issuer }: MissingPorts, order: MissingOrder) {
  const accounts = accountStates(reader);
  const bound = new Map<string, Promise<readonly string[] | Fault>>();
  const enforced = new Map<string, Promise<boolean | Fault>>();
  const rooms = new Map<string, Promise<{ left: number } | Fault>>();
  const notes = new Set<string>();
  const [create] = BINDING_PERMISSIONS;

  const ofAccount = async (account: string | undefined): Promise<readonly LackKind[]> => {
    if (account === undefined) return ['no_account'];
    const state = await accounts.of(account);
    if (state === 'gone') return ['account_gone'];
    const permitted = await remembered(bound, account, () => attempt(() => rules.permittedOn(account, [create])));
    if (permitted instanceof Fault) notes.add(`whether keys may be bound to ${account}: ${permitted.message}`);
    const mayNot = !(permitted instanceof Fault) && !permitted.includes(create);
    if (mayNot && order.byWorker)
      notes.add(`you may not bind keys to ${account}; whether the worker may is not seen from here`);
    return [
      ...(state === 'disabled' ? (['account_disabled'] as const) : []),
      ...(mayNot && !order.byWorker ? (['may_not_bind'] as const) : []),
    ];
  };

  const noteOnPolicy = async (project: string): Promise<void> => {
    const is = await remembered(enforced, project, () =>
      attempt(() => rules.isEnforced(project, BOUND_KEYS_CONSTRAINT)),
    );
    if (is instanceof Fault) notes.add(`whether an organisation policy forbids the keys in ${project}: ${is.message}`);
    else if (is)
      notes.add(
        `the organisation policy ${BOUND_KEYS_CONSTRAINT} is enforced in ${project}; keys for the Gemini API alone, as these, are said to pass`,
      );
  };

  /** Takes a place for a key; a project that cannot be counted is told by the mint. */
  const hasRoom = async (project: string): Promise<boolean> => {
    const room = await remembered(rooms, project, async () => {
      const count = await attempt(() => countKeys(issuer, project));
      return count instanceof Fault ? count : { left: KEYS_PLANNED_MAX - count.alive - count.deleted };
    });
    if (room instanceof Fault) {
      notes.add(`how many keys project ${project} has: ${room.message}`);
      return true;
    }
    room.left -= 1;
    return room.left >= 0;
  };

  const lostOf = (key: KeyText): readonly string[] => {
    const known = order.keys.find(({ text }) => text instanceof KeyText && text.equals(key));
    return known === undefined ? [] : restrictionsOfSuccessor(known.record.restrictions, true).lost;
  };

  return {
    notes: (): readonly string[] => [...notes, ...accounts.notLooked()],
    async lacksOf({ secret, project, keyProject, mint }: LookedAt, key: KeyText): Promise<readonly Lack[]> {
      const account = order.serviceAccount ?? mint.keyServiceAccount;
      const about = { secret, project, keyProject, account };
      await noteOnPolicy(keyProject);
      const lost = order.dropTargets || mint.dropTargets === 'on' ? [] : lostOf(key);
      const kinds: readonly LackKind[] = [
        ...(mint.keyKind === 'standard' ? (['standard_by_policy'] as const) : []),
        ...(await ofAccount(account)),
        ...(lost.length > 0 ? (['other_apis'] as const) : []),
      ];
      const lacks = kinds.map((kind) => lackOf(kind, { ...about, detail: lost.join(', ') }));
      if (lacks.length > 0 || (await hasRoom(keyProject))) return lacks;
      return [
        lackOf('no_room', {
          ...about,
          detail: `${KEYS_PLANNED_MAX} are taken or planned for, those deleted within 30 days included`,
        }),
      ];
    },
  };
}
