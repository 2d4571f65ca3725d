import { createHash } from 'node:crypto';
import { chunks } from '../../core/alerts/groups.ts';
import type { RotationProposed } from '../../core/alerts/notices/rotation-notices.ts';
import { withApproval, type Approval } from '../../core/record/approval.ts';
import { plural } from '../../core/values/plural.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, SecretName, Vault } from '../ports/ports.ts';
import { inBook } from './book.ts';

/** A plan that a second person is to be asked for. */
export interface Request {
  readonly one: Approval;
  readonly notice: RotationProposed;
  readonly isQuiet: boolean;
}

interface TellPorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly announcer: Announcer;
}

/** Tells some together, and only then keeps them: one message too many is better than a plan that waits unseen. Rejects with `Fault`. */
export async function tell(
  { vault, clock, announcer }: TellPorts,
  book: SecretName,
  requests: readonly Request[],
): Promise<void> {
  const group = requests.length > 1 ? groupOf(requests.map(({ one }) => one)) : undefined;
  const notices = requests.map(({ notice }) => ({ ...notice, group }));
  for (const notice of notices) await announcer.announce(notice, notices);
  const now = clock.now();
  await inBook(vault, book, (approvals) => ({
    list: requests.reduce((list, { one }) => withApproval(list, { ...one, group }, now) ?? list, approvals),
  }));
}

/** Tells all that a run asks for, in as few messages as people can read. Answers what could not be told. */
export async function tellAll(
  ports: TellPorts,
  book: SecretName | undefined,
  requests: readonly Request[],
): Promise<readonly string[]> {
  if (book === undefined) return [];
  const [alone, heard] = [requests.filter(({ isQuiet }) => isQuiet), requests.filter(({ isQuiet }) => !isQuiet)];
  const problems: string[] = [];
  for (const some of [...chunks(heard), ...alone.map((one) => [one])]) {
    const told = await attempt(() => tell(ports, book, some));
    if (told instanceof Fault)
      problems.push(`approval of ${plural(some.length, 'rotation')} could not be asked for: ${told.message}`);
  }
  return problems;
}

/** Binds whoever approves all of them to these secrets with these plans. */
function groupOf(approvals: readonly Approval[]): string {
  const all = approvals.map(({ secret, plan }) => `${secret} ${plan}`).toSorted();
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}
