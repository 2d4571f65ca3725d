# What the pipeline of a deployment comes to, and which mistakes the plan finds. Providers are mocked.
mock_provider "google" {
  mock_resource "google_service_account" {
    override_during = plan
    defaults = {
      id     = "projects/ops-prod/serviceAccounts/a@ops-prod.iam.gserviceaccount.com"
      email  = "a@ops-prod.iam.gserviceaccount.com"
      member = "serviceAccount:a@ops-prod.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_project_iam_custom_role" {
    override_during = plan
    defaults        = { name = "projects/ops-prod/roles/R" }
  }
}

variables {
  project_id = "ops-prod"
  region     = "europe-west1"
  repository = "projects/ops-prod/locations/europe-west1/connections/github/repositories/key-warden"
  approvers  = ["group:platform@example.com"]
}

run "two_accounts_two_triggers" {
  command = plan

  assert {
    condition     = google_cloudbuild_trigger.deploy.approval_config[0].approval_required && length(google_cloudbuild_trigger.deploy.repository_event_config) == 0
    error_message = "what applies starts by nobody's push, and waits for an approval"
  }
  assert {
    condition     = google_cloudbuild_trigger.deploy.build[0].step[*].id == tolist(["fetch", "before", "plan", "rules", "apply", "verify"]) && strcontains(google_cloudbuild_trigger.deploy.build[0].step[4].script, "terraform -chdir")
    error_message = "what applies is written into the trigger, out of reach of a push"
  }
  assert {
    condition     = keys(google_cloudbuild_trigger.deploy.build[0].substitutions) == tolist(["_PLAN"]) && google_cloudbuild_trigger.deploy.build[0].options[0].logging == "CLOUD_LOGGING_ONLY"
    error_message = "with the one value that may be chosen, and a log of its own"
  }
  assert {
    condition     = google_cloudbuild_trigger.plan.repository_event_config[0].push[0].branch == "^main$"
    error_message = "one branch is planned"
  }
  assert {
    condition     = alltrue([for permission in flatten([for key, role in google_project_iam_custom_role.pipeline : role.permissions if startswith(key, "plan/")]) : can(regex("\\.(get|list|getIamPolicy)$", permission))])
    error_message = "a plan looks"
  }
  assert {
    condition     = alltrue([for permission in flatten([for role in google_project_iam_custom_role.pipeline : role.permissions]) : !contains(["secretmanager.versions.access", "secretmanager.secrets.delete", "secretmanager.versions.destroy"], permission)])
    error_message = "no build reads a key, or takes one away"
  }
  assert {
    condition     = !contains(google_project_iam_custom_role.pipeline["deploy/project/ops-prod"].permissions, "resourcemanager.projects.setIamPolicy")
    error_message = "the project's policy is changed under a condition only"
  }
  assert {
    condition     = strcontains(google_project_iam_member.grants["deploy/grants/ops-prod"].condition[0].expression, "'projects/ops-prod/roles/KeyWardenRotatorKeys'")
    error_message = "the condition names the worker's roles"
  }
  assert {
    condition     = google_project_iam_member.pipeline["plan/archive/ops-prod"].condition[0].expression == "resource.name.startsWith('projects/_/buckets/ops-prod-key-warden-source')"
    error_message = "objects are read in the archive's bucket only"
  }
  assert {
    condition     = toset(keys(google_cloudbuildv2_connection_iam_member.source)) == toset(["deploy", "plan"]) && google_cloudbuildv2_connection_iam_member.source["plan"].name == "github" && google_cloudbuildv2_connection_iam_member.source["plan"].role == "roles/cloudbuild.readTokenAccessor"
    error_message = "both may fetch the repository: without it a build ends at FETCHSOURCE"
  }
  assert {
    condition     = google_storage_bucket_iam_member.pipeline["plan reads the state"].role == "roles/storage.objectViewer" && google_storage_bucket_iam_member.pipeline["plan adds what it built"].role == "roles/storage.objectCreator"
    error_message = "a plan can neither move the state nor change a plan that was read"
  }
}

run "secrets_of_other_projects" {
  command = plan
  variables {
    further_projects = ["video-prod"]
    requesters       = ["user:dev@example.com"]
  }

  assert {
    condition     = toset([for key, role in google_project_iam_custom_role.pipeline : key if role.project == "video-prod"]) == toset(["plan/project/video-prod", "plan/grants/video-prod", "deploy/project/video-prod", "deploy/grants/video-prod"])
    error_message = "both accounts have roles there"
  }
  assert {
    condition     = !contains(google_project_iam_custom_role.pipeline["deploy/project/video-prod"].permissions, "iam.serviceAccounts.actAs")
    error_message = "and fewer of them: only what the module makes there"
  }
  assert {
    condition     = length(google_project_iam_member.requester) == 1
    error_message = "requesters may ask"
  }
}

run "the_example" {
  command = plan
  module {
    source = "./example"
  }
  variables {
    approver = "group:platform@example.com"
  }

  assert {
    condition     = strcontains(output.next_step, "gs://ops-prod-key-warden-state/key-warden.tfvars")
    error_message = "it says what is left to do"
  }
}

run "a_project_number" {
  command = plan
  variables {
    project_id = "123456789012"
  }
  expect_failures = [var.project_id]
}

run "a_zone" {
  command = plan
  variables {
    region = "europe-west1-b"
  }
  expect_failures = [var.region]
}

run "a_name_too_long" {
  command = plan
  variables {
    name = "key-warden-of-the-search-team"
  }
  expect_failures = [var.name]
}

run "a_repository_of_the_first_generation" {
  command = plan
  variables {
    repository = "your-org/gemini-key-warden"
  }
  expect_failures = [var.repository]
}

run "a_repository_of_another_region" {
  command = plan
  variables {
    repository = "projects/ops-prod/locations/us-central1/connections/github/repositories/key-warden"
  }
  expect_failures = [var.repository]
}

run "any_branch" {
  command = plan
  variables {
    branch = ".*"
  }
  expect_failures = [var.branch]
}

run "a_root_module_outside" {
  command = plan
  variables {
    root_module = "../elsewhere"
  }
  expect_failures = [var.root_module]
}

run "nobody_approves" {
  command = plan
  variables {
    approvers = []
  }
  expect_failures = [var.approvers]
}

run "a_machine_approves" {
  command = plan
  variables {
    approvers = ["serviceAccount:ci@ops-prod.iam.gserviceaccount.com"]
  }
  expect_failures = [var.approvers]
}

run "everybody_asks" {
  command = plan
  variables {
    requesters = ["allUsers"]
  }
  expect_failures = [var.requesters]
}

run "its_own_project_as_another" {
  command = plan
  variables {
    further_projects = ["ops-prod"]
  }
  expect_failures = [var.further_projects]
}

run "plans_kept_for_no_time" {
  command = plan
  variables {
    keep_plans_days = 0
  }
  expect_failures = [var.keep_plans_days]
}
