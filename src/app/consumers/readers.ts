import { meantBy } from '../../core/consumers/meant.ts';
import { isLeftBehind, readingsOf, type Reading } from '../../core/consumers/reading.ts';
import { parseSecretName, projectIn, secretNameOf } from '../../core/google/resource-names.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import type { Consumers, Roll } from '../ports/consumers.ts';
import { attempt, Fault, isBarred } from '../ports/fault.ts';
import type { SecretName, Vault } from '../ports/ports.ts';
import type { Where } from './places.ts';

/** Everybody who reads a secret, and what could not be looked at, which is never the same as nobody. */
export interface Readers {
  /** Those that a rotation leaves behind first. */
  readonly readings: readonly Reading[];
  readonly notLooked: readonly string[];
  /** Settings or permissions end some of that. */
  readonly barred: boolean;
  /** What an inventory that said where to look may not know yet: no gap that anybody could close, and no proof of nobody. */
  readonly late: readonly string[];
}

export interface ReaderPorts {
  readonly vault: Pick<Vault, 'look'>;
  readonly consumers: Consumers;
}

/** A secret as Google spells it, and as somebody called it: one names the project by its number, the other often by its id. */
export interface Named {
  readonly name: SecretName;
  readonly given: SecretName;
}

/** Everybody who reads a secret, wherever the settings say that consumers run. Never rejects for outside trouble. */
export type LookUpReaders = (secret: Named) => Promise<Readers>;

/** What names a secret in all places at once. */
export interface WholeRoll extends Roll {
  readonly late: readonly string[];
}

/** Everything that names one of these secrets, wherever the settings say that consumers run. */
export type LookUpRoll = (secrets: readonly SecretName[]) => Promise<WholeRoll>;

/** The same, looked through once for the same secrets however often that is wanted: a rehearsal shows what its own gate found. */
export function rememberedRoll(lookUp: LookUpRoll): LookUpRoll {
  const found = new Map<string, Promise<WholeRoll>>();
  return (secrets) => {
    const ids = idsOf(secrets).join(' ');
    const roll = found.get(ids) ?? lookUp(secrets);
    found.set(ids, roll);
    return roll;
  };
}

/** Who reads a secret, from such a roll. */
export function readersBy(vault: ReaderPorts['vault'], roll: LookUpRoll): LookUpReaders {
  return async (secret) => readersIn({ vault }, await roll([secret.given]), secret);
}

function idsOf(secrets: readonly SecretName[]): readonly string[] {
  return [...new Set(secrets.flatMap((secret) => parseSecretName(secret)?.secret ?? []))];
}

const PROJECTS_AT_ONCE = 2;

/** Who reads one secret, wherever it is to be looked for. */
export async function readersOf(ports: ReaderPorts, where: Where, secret: Named): Promise<Readers> {
  return readersIn(ports, await rollOf(ports, [secret.given], where), secret);
}

/** Who reads each of many secrets, and what could not be looked at for any of them. */
export interface ReadersOfMany {
  readonly of: ReadonlyMap<SecretName, Readers>;
  readonly notLooked: readonly string[];
  readonly barred: boolean;
}

/** The same of many secrets, for which each project is looked through once. */
export async function readersOfMany(
  ports: ReaderPorts,
  where: Where,
  secrets: readonly Named[],
): Promise<ReadersOfMany> {
  const given = secrets.map((secret) => secret.given);
  const { notLooked, barred, ...roll } = await rollOf(ports, given, where);
  const all = await inPool(secrets, PROJECTS_AT_ONCE, ALWAYS, async (secret) => ({
    name: secret.name,
    readers: await readersIn(ports, { ...roll, notLooked: [], barred: false }, secret),
  }));
  const found = all.filter((one) => one !== undefined);
  return {
    of: new Map(found.map(({ name, readers }) => [name, readers])),
    notLooked: [...notLooked, ...found.flatMap(({ readers }) => readers.notLooked)],
    barred: barred || found.some(({ readers }) => readers.barred),
  };
}

/** Looks through all projects once, for every consumer that names one of these secrets by its id. */
export async function rollOf(
  { consumers }: ReaderPorts,
  secrets: readonly SecretName[],
  { projects, ...where }: Where,
): Promise<WholeRoll> {
  const ids = idsOf(secrets);
  const all = await inPool(projects, PROJECTS_AT_ONCE, ALWAYS, (project) => consumers.of(project, ids));
  const rolls = all.filter((roll) => roll !== undefined);
  return {
    consumers: rolls.flatMap((roll) => roll.consumers),
    notLooked: [...where.notLooked, ...rolls.flatMap((roll) => roll.notLooked)],
    barred: where.barred || rolls.some((roll) => roll.barred),
    late: where.late,
  };
}

/**
 * Who of a roll reads a secret. Consumers call its project by an id or by its number: an id that may be the same project is looked
 * up at Secret Manager, which answers with the number.
 */
export async function readersIn(
  { vault }: Pick<ReaderPorts, 'vault'>,
  roll: WholeRoll,
  secret: Named,
): Promise<Readers> {
  const { same, notLooked, barred } = await projectsOf(vault, roll, secret);
  const isMeant = meantBy(secret.name, same);
  const readings = roll.consumers.flatMap((consumer) => readingsOf(consumer, isMeant));
  return {
    readings: readings.toSorted((one, other) => Number(isLeftBehind(other)) - Number(isLeftBehind(one))),
    notLooked: [...roll.notLooked, ...notLooked],
    barred: roll.barred || barred,
    late: roll.late,
  };
}

/** Ways in which consumers call the secret's project. Two ids are two projects; only where none is known could any be the same. */
export async function projectsOf(vault: ReaderPorts['vault'], roll: Roll, { name, given }: Named) {
  const [own, called] = [parseSecretName(name), projectIn(given)];
  if (own === undefined || !isNumber(called)) return { same: [called], notLooked: [], barred: false };
  const ids = new Set(
    roll.consumers
      .flatMap(({ template, running }) => [...template, ...running.flatMap(({ reads }) => reads)])
      .flatMap(({ secret }) => (secret.secret === own.secret && !isNumber(secret.project) ? [secret.project] : [])),
  );
  const looks = await inPool([...ids], PROJECTS_AT_ONCE, ALWAYS, async (project) => ({
    project,
    found: await attempt(() => vault.look(secretNameOf({ ...own, project }))),
  }));
  const all = looks.filter((look) => look !== undefined);
  const untold = all.filter(({ found }) => found instanceof Fault && found.code !== 'not_found');
  return {
    same: all.flatMap(({ project, found }) => (!(found instanceof Fault) && found.name === name ? [project] : [])),
    notLooked: untold.map(
      ({ project }) =>
        `whether ${project} is the project of ${name} could not be told: name the secret by its project’s id`,
    ),
    barred: untold.some(({ found }) => found instanceof Fault && isBarred(found)),
  };
}

function isNumber(project: string): boolean {
  return /^\d+$/.test(project);
}
