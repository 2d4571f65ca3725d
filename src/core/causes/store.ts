import { STORE_PASTED } from '../google/gcloud.ts';
import type { CauseRow } from './causes.ts';
import {
  CHECK,
  CREATE_SECRET,
  DOCTOR,
  ENABLE_STORE,
  ENABLE_VERSION,
  GRANT_READING,
  LIST_REGIONAL_SECRETS,
  LIST_SECRETS,
  POINT_AT_GOOD,
  SIGN_IN,
  WRITE_KEY_ALONE,
} from './commands.ts';
import {
  BY_HAND,
  CHECK_AGAIN,
  COMPARE,
  goBack,
  MAKE_KEY,
  POINT_CURRENT,
  PROVE_KEY,
  SHOW_VERSIONS,
  STORE_KEY,
  store,
  wait,
  WAIT_AND_CHECK,
} from './remedy-steps.ts';

const CANNOT_LOOK = { verdict: 'unclear', definitive: false, severity: 'error', newKeyHelps: false } as const;
const CONSUMERS_FAIL = { verdict: 'blocked', definitive: true, severity: 'critical', newKeyHelps: false } as const;

/** Causes that lie in Secret Manager or in the stored bytes: found before Google was asked about the key. */
export const STORE_CAUSES = {
  secret_missing: {
    ...CANNOT_LOOK,
    title: 'the secret does not exist',
    meaning: 'Secret Manager has no secret of this name, or hides it from us. Regional secrets are not seen globally.',
    remedy: [
      { do: 'Look for it', command: LIST_SECRETS, for: 'secret-owner', looks: true },
      { do: 'Look for it among regional ones', command: LIST_REGIONAL_SECRETS, for: 'secret-owner', looks: true },
      {
        do: 'If it is to exist, create it',
        command: CREATE_SECRET,
        also: 'Then add the key.',
        for: 'secret-owner',
      },
      CHECK_AGAIN,
    ],
    runbook: 'secret_missing',
  },
  version_missing: {
    ...CANNOT_LOOK,
    title: 'the version does not exist',
    meaning: 'The secret is there but has no such version: it is empty, or an alias names a number that never was.',
    remedy: [
      SHOW_VERSIONS,
      { do: 'If there is a good one, point the alias at it', command: POINT_AT_GOOD, for: 'secret-owner' },
      store('If there is none, add one'),
      POINT_CURRENT,
      CHECK_AGAIN,
    ],
    runbook: 'version_missing',
  },
  version_disabled: {
    ...CONSUMERS_FAIL,
    title: 'the version is disabled',
    meaning:
      'Consumers read a version that is disabled and get errors. Nothing moves `latest` to an older version by itself.',
    remedy: [
      SHOW_VERSIONS,
      ...goBack('If somebody disabled it on purpose'),
      { do: 'If nobody did, enable it', command: ENABLE_VERSION, for: 'secret-owner' },
      CHECK_AGAIN,
    ],
    runbook: 'version_disabled',
  },
  version_destroyed: {
    ...CONSUMERS_FAIL,
    newKeyHelps: true,
    title: 'the version is destroyed',
    meaning: 'Consumers read a version whose bytes are gone for good. Another version has to take its place.',
    remedy: [
      SHOW_VERSIONS,
      { do: 'If an older one is enabled, point the alias at it', command: POINT_AT_GOOD, for: 'secret-owner' },
      {
        do: 'If none is, and consumers expect a key alone, have a new one written: nobody knows what stood around the old one',
        command: WRITE_KEY_ALONE,
        also: 'Without key-warden, by hand:',
        for: 'worker-operator',
      },
      ...BY_HAND,
      CHECK_AGAIN,
    ],
    runbook: 'version_destroyed',
  },
  access_denied: {
    ...CANNOT_LOOK,
    title: 'we may not read the secret',
    meaning:
      'Whoever asked lacks a permission on the secret, or a perimeter keeps them out, so the key was not seen. Consumers may be fine.',
    remedy: [
      {
        do: 'Unless a perimeter refuses it, which no grant opens, grant it to whoever asked',
        command: GRANT_READING,
        for: 'secret-owner',
      },
      {
        do: 'If it is granted already, look for a deny policy or VPC Service Controls',
        command: DOCTOR,
        for: 'worker-operator',
        looks: true,
        alone: true,
      },
      { do: 'Grants take some minutes. Then', command: CHECK, for: 'worker-operator', looks: true },
    ],
    runbook: 'access_denied',
  },
  store_disabled: {
    ...CANNOT_LOOK,
    title: 'Secret Manager is off in the project',
    meaning:
      'The API of Secret Manager is not enabled in the project that was asked for the secret, or somebody disabled it. The key was not seen, and enabling the Gemini API does not help.',
    remedy: [
      {
        do: 'Look whether the project is the one that holds the secret',
        command: LIST_SECRETS,
        for: 'secret-owner',
        looks: true,
      },
      { do: 'If it is, enable the API there', command: ENABLE_STORE, for: 'project-owner' },
      WAIT_AND_CHECK,
    ],
    runbook: 'store_disabled',
  },
  no_credentials: {
    ...CANNOT_LOOK,
    title: 'nobody is signed in to Google Cloud',
    meaning:
      'Whoever asked had no usable Google credentials, so Secret Manager refused or was never asked. The key was not seen. A Gemini library says the same when no key reached it.',
    remedy: [
      {
        do: 'On your own machine, sign in',
        command: SIGN_IN,
        also: 'For gcloud itself it is another one: gcloud auth login.',
        for: 'worker-operator',
      },
      {
        do: 'On Google Cloud, attach a service account to what runs; elsewhere let GOOGLE_APPLICATION_CREDENTIALS name a file that is there',
        for: 'worker-operator',
        looks: true,
      },
      CHECK_AGAIN,
    ],
    runbook: 'no_credentials',
  },
  checksum_mismatch: {
    ...CANNOT_LOOK,
    title: 'the bytes and their checksum disagree',
    meaning: 'What was read differs from what Secret Manager says it sent, so it was not used.',
    remedy: [
      { ...CHECK_AGAIN, also: 'A broken transfer passes.' },
      store('If it stays, write the key once more'),
      POINT_CURRENT,
    ],
    runbook: 'checksum_mismatch',
  },
  store_unavailable: {
    ...CANNOT_LOOK,
    severity: 'warning',
    title: 'Secret Manager did not answer',
    meaning: 'Secret Manager failed, was out of reach, or limited us. Nothing is known about the key.',
    remedy: [wait('Wait', 'If it lasts, look at https://status.cloud.google.com.'), CHECK_AGAIN],
    runbook: 'store_unavailable',
  },
  stored_bytes_unclean: {
    ...CONSUMERS_FAIL,
    severity: 'error',
    title: 'the key is good, the stored bytes are not',
    meaning:
      'The stored value carries something around the key, such as a newline, quotes or a variable name. Consumers that do not strip it fail.',
    remedy: [
      COMPARE,
      { do: 'Store the same key clean', command: STORE_PASTED, for: 'secret-owner' },
      POINT_CURRENT,
      CHECK_AGAIN,
      {
        do: 'Find what wrote it: `echo` appends a newline, `printf %s` does not',
        for: 'secret-owner',
        looks: true,
      },
    ],
    runbook: 'stored_bytes_unclean',
  },
  stored_bytes_not_a_key: {
    ...CONSUMERS_FAIL,
    newKeyHelps: true,
    title: 'what is stored is not a key',
    meaning:
      'The stored value is empty, binary, a placeholder, several keys, or a service account’s JSON: nothing that could be sent as a key.',
    remedy: [
      COMPARE,
      ...goBack('If an earlier version was good'),
      MAKE_KEY,
      PROVE_KEY,
      STORE_KEY,
      POINT_CURRENT,
      CHECK_AGAIN,
    ],
    runbook: 'stored_bytes_not_a_key',
  },
} as const satisfies Record<string, CauseRow>;
