import { annotationOf, type SecretRecord } from '../record/secret-record.ts';
import { STATUS } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import { valuesAbout } from '../health/finding.ts';
import { command, shellText } from '../values/command.ts';
import type { RotationNotice } from './notices/rotation-notices.ts';
import { stableHash } from '../values/stable-shuffle.ts';
import type { Instant } from '../values/time.ts';

/** The parts without which nothing can be done about a rotation or an old key. */
const NEEDED = ['rotation', 'retired', 'history', 'leaks', 'outbox', 'tombstones'] as const;

/** The annotations of a secret that this release does not read: nothing is done about it until a person has looked. */
export function unreadableIn(record: SecretRecord): readonly string[] {
  return NEEDED.filter((part) => record[part].is === 'unreadable').map(annotationOf);
}

/** Tells the texts of those apart without holding any of them. */
export function unreadableMark(record: SecretRecord): string {
  const texts = NEEDED.flatMap((part) => (record[part].is === 'unreadable' ? [record[part].text] : []));
  return stableHash(texts.join('\n')).toString(36);
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
