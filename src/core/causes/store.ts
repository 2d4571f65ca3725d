import type { CauseRow } from './causes.ts';
import {
  CHECK_AGAIN,
  COMPARE,
  MAKE_KEY,
  POINT_CURRENT,
  PROVE_KEY,
  REPLACE_KEY,
  SHOW_VERSIONS,
  STORE_KEY,
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
      'Look for it: `gcloud secrets list --project={project}`; regional ones: `gcloud secrets list --location=REGION --project={project}`.',
      'If it is to exist, create it: `gcloud secrets create {secret} --replication-policy=automatic --labels=key-warden=managed --project={project}`; then add the key.',
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
      'If there is a good one, point the alias at it: `gcloud secrets update {secret} --update-version-aliases=current=VERSION --project={project}`.',
      'If there is none, add one: `printf %s "$NEW_KEY" | gcloud secrets versions add {secret} --data-file=- --project={project}`.',
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
      'Enable it: `gcloud secrets versions enable {version} --secret={secret} --project={project}`.',
      'If somebody disabled it on purpose, go back to the key before it: `key-warden rollback --secret {secret}`, or move the alias: `gcloud secrets update {secret} --update-version-aliases=current=GOOD_VERSION --project={project}`.',
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
      'If an older one is enabled, point the alias at it first: `gcloud secrets update {secret} --update-version-aliases=current=GOOD_VERSION --project={project}`.',
      ...REPLACE_KEY,
    ],
    runbook: 'version_destroyed',
  },
  access_denied: {
    ...CANNOT_LOOK,
    title: 'we may not read the secret',
    meaning: 'The worker lacks a permission on the secret, so the key was not seen. Consumers may be fine.',
    remedy: [
      'Grant it: `gcloud secrets add-iam-policy-binding {secret} --member=serviceAccount:WORKER_EMAIL --role=roles/secretmanager.secretAccessor --project={project}`.',
      'If it is granted already, look for a deny policy or VPC Service Controls: `key-warden doctor --secret {secret}`.',
      'Grants take some minutes. Then: `key-warden check --secret {secret}`.',
    ],
    runbook: 'access_denied',
  },
  checksum_mismatch: {
    ...CANNOT_LOOK,
    title: 'the bytes and their checksum disagree',
    meaning: 'What was read differs from what Secret Manager says it sent, so it was not used.',
    remedy: [
      'Ask again now: `key-warden check --secret {secret}`. A broken transfer passes.',
      'If it stays, write the key once more: `printf %s "$NEW_KEY" | gcloud secrets versions add {secret} --data-file=- --project={project}`.',
      POINT_CURRENT,
    ],
    runbook: 'checksum_mismatch',
  },
  store_unavailable: {
    ...CANNOT_LOOK,
    severity: 'warning',
    title: 'Secret Manager did not answer',
    meaning: 'Secret Manager failed, was out of reach, or limited us. Nothing is known about the key.',
    remedy: ['Wait. Look at https://status.cloud.google.com if it lasts.', CHECK_AGAIN],
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
      'Store the same key clean: `read -rs KEY; printf %s "$KEY" | gcloud secrets versions add {secret} --data-file=- --project={project}`.',
      POINT_CURRENT,
      CHECK_AGAIN,
      'Find what wrote it: `echo` appends a newline, `printf %s` does not.',
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
      'If an earlier version was good, go back to it: `key-warden rollback --secret {secret}`, or move the alias: `gcloud secrets update {secret} --update-version-aliases=current=GOOD_VERSION --project={project}`.',
      MAKE_KEY,
      PROVE_KEY,
      STORE_KEY,
      POINT_CURRENT,
      CHECK_AGAIN,
    ],
    runbook: 'stored_bytes_not_a_key',
  },
} as const satisfies Record<string, CauseRow>;
