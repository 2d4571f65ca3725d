import { KEY_KINDS } from '../../../src/core/key/key-text.ts';
import { objectSchema, TEXT } from '../event-schema-detail.ts';
import { COUNT, list, SECRET } from './parts.ts';

/** A place of a key, as `doctor` and `check --from` tell of it. */
export const PLACES = list(
  objectSchema(
    {
      title: TEXT,
      place: { enum: ['environment', 'file', 'store', 'secret'] },
      state: { enum: ['absent', 'unreadable', 'unusable', 'key'] },
      detail: TEXT,
      keyKind: { enum: KEY_KINDS },
      sameAs: TEXT,
      kinship: objectSchema(
        {
          is: { enum: ['current', 'older', 'newer', 'retired', 'leaked', 'unknown', 'not_seen'] },
          secret: SECRET,
          version: COUNT,
          current: COUNT,
        },
        ['is', 'secret'],
      ),
      fingerprint: TEXT,
    },
    ['title', 'place', 'state'],
  ),
);
