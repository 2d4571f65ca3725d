import { MANAGED_LABEL } from '../../../src/app/listing/gather.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { consoleKey, DAY_MS, HOUR_MS, type FleetParts, type Member } from './fleet.ts';
import type { Witness } from './witness.ts';
import { JANE } from '../../support/journals.ts';

export interface PeopleParts extends FleetParts {
  readonly denied: Set<string>;
  readonly seen: Witness;
  /** Somebody types `rotate --emergency`. */
  readonly hurry: (secret: string) => Promise<void>;
}

/** On which day what people do begins; the rotations of the whole fleet are over by the fortieth. */
export const DAYS_OF = {
  dead: 10,
  'by hand': 20,
  unlabelled: 25,
  'written back': 40,
  'alias taken': 45,
  leaked: 50,
} as const;

/** What people do to the special secrets in the course of the quarter, on purpose or not. */
export function peopleStepIn(parts: PeopleParts, fleet: readonly Member[], start: Instant): void {
  const { time } = parts;
  const on = (part: keyof typeof DAYS_OF) => plusMs(start, DAYS_OF[part] * DAY_MS);
  for (const [at, member] of fleet.entries()) {
    switch (member.part) {
      case 'dead':
        time.at(on('dead'), () => deleteItsKey(parts, member));
        break;
      case 'by hand':
        time.at(on('by hand'), () => rotateByHand(parts, member));
        break;
      case 'unlabelled':
        time.at(on('unlabelled'), () => takeLabel(parts, member));
        break;
      case 'written back':
        time.at(on('written back'), () => pushAgain(parts, member));
        break;
      case 'alias taken':
        time.at(plusMs(on('alias taken'), HOUR_MS), () => takeAlias(parts, member));
        break;
      case 'leaked':
        time.at(plusMs(on('leaked'), at * HOUR_MS), () => publish(parts, member));
        break;
      case 'denied':
        parts.denied.add(`add ${member.secret}`);
        break;
      case 'sticky':
      case 'document':
      case 'shared':
      case 'taken back':
      case 'usual':
    }
  }
}

/** Somebody tidies up in the console: consumers are without a key until it is replaced. */
async function deleteItsKey({ vault, issuer, keys, seen, time }: PeopleParts, { secret }: Member): Promise<void> {
  const life = keys.in((await vault.read(secret, 'current')).bytes);
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

/** Another tool writes what it knows of, which is the key that was replaced. Readers of `latest` have that from then on. */
async function pushAgain({ vault, seen }: PeopleParts, { secret, key, around }: Member): Promise<void> {
  const record = seen.records.get(secret);
  if (record !== undefined) record.latestLost = true;
  await vault.add(secret, new TextEncoder().encode(around(key.characters)));
}

/** A template that knows no alias is applied. */
async function takeAlias({ vault }: PeopleParts, { secret }: Member): Promise<void> {
  await vault.commit(await vault.look(secret), { aliases: { current: null } });
}

/** The key is found in public, and its owner says so. */
async function publish({ time, vault, keys, seen, hurry }: PeopleParts, { secret }: Member): Promise<void> {
  const record = seen.records.get(secret);
  if (record !== undefined) {
    record.leakedKey = keys.in((await vault.read(secret, 'current')).bytes);
    record.leakedAt = time.clock.now();
  }
  await hurry(secret);
}

/** Two days after the end a person finds the new key bad, and does what the runbook prints: enable the old version, make it current. */
export function takeBack({ time, vault, seen }: PeopleParts, secret: string): void {
  const record = seen.records.get(secret);
  if (record?.member.part !== 'taken back' || record.promoted.length > 1) return;
  time.at(plusMs(time.clock.now(), 2 * DAY_MS), async () => {
    await vault.enable(secret, await vault.lookVersion(secret, 1));
    await vault.commit(await vault.look(secret), { aliases: { current: 1 } });
    await seen.changed(secret);
  });
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
