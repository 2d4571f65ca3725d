import { beforeAll, describe, expect, test } from '@jest/globals';
import { blocksOf, hclFile, moduleFiles, pipelineFiles, type HclFile } from './module.ts';
import { POLICIES } from './policies.ts';

type Name = keyof typeof POLICIES;

/** Configuration that breaks a policy, and what the policy says about it. */
const PLANTED: Readonly<Record<Name, readonly (readonly [hcl: string, says: RegExp])[]>> = {
  'no account is shared': [
    [
      `resource "google_cloudfunctions2_function" "f" {
         build_config { service_account = google_service_account.identity["build"].id }
         service_config { service_account_email = google_service_account.identity["checker"].email }
       }`,
      /f does not run or call as its own identity but as .*checker/,
    ],
    [
      `resource "google_cloudfunctions2_function" "f" {
         service_config { service_account_email = google_service_account.identity[each.value.identity].email }
       }`,
      /f is not built by the build account/,
    ],
    [
      `resource "google_cloud_scheduler_job" "j" {
         http_target {
           oidc_token { service_account_email = google_service_account.identity["push"].email }
         }
       }`,
      /j does not run or call as its own/,
    ],
    [`data "google_compute_default_service_account" "d" {}`, /everything shares/],
  ],
  'nobody unknown is let in': [
    [
      `resource "google_cloud_run_v2_service_iam_member" "open" {
         role   = "roles/run.invoker"
         member = "allUsers"
       }`,
      /lets anybody in/,
    ],
    [
      `locals {
         invokers = { "rotate/anybody" = { function = "rotate", member = "allUsers" } }
       }`,
      /lets anybody in/,
    ],
    [`resource "google_pubsub_topic_iam_member" "open" { member = "allAuthenticatedUsers" }`, /lets anybody in/],
  ],
  'no basic role is granted, and no grant takes others away': [
    [`resource "google_project_iam_member" "m" { role = "roles/editor" }`, /m grants a basic role/],
    [`resource "google_secret_manager_secret_iam_binding" "b" { role = "roles/x" }`, /b takes away/],
  ],
  'nobody reaches into every bucket of the project': [
    [
      `resource "google_project_iam_member" "m" {
         for_each = toset(["roles/logging.logWriter", "roles/storage.objectViewer"])
         role     = each.value
       }`,
      /m reaches into every bucket/,
    ],
  ],
  'no secret gets into the state': [
    [`resource "google_secret_manager_secret_version" "v" { secret = "x" }`, /v puts a secret/],
    [`data "google_secret_manager_secret_version_access" "v" { secret = "x" }`, /v puts a secret/],
    [`resource "google_apikeys_key" "k" { name = "x" }`, /k puts a secret/],
    [
      `resource "google_monitoring_notification_channel" "c" {
         sensitive_labels { auth_token = var.token }
       }`,
      /c puts a secret/,
    ],
  ],
  'every alarm has a severity and says what to do': [
    [
      `resource "google_monitoring_alert_policy" "p" {
         documentation { content = "x" }
       }`,
      /p has no severity/,
    ],
    [`resource "google_monitoring_alert_policy" "p" { severity = "ERROR" }`, /p has no documentation/],
    [
      `locals { policies = { silent = { severity = "LOUD", runbook = "Call somebody." } } }
       resource "google_monitoring_alert_policy" "p" {
         for_each = local.policies
         severity = each.value.severity
         documentation { content = each.value.runbook }
       }`,
      /severity "LOUD".*silent names no command/s,
    ],
  ],
  'every subscription tries again and puts aside what it cannot deliver': [
    [
      `resource "google_pubsub_subscription" "s" { topic = "t" }`,
      /no retry policy.*no dead-letter topic.*expires when it is quiet/s,
    ],
  ],
  'what the worker writes on a secret is left alone, with a reason': [
    [`resource "google_secret_manager_secret" "s" { secret_id = "x" }`, /ignore changes of version_aliases/],
    [
      `resource "google_secret_manager_secret" "s" {
         lifecycle {
           ignore_changes = [
             annotations, # the worker's
             version_aliases,
             rotation[0].next_rotation_time, # moves
           ]
         }
       }`,
      /^[^\n]* ignores version_aliases and does not say why$/,
    ],
  ],
  'every call carries a token and is tried again': [
    [
      `resource "google_cloud_scheduler_job" "j" {
         time_zone = "Europe/Berlin"
         http_target { uri = "https://x" }
       }`,
      /without a token.*does not try again.*no deadline.*come twice/s,
    ],
    [
      `resource "google_pubsub_subscription" "s" {
         push_config { push_endpoint = "https://x" }
       }`,
      /pushes without/,
    ],
  ],
  'what needs a grant waits for it, so that the first apply works': [
    [
      `resource "google_cloudfunctions2_function" "first" { depends_on = [google_project_iam_member.build] }`,
      /first does not wait for time_sleep.grants/,
    ],
    [
      `resource "google_cloudfunctions2_function" "worker" { depends_on = [time_sleep.grants] }`,
      /worker does not wait for google_cloudfunctions2_function.first/,
    ],
    [`resource "google_pubsub_subscription" "push" { topic = "t" }`, /push does not wait for .*push_tokens/s],
    [`resource "google_monitoring_alert_policy" "p" { combiner = "OR" }`, /p does not wait for .*scheduler_job/],
  ],
  'no key is destroyed by Terraform unless asked to': [
    [`resource "google_secret_manager_secret" "s" { secret_id = "x" }`, /s can be destroyed by a plan/],
    [
      `variable "guards" { type = object({ deletion_protection = optional(bool, false) }) }`,
      /guards protects no secret/,
    ],
  ],
  'no bucket can be opened to everybody': [
    [`resource "google_storage_bucket" "b" { name = "x" }`, /b could be opened.*b has rights on single objects/s],
  ],
  'what writes waits for an approval': [
    [`resource "google_cloudbuild_trigger" "t" { filename = "x" }`, /t runs as an account that everything shares/],
    [
      `resource "google_cloudbuild_trigger" "t" {
         service_account = google_service_account.pipeline["deploy"].id
         github {
           push { branch = "main" }
         }
       }`,
      /t writes without an approval.*t is started by an event.*t runs what a branch says/s,
    ],
  ],
  'a plan looks and does not touch, and no build reads a key': [
    [
      `locals {
         calls = {
           google_x = { reads = ["pubsub.topics.get", "pubsub.topics.publish"], writes = ["secretmanager.versions.access"] }
         }
       }`,
      /^a plan of google_x may pubsub.topics.publish\na build may secretmanager.versions.access, for google_x$/,
    ],
  ],
  'every input and output is explained': [
    [`variable "v" {}`, /v has no description.*v has no type/s],
    [`output "o" { value = 1 }`, /o has no description/],
  ],
};

const names = Object.keys(POLICIES).filter((name): name is Name => Object.hasOwn(POLICIES, name));

describe.each([
  ['the Terraform module', moduleFiles, 20],
  ['the pipeline’s module', pipelineFiles, 5],
])('%s', (_name, read, typesMin) => {
  let files: readonly HclFile[] = [];
  beforeAll(async () => {
    files = await read();
  });

  test('is looked at: its resources are found', () => {
    expect(new Set(blocksOf(files).map(({ type }) => type)).size).toBeGreaterThan(typesMin);
  });

  test.each(names)('%s', (name) => {
    expect(POLICIES[name](files)).toEqual([]);
  });
});

describe('a planted violation is found', () => {
  test.each(names.flatMap((name) => PLANTED[name].map(([hcl, says], index) => ({ name, index, hcl, says }))))(
    '$name ($index)',
    async ({ name, hcl, says }) => {
      expect(
        POLICIES[name]([await hclFile(hcl.includes('calls =') ? 'calls.tf' : 'planted.tf', hcl)]).join('\n'),
      ).toMatch(says);
    },
  );
});
