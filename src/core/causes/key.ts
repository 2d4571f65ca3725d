import type { CauseRow } from './causes.ts';
import {
  CHECK,
  DELETE_KEY,
  DOCTOR,
  LIST_DELETED_KEYS,
  LIST_SERVICE_ACCOUNTS,
  ROTATE_AT_ONCE,
  UNDELETE_KEY,
} from './commands.ts';
import {
  CHECK_AGAIN,
  COMPARE,
  FIND_KEY,
  FIND_KEY_PROJECT,
  MAKE_KEY,
  POINT_CURRENT,
  PROVE_KEY,
  REPLACE_KEY,
  STORE_KEY,
  store,
} from './remedy-steps.ts';

/** Causes that lie in the key itself. */
export const KEY_CAUSES = {
  ok: {
    verdict: 'works',
    definitive: true,
    severity: 'info',
    newKeyHelps: false,
    title: 'the key works',
    meaning: 'Google accepted the key and did what was asked.',
    remedy: [
      { do: 'Nothing to do. If a consumer fails all the same', command: DOCTOR, for: 'consumer-owner', looks: true },
    ],
    runbook: 'ok',
  },
  key_invalid: {
    verdict: 'dead',
    definitive: true,
    severity: 'critical',
    newKeyHelps: true,
    title: 'Google does not know this key',
    meaning:
      'The characters that were sent are not a key: mistyped, cut off, or a key that was deleted long ago. Every call with it fails.',
    remedy: [COMPARE, ...REPLACE_KEY],
    runbook: 'key_invalid',
  },
  key_not_found: {
    verdict: 'dead',
    definitive: true,
    severity: 'critical',
    newKeyHelps: true,
    title: 'the key was deleted',
    meaning:
      'The key has been deleted at the issuer, or is minutes old and not yet known everywhere. A deleted key can be undeleted for 30 days.',
    remedy: [
      {
        do: 'If the key is younger than half an hour, wait and check again before replacing it',
        command: CHECK,
        for: 'worker-operator',
        looks: true,
      },
      FIND_KEY_PROJECT,
      {
        do: 'If nobody meant to delete it, look for it among the deleted keys of its project',
        command: LIST_DELETED_KEYS,
        for: 'key-owner',
        looks: true,
      },
      { do: 'Bring it back, and consumers need nothing else', command: UNDELETE_KEY, for: 'key-owner' },
      ...REPLACE_KEY,
    ],
    runbook: 'key_not_found',
  },
  key_expired: {
    verdict: 'dead',
    definitive: true,
    severity: 'critical',
    newKeyHelps: true,
    title: 'the key has expired',
    meaning:
      'Google calls the key expired. A key made less than about ten minutes ago can be called that too, until it is known everywhere.',
    remedy: [
      {
        do: 'If the key is younger than ten minutes, wait and check again before replacing it',
        command: CHECK,
        for: 'worker-operator',
        looks: true,
      },
      ...REPLACE_KEY,
    ],
    runbook: 'key_expired',
  },
  key_leaked: {
    verdict: 'dead',
    definitive: true,
    severity: 'critical',
    newKeyHelps: true,
    title: 'the key was reported as leaked',
    meaning:
      'Google found the key in public and refuses it for good. Whoever has it may have used it: treat this as a security incident.',
    remedy: [
      {
        do: 'Rotate without waiting for the old key to fall idle',
        command: ROTATE_AT_ONCE,
        also: 'Without it, by hand:',
        for: 'worker-operator',
      },
      MAKE_KEY,
      PROVE_KEY,
      STORE_KEY,
      POINT_CURRENT,
      CHECK_AGAIN,
      {
        do: 'Find where it leaked (repositories, logs, front-end bundles, notebooks) and look at the project’s usage and bill: https://console.cloud.google.com/billing',
        for: 'project-owner',
        looks: true,
      },
      FIND_KEY_PROJECT,
      FIND_KEY,
      {
        do: 'Delete the leaked key at the issuer, where key-warden does not',
        command: DELETE_KEY,
        destroys: 'the key for everybody who uses it; for 30 days it can be undeleted',
        for: 'key-owner',
      },
    ],
    runbook: 'key_leaked',
  },
  key_missing: {
    verdict: 'dead',
    definitive: false,
    severity: 'error',
    newKeyHelps: false,
    title: 'no key reached Google',
    meaning:
      'Google saw a request without any key: an empty value, a header that a proxy dropped, or a variable that was never set.',
    remedy: [
      COMPARE,
      store('If the secret holds nothing, add a version that does'),
      POINT_CURRENT,
      {
        do: 'If the secret is fine, look at how the consumer gets it: a variable read from a secret needs a new revision to change',
        for: 'consumer-owner',
        looks: true,
      },
      CHECK_AGAIN,
    ],
    runbook: 'key_missing',
  },
  auth_key_refused: {
    verdict: 'dead',
    definitive: false,
    severity: 'critical',
    newKeyHelps: true,
    title: 'the key is not accepted as a credential',
    meaning:
      'This is what a wrong, cut off or deleted authorization key (AQ.…) gets, and perhaps a standard key (AIza…) of a retired type. A good key gets it when it is sent as a bearer token, so it is believed only when repeated.',
    remedy: [
      COMPARE,
      {
        do: 'Make sure that consumers send it as `x-goog-api-key`, and that nothing cut it at the dot after AQ',
        for: 'consumer-owner',
        looks: true,
      },
      { do: 'Ask again now, twice some minutes apart', command: CHECK, for: 'worker-operator', looks: true },
      FIND_KEY_PROJECT,
      {
        do: 'Look whether the service account that the key is bound to still exists and is enabled',
        command: LIST_SERVICE_ACCOUNTS,
        for: 'key-owner',
        looks: true,
      },
      ...REPLACE_KEY,
    ],
    runbook: 'auth_key_refused',
  },
} as const satisfies Record<string, CauseRow>;
