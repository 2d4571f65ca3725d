import { MANAGED_LABEL } from '../../../src/app/listing/gather.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { consoleKey, DAY_MS, HOUR_MS, type FleetParts, type Member } from './fleet.ts';
import type { Witness } from './witness.ts';
import { JANE } from '../../support/journals.ts';

export interface PeopleParts extends FleetParts {
  readonly denied: Set<string>;
  readonly seen: Witness;
}

/** What people do to the special secrets in the course of the quarter, on purpose or not. */
export function peopleStepIn(parts: PeopleParts, fleet: readonly Member[], start: Instant): void {
  const { time } = parts;
  for (const member of fleet) {
    switch (member.part) {
      case 'dead':
        time.at(plusMs(start, 10 * DAY_MS), () => deleteItsKey(parts, member));
        break;
      case 'by hand':
        time.at(plusMs(start, 20 * DAY_MS), () => rotateByHand(parts, member));
        break;
      case 'unlabelled':
        time.at(plusMs(start, 25 * DAY_MS), () => takeLabel(parts, member));
        break;
      case 'denied':
        parts.denied.add(`add ${member.secret}`);
        break;
      case 'sticky':
      case 'usual':
    }
  }
}

/** Somebody tidies up in the console: consumers are without a key until it is replaced. */
async function deleteItsKey({ vault, issuer, keys, seen, time }: PeopleParts, { secret }: Member): Promise<void> {
  const life = keys.of(new TextDecoder().decode((await vault.read(secret, 'current')).bytes));
  const record = seen.records.get(secret);
  if (life === undefined || record === undefined) return;
  record.spoiled = true;
  await issuer.delete(life.name, false);
  life.deletedAt = time.clock.now();
  life.usedUntil = time.clock.now();
}

/** The old way: a new key from the console, added as a version. */
async function rotateByHand(parts: PeopleParts, { secret, project }: Member): Promise<void> {
  const life = await consoleKey(parts, project);
  parts.time.at(plusMs(parts.time.clock.now(), 5 * 60_000), async () => {
    await parts.vault.add(secret, new TextEncoder().encode(life.characters));
    await parts.seen.changed(secret);
  });
}

async function takeLabel({ vault }: PeopleParts, { secret }: Member): Promise<void> {
  await vault.commit(await vault.look(secret), { labels: { [MANAGED_LABEL.key]: null } });
}

/** Whoever is called because of a held rotation mends what is wrong and lets it go on, some hours later. */
export function answerTheCall(parts: PeopleParts, secret: string): void {
  const { time, denied, vault } = parts;
  time.at(plusMs(time.clock.now(), ANSWER_HOURS * HOUR_MS), async () => {
    denied.delete(`add ${secret}`);
    await ask(vault, secret, { to: 'resume', by: JANE });
    await parts.seen.changed(secret);
  });
}

const ANSWER_HOURS = 20;
