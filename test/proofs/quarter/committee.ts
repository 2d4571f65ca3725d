import { approve } from '../../../src/app/approval/approve.ts';
import { approvalsOf, type ApprovalOrder, type Approvals } from '../../../src/app/approval/approvals.ts';
import { freezesOn, type LookUpFreezes } from '../../../src/app/listing/freezes.ts';
import type { Announcer, Clock, SecretName, Vault } from '../../../src/app/ports/ports.ts';
import { freeze } from '../../../src/app/rotation/freeze.ts';
import type { RotationProposed } from '../../../src/core/alerts/notices/rotation-notices.ts';
import type { Actor } from '../../../src/core/record/actor.ts';
import type { SecretPolicy } from '../../../src/core/settings/secret-policy.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import type { MemoryVault } from '../../support/twins/memory-vault.ts';
import { HOUR_MS } from './fleet.ts';
import { APPROVAL_HOURS, FROZEN_BY_HAND } from './rules.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a person answered to a plan that waited. */
export interface Answer {
  readonly secret: SecretName;
  readonly askedBy: string | undefined;
  readonly by: string;
  readonly at: Instant;
  readonly outcome: 'approved' | 'refused' | 'let lapse';
}

/** The people who freeze and approve, and the worker’s own secrets on which that stands. */
export interface Committee {
  /** What the worker looks at before it begins anything. */
  gates(ports: { readonly vault: Vault; readonly clock: Clock; readonly announcer: Announcer }): {
    readonly freezes: LookUpFreezes;
    readonly approvals: Approvals;
  };
  /** Somebody reads what is proposed and agrees some hours later; the first request of all is overlooked. */
  answer(proposed: RotationProposed): void;
  readonly given: readonly Answer[];
  /** Moments at which something that people set ends. */
  readonly ends: readonly Instant[];
}

const OWN = { project: '100000000000', location: 'global' } as const;
const MAX: Actor = { who: 'max@example.com', is: 'verified' };
const READS_AFTER_HOURS = 5;

export function committeeOf(
  {
    time,
    vault,
    announcer,
  }: { readonly time: VirtualTime; readonly vault: MemoryVault; readonly announcer: Announcer },
  scope: Pick<ApprovalOrder, 'scopes' | 'concurrency'> & { readonly secretPolicy: SecretPolicy },
): Committee {
  const { clock } = time;
  const [book, frozen] = [vault.create(OWN, 'key-warden-approvals'), vault.create(OWN, 'key-warden-freezes')];
  const order = { ...scope, book, hours: APPROVAL_HOURS };
  const given: Answer[] = [];
  time.at(FROZEN_BY_HAND.from, async () => {
    const { project, until } = FROZEN_BY_HAND;
    const silence = { owner: 'team-1', reason: 'a fair, where nothing may change', until };
    const set = await freeze(
      { vault, clock, announcer },
      { book: frozen, scopes: scope.scopes },
      { about: { project }, by: MAX, dryRun: false, silence },
    );
    if (set.outcome !== 'frozen') throw new Error(`the project was not frozen: ${JSON.stringify(set)}`);
  });
  return {
    given,
    ends: [FROZEN_BY_HAND.until],
    gates: (ports) => ({ freezes: freezesOn(ports.vault, frozen), approvals: approvalsOf(ports, order) }),
    answer({ secret, plan, by: asker }) {
      const askedBy = asker?.who;
      const note = (outcome: Answer['outcome']) =>
        void given.push({ secret, askedBy, by: MAX.who, at: clock.now(), outcome });
      if (given.length === 0) return note('let lapse');
      time.at(plusMs(clock.now(), READS_AFTER_HOURS * HOUR_MS), async () => {
        const { outcome } = await approve({ vault, clock }, order, { secret, plan, by: MAX, dryRun: false });
        note(outcome);
      });
    },
  };
}
