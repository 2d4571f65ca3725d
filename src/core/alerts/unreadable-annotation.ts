import { STATUS } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import { valuesAbout } from '../health/finding.ts';
import { command, shellText } from '../values/command.ts';
import { readJournal, ROTATION_ANNOTATION } from '../record/journal-text.ts';
import { HISTORY_ANNOTATION, readHistory, readRetired, RETIRED_ANNOTATION } from '../record/ledger.ts';
import type { RotationNotice } from './notice.ts';
import { stableHash } from '../values/stable-shuffle.ts';
import type { Instant } from '../values/time.ts';

/** Annotation that remembers which texts a person was told of, so that nobody is told of the same in every run. */
export const UNREADABLE_ANNOTATION = 'key-warden.unread';

type Annotations = Readonly<Record<string, string>>;

const READERS = {
  [ROTATION_ANNOTATION]: readJournal,
  [RETIRED_ANNOTATION]: readRetired,
  [HISTORY_ANNOTATION]: readHistory,
} as const satisfies Record<string, (annotation: string | undefined) => unknown>;

/** The annotations of a secret that this release does not read: nothing is done about it until a person has looked. */
export function unreadableIn(annotations: Annotations): readonly string[] {
  return Object.entries(READERS).flatMap(([name, read]) => (read(annotations[name]) === undefined ? [name] : []));
}

/** Tells texts apart without holding any of them. */
export function unreadableMark(annotations: Annotations, unreadable: readonly string[]): string {
  return stableHash(unreadable.map((name) => annotations[name]).join('\n')).toString(36);
}

/** What is wrong with them, and both ways out. */
export function unreadableText(secret: string, project: string, unreadable: readonly string[]): string {
  const which = unreadable.join(',');
  const remove = command(`gcloud secrets update {secret} --remove-annotations=${which} {regional} --project={project}`);
  return (
    `${which} of ${secret} is not in a form this release reads, so nothing is done about the rotation or the old keys. Written by a ` +
    `newer release: deploy that one. Written by hand: ${shellText(remove, valuesAbout({ secret, project }))}, which forgets them`
  );
}

/** The one alert about it: the secret waits for a person like any rotation that is held. */
export function unreadableNotice(
  secret: string,
  project: string,
  { unreadable, mark, now }: { readonly unreadable: readonly string[]; readonly mark: string; readonly now: Instant },
): RotationNotice {
  return {
    type: 'rotation.held',
    secret,
    project,
    rotation: `unread-${mark}`,
    reason: 'unknown',
    why: unreadableText(secret, project, unreadable),
    since: now,
    holds: 1,
    ...nextOf(
      { do: 'Take one of the two ways that it names. To see what is read', command: STATUS },
      valuesAbout({ secret, project }),
    ),
  };
}
