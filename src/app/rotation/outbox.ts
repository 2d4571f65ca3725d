import type { RotationNotice } from '../../core/alerts/notices/rotation-notices.ts';
import { recallsOf } from '../../core/alerts/recalled-hold.ts';
import { noticeOf, rotationNotice } from '../../core/alerts/rotation-notice.ts';
import { VAULT_PERMISSIONS } from '../../core/google/vault-permissions.ts';
import { withoutTold, type Untold } from '../../core/record/outbox.ts';
import { valueOf } from '../../core/record/part.ts';
import { changeOf } from '../../core/record/secret-record.ts';
import { stepOnRecord } from '../../core/rotation/step-on-record.ts';
import { stepToTell } from '../../core/rotation/step-to-tell.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretSighting } from '../ports/ports.ts';
import type { Step } from './tick.ts';
import { warnOf, type WarnPorts } from './warn.ts';

type Moved = Extract<Step, { readonly did: 'moved' }>;

/** What one run tells of a secret's rotations. Nothing is told before it is on record, and it stays there until it was told (I15). */
export interface Outbox {
  /** What was told and is still on record as untold: the next commit takes it away. */
  told(): readonly Untold[];
  /** Tells what a step recorded, after what an earlier run may have left untold. */
  afterStep(step: Moved): Promise<void>;
  /** Tells what is left, and takes away what was told; answers the secret as it is then. */
  settle(sighting: SecretSighting): Promise<SecretSighting>;
}

/** The outbox of a secret for one run. Trouble is a line in the log: what is on record is told by the next run. */
export function outboxOf(ports: WarnPorts, project: string): Outbox {
  let told: Untold[] = [];
  /** Where the announcer was out of reach once, the rotation goes on without waiting for it again. */
  let isDown = false;

  const tell = async (
    { name, record, aliases }: SecretSighting,
    untold: readonly Untold[],
    step?: Moved,
  ): Promise<void> => {
    const fresh = step && stepToTell(step.before, step.after)?.untold;
    for (const one of untold) {
      const isFresh = one.step === fresh?.step && one.id === fresh.id;
      const past = stepOnRecord(one, record);
      const words =
        step !== undefined && isFresh
          ? rotationNotice(name, project, step.before, step.after, aliases)
          : past && noticeOf(name, project, past, aliases);
      const notice = words && { ...words, ...recalledIn(record, words) };
      const done = notice === undefined ? undefined : await attempt(() => ports.announcer.announce(notice));
      if (done instanceof Fault) {
        isDown = true;
        ports.log.write('WARNING', `rotation.${one.step} could not be announced yet: ${done.message}`, {
          secret: name,
        });
        return;
      }
      told.push(one);
    }
  };

  return {
    told: () => told,

    async afterStep(step) {
      const fresh = stepToTell(step.before, step.after)?.untold;
      // Most commits take away what was told before them.
      const still = withoutTold(told, withoutTold(told, untoldOf(step.left)));
      told = [...(fresh === undefined ? still : withoutTold(still, [fresh]))];
      if (fresh === undefined || isDown) return;
      await tell(step.left, withoutTold(untoldOf(step.left), told), step);
    },

    async settle(sighting) {
      const left = withoutTold(untoldOf(sighting), told);
      if (left.length > 0 && !isDown) {
        if (!(await mayWrite(ports, sighting))) {
          await warnOf(ports, { secret: sighting.name, project }, { because: 'unwritable', why: CANNOT_NOTE });
          return sighting;
        }
        await tell(sighting, left);
      }
      if (told.length === 0) return sighting;
      const outbox = withoutTold(untoldOf(sighting), told);
      const done = await attempt(() =>
        ports.vault.commit(sighting, { annotations: changeOf(sighting.record, { outbox }) }),
      );
      if (done instanceof Fault) {
        ports.log.write(
          'WARNING',
          `what was announced could not be noted, and is announced once more: ${done.message}`,
          {
            secret: sighting.name,
          },
        );
        return sighting;
      }
      told = [];
      return done;
    },
  };
}

/** An end is told to everybody who was reminded of the hold before it. */
function recalledIn(
  { announcedUnreadable }: SecretSighting['record'],
  { type, rotation: id, holds }: RotationNotice,
): Pick<RotationNotice, 'recalls'> {
  const recalls = recallsOf(valueOf(announcedUnreadable), { id, holds });
  return recalls === 0 || type === 'rotation.held' ? {} : { recalls };
}

function untoldOf({ record }: SecretSighting): readonly Untold[] {
  return valueOf(record.outbox) ?? [];
}

const CANNOT_NOTE = 'the worker may not write to it, so it cannot note what was announced of its rotation';

/** What an earlier run left may have been told by it: where that cannot be noted, it would be told in every run. */
async function mayWrite({ vault }: WarnPorts, { name }: SecretSighting): Promise<boolean> {
  const { permission } = VAULT_PERMISSIONS.commit;
  const permitted = await attempt(() => vault.permitted(name, [permission]));
  return permitted instanceof Fault || permitted.includes(permission);
}
