import type { Spacious } from './space.ts';
import { annotationOf } from './secret-record.ts';

/** The change that forgets all of a secret, whichever release wrote it. */
export interface ForgetAll {
  readonly annotations: Readonly<Record<string, null>>;
  /** The policy that people wrote, which stays where there is one. */
  readonly kept: readonly string[];
}

const OURS = 'key-warden.';

/** Forgets what was written on a secret, so that nothing on it says that it was ever looked after. */
export function forgetAll({ annotations }: Pick<Spacious, 'annotations'>): ForgetAll {
  const policy = annotationOf('policy');
  const ours = Object.keys(annotations).filter((name) => name.startsWith(OURS));
  return {
    annotations: Object.fromEntries(ours.filter((name) => name !== policy).map((name) => [name, null])),
    kept: ours.filter((name) => name === policy),
  };
}
