import { END_WIDE_SILENCE } from '../../core/causes/commands.ts';
import { nextOf } from '../../core/causes/next-step.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { spoken } from '../../core/record/silence.ts';
import {
  breadthText,
  breadthWords,
  isAlike,
  isWideAt,
  wideProblem,
  WIDE_SILENCES_MAX,
  withWideSilence,
  type Breadth,
  type WideSilence,
} from '../../core/record/wide-silence.ts';
import { ALERT_SETTINGS } from '../../core/settings/alert-settings.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, SecretName, Vault } from '../ports/ports.ts';
import type { SilenceOutcome, SilenceWish } from './silence-secret.ts';

/** What somebody asks for about more than one secret. */
export interface WideWish extends SilenceWish {
  readonly about: Breadth;
}

/**
 * Keeps channels quiet about outages, a cause or a project until a moment, or ends that. It is written on `book`, a secret of the
 * worker’s own, and told once it is so. Rejects with `Fault`, `stale` when somebody wrote the secret meanwhile.
 */
export async function silenceMany(
  { vault, clock, announcer }: { readonly vault: Vault; readonly clock: Clock; readonly announcer: Announcer },
  book: SecretName | undefined,
  { about, silence, by }: WideWish,
  dryRun: boolean,
): Promise<SilenceOutcome> {
  if (book === undefined)
    return {
      outcome: 'refused',
      why: `KEY_WARDEN_SILENCES names no secret on which silences of more than one secret stand, such as ${ALERT_SETTINGS.KEY_WARDEN_SILENCES.example}`,
      unset: true,
    };
  const now = clock.now();
  const wanted: WideSilence | undefined = silence === undefined ? undefined : { ...spoken(silence), about, by };
  const why = wanted === undefined ? undefined : wideProblem(wanted, now);
  if (why !== undefined) return { outcome: 'refused', why };
  const sighting = await vault.look(book);
  const { wideSilences } = sighting.record;
  if (wideSilences.is === 'unreadable')
    return {
      outcome: 'refused',
      why: `the annotation ${annotationOf('wideSilences')} is ignored: ${wideSilences.why}`,
    };
  const read = wideSilences.value;
  const before = read.find((one) => isAlike(one.about, about) && isWideAt(one, now));
  const standing = wanted ?? before;
  if (standing === undefined) return { outcome: 'none' };
  const next = wanted ?? { ...standing, until: now, by };
  const silences = withWideSilence(read, next, now);
  if (silences === undefined)
    return { outcome: 'refused', why: `${WIDE_SILENCES_MAX} are set already: end one of them first` };
  const outcome = wanted === undefined ? 'ended' : 'silent';
  if (dryRun) return { outcome };
  await vault.commit(sighting, { annotations: changeOf(sighting.record, { wideSilences: silences }) });
  const { owner, reason, until } = standing;
  const told = { secret: sighting.name, project: projectIn(sighting.name), owner, reason, until, by, at: now };
  const words = { ...told, about: breadthText(about) };
  const end = nextOf(
    { do: 'Nothing, if you know of it. If nobody of you wanted it, end it', command: END_WIDE_SILENCE },
    { scope: breadthWords(about) },
  );
  const telling = await attempt(() =>
    announcer.announce(
      wanted === undefined ? { type: 'silence.ended', ...words } : { type: 'silence.set', ...words, ...end },
    ),
  );
  if (!(telling instanceof Fault)) return { outcome };
  throw new Fault(telling.code, `that is done, and nobody could be told of it: ${telling.message}`);
}
