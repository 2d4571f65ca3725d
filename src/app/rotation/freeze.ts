import { LIFT_FREEZE } from '../../core/causes/commands.ts';
import { nextOf } from '../../core/causes/next-step.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { Actor } from '../../core/record/actor.ts';
import {
  freezeProblem,
  freezesAt,
  FREEZES_MAX,
  isSameScope,
  scopeText,
  type Freeze,
  type FrozenScope,
} from '../../core/record/freeze.ts';
import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { spoken, type Silence } from '../../core/record/silence.ts';
import { ANNOTATION_BYTES_MAX, annotationBytes } from '../../core/record/space.ts';
import { ALERT_SETTINGS } from '../../core/settings/alert-settings.ts';
import { shellText } from '../../core/values/command.ts';
import { merged } from '../../core/values/merged.ts';
import { spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import { gather } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, SecretName, SecretScope, SecretSighting, Vault } from '../ports/ports.ts';

interface FreezePorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly announcer: Announcer;
}

/** What became of it, or with a dry run would. `none`: there was nothing to lift. `unset` where only a setting makes it possible. */
export type FreezeOutcome =
  | { readonly outcome: 'frozen' | 'lifted'; readonly freeze: Freeze }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'refused'; readonly why: string; readonly unset?: true };

/** What somebody asks for: a project as the settings name it, a secret by its full name, or all of them. */
export interface FreezeWish {
  readonly about: Pick<FrozenScope, 'all' | 'project' | 'secret'>;
  readonly by: Actor;
  readonly dryRun: boolean;
}

type Refused = Extract<FreezeOutcome, { readonly outcome: 'refused' }>;

/**
 * Lets no planned rotation begin until a moment: of all secrets, of a project’s, or of one. It is written on `book`, a secret of the
 * worker’s own, and told once it is so. Rejects with `Fault`, `stale` when somebody wrote the book meanwhile.
 */
export async function freeze(
  ports: FreezePorts,
  { book, scopes }: { readonly book: SecretName | undefined; readonly scopes: readonly SecretScope[] },
  { about, by, dryRun, silence }: FreezeWish & { readonly silence: Omit<Silence, 'by'> },
): Promise<FreezeOutcome> {
  const now = ports.clock.now();
  const wanted: Silence = { ...spoken(silence), by };
  const problem = freezeProblem(wanted, now);
  if (problem !== undefined) return { outcome: 'refused', why: problem };
  const found = await opened(ports.vault, book);
  if ('outcome' in found) return found;
  const scope = await scopeOf(ports.vault, scopes, about);
  if ('outcome' in scope) return scope;
  const standing = freezesAt(found.freezes, now);
  const same = standing.find(
    (one) =>
      isSameScope(one.about, scope) &&
      one.until === wanted.until &&
      one.reason === wanted.reason &&
      one.owner === wanted.owner,
  );
  if (same !== undefined) return { outcome: 'frozen', freeze: same };
  if (standing.length >= FREEZES_MAX)
    return { outcome: 'refused', why: `${FREEZES_MAX} hold already: lift one of them first` };
  const made: Freeze = { ...wanted, id: freeId(standing, now), about: scope };
  const annotations = changeOf(found.sighting.record, { freezes: [...standing, made] });
  if (annotationBytes(merged(found.sighting.annotations, annotations)) > ANNOTATION_BYTES_MAX)
    return {
      outcome: 'refused',
      why: `${found.sighting.name} has no room for one more: lift one, or end a silence that stands there too`,
    };
  if (dryRun) return { outcome: 'frozen', freeze: made };
  await ports.vault.commit(found.sighting, { annotations });
  await tell(ports, found.sighting, made, 'freeze.set', by);
  return { outcome: 'frozen', freeze: made };
}

/** Lifts one: by its id, or the only one that is about what is named. Where several are, each has its own end, and the id says which. */
export async function unfreeze(
  ports: FreezePorts,
  { book, scopes }: { readonly book: SecretName | undefined; readonly scopes: readonly SecretScope[] },
  { about, by, dryRun, id }: FreezeWish & { readonly id?: string | undefined },
): Promise<FreezeOutcome> {
  const now = ports.clock.now();
  const found = await opened(ports.vault, book);
  if ('outcome' in found) return found;
  const scope = id === undefined ? await scopeOf(ports.vault, scopes, about) : {};
  if ('outcome' in scope) return scope;
  const standing = freezesAt(found.freezes, now);
  const meant = standing.filter((one) => (id === undefined ? isSameScope(one.about, scope) : one.id === id));
  const [lifted, ...others] = meant;
  if (lifted === undefined) return { outcome: 'none' };
  if (others.length > 0) {
    const ways = meant.map(
      (one) =>
        `${shellText(LIFT_FREEZE, { scope: ['--id', one.id] })} (${one.owner}, until ${spokenMinuteBy(one.until)}: ${one.reason})`,
    );
    return {
      outcome: 'refused',
      why: `${meant.length} freezes are about ${scopeText(scope)}, each with its own end: ${ways.join('; ')}`,
    };
  }
  if (dryRun) return { outcome: 'lifted', freeze: lifted };
  const freezes = standing.filter((one) => one !== lifted);
  await ports.vault.commit(found.sighting, { annotations: changeOf(found.sighting.record, { freezes }) });
  await tell(ports, found.sighting, lifted, 'freeze.ended', by);
  return { outcome: 'lifted', freeze: lifted };
}

/** An id that no freeze had before, so that a command which lifts one lifts no later one. */
function freeId(standing: readonly Freeze[], now: Instant): string {
  const ids = new Set(standing.map(({ id }) => id));
  let id: number = now;
  while (ids.has(id.toString(36))) id += 1;
  return id.toString(36);
}

/** The freezes that stand on the book, or why there is none to write on. */
async function opened(
  { look }: Vault,
  book: SecretName | undefined,
): Promise<{ readonly sighting: SecretSighting; readonly freezes: readonly Freeze[] } | Refused> {
  if (book === undefined)
    return {
      outcome: 'refused',
      why: `KEY_WARDEN_SILENCES names no secret on which freezes stand, such as ${ALERT_SETTINGS.KEY_WARDEN_SILENCES.example}; days that are known beforehand go into KEY_WARDEN_FREEZES`,
      unset: true,
    };
  const sighting = await look(book);
  const { freezes } = sighting.record;
  if (freezes.is === 'read') return { sighting, freezes: freezes.value };
  return {
    outcome: 'refused',
    why: `the annotation ${annotationOf('freezes')} of ${book} is not understood: ${freezes.why}`,
  };
}

/** What is named, as Secret Manager names it: what the worker meets later has the number of a project, and not its id. */
async function scopeOf(
  vault: Vault,
  scopes: readonly SecretScope[],
  { all, project, secret }: FreezeWish['about'],
): Promise<FrozenScope | Refused> {
  if (secret !== undefined) return { secret: (await vault.look(secret)).name };
  if (all === true || project === undefined) return { all: true };
  const own = scopes.filter((scope) => scope.project === project);
  if (own.length === 0)
    return { outcome: 'refused', why: `${project} is none of the projects of the settings (KEY_WARDEN_PROJECTS)` };
  const { found, problems } = await gather(vault, { scopes: own, concurrency: 1 });
  const [one] = found;
  if (one !== undefined) return { project, number: projectIn(one.sighting.name) };
  return {
    outcome: 'refused',
    why: [`no secret of ${project} is under care, so there is nothing to freeze`, ...problems].join('; '),
  };
}

async function tell(
  { announcer, clock }: FreezePorts,
  { name }: SecretSighting,
  { owner, reason, until, about, id }: Freeze,
  type: 'freeze.set' | 'freeze.ended',
  by: Actor,
): Promise<void> {
  const told = {
    secret: name,
    project: projectIn(name),
    owner,
    reason,
    until,
    by,
    at: clock.now(),
    about: scopeText(about),
  };
  const way = nextOf(
    { do: 'Nothing, if you know of it. If nobody of you wanted it, lift it', command: LIFT_FREEZE },
    { scope: ['--id', id] },
  );
  const telling = await attempt(() =>
    announcer.announce(type === 'freeze.set' ? { type, ...told, ...way } : { type, ...told }),
  );
  if (telling instanceof Fault)
    throw new Fault(telling.code, `that is done, and nobody could be told of it: ${telling.message}`);
}
