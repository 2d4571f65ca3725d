# Every mistake is found by the plan, not by a function that does not start.
mock_provider "google" {}
mock_provider "google-beta" {}
mock_provider "archive" {}
mock_provider "time" {}

variables {
  project_id = "ops-prod"
  region     = "europe-west1"
  source_dir = "dist"
  alerts     = { emails = ["on-call@example.com"] }
}

run "alarms_that_nobody_hears" {
  command = plan
  variables {
    alerts = {}
  }
  expect_failures = [check.somebody_hears]
}

run "a_replica_in_a_continent" {
  command = plan
  variables {
    secrets = { a = { replica_locations = ["eu"] } }
  }
  expect_failures = [var.secrets]
}

run "an_encryption_key_by_its_short_name" {
  command = plan
  variables {
    secrets = { a = { kms_keys = ["ring/key"] } }
  }
  expect_failures = [var.secrets]
}

run "a_replica_without_an_encryption_key" {
  command = plan
  variables {
    secrets = { a = {
      replica_locations = ["europe-west1", "europe-west4"]
      kms_keys          = ["projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k"]
    } }
  }
  expect_failures = [var.secrets]
}

run "an_encryption_key_of_a_region_for_a_secret_everywhere" {
  command = plan
  variables {
    secrets = { a = { kms_keys = ["projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k"] } }
  }
  expect_failures = [var.secrets]
}

run "half_a_processor_for_several_requests" {
  command = plan
  variables {
    functions = { cpu = "0.5" }
  }
  expect_failures = [var.functions]
}

run "evidence_for_no_longer_than_a_log" {
  command = plan
  variables {
    evidence_days = 30
  }
  expect_failures = [var.evidence_days]
}

run "memory_without_a_unit" {
  command = plan
  variables {
    functions = { memory = "512" }
  }
  expect_failures = [var.functions]
}

run "a_label_in_capitals" {
  command = plan
  variables {
    labels = { Team = "platform" }
  }
  expect_failures = [var.labels]
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

run "a_secret_id_with_a_slash" {
  command = plan
  variables {
    secrets = { "a/b" = {} }
  }
  expect_failures = [var.secrets]
}

run "a_rotation_of_no_days" {
  command = plan
  variables {
    secrets = { a = { rotation_days = 0 } }
  }
  expect_failures = [var.secrets]
}

run "a_destruction_within_a_day" {
  command = plan
  variables {
    secrets = { a = { version_destroy_hours = 1 } }
  }
  expect_failures = [var.secrets]
}

run "a_secret_without_its_project" {
  command = plan
  variables {
    existing_secrets = ["gemini"]
  }
  expect_failures = [var.existing_secrets]
}

run "a_secret_of_a_project_by_its_number" {
  command = plan
  variables {
    existing_secrets = ["projects/123456789012/secrets/gemini"]
  }
  expect_failures = [var.existing_secrets]
}

run "a_secret_made_and_found" {
  command = plan
  variables {
    secrets          = { gemini = {} }
    existing_secrets = ["projects/ops-prod/secrets/gemini"]
  }
  expect_failures = [var.existing_secrets]
}

run "keys_of_a_project_by_its_number" {
  command = plan
  variables {
    minting = { key_project = "123456789012" }
  }
  expect_failures = [var.minting]
}

run "minutes_that_do_not_divide_an_hour" {
  command = plan
  variables {
    schedule = { check_every_minutes = 7 }
  }
  expect_failures = [var.schedule]
}

run "a_purge_that_the_alarm_cannot_miss" {
  command = plan
  variables {
    schedule = { purge_every_hours = 24 }
  }
  expect_failures = [var.schedule]
}

run "no_concurrency" {
  command = plan
  variables {
    pace = { concurrency = 0 }
  }
  expect_failures = [var.pace]
}

run "a_budget_longer_than_scheduler_waits" {
  command = plan
  variables {
    pace = { budget_seconds = 1701 }
  }
  expect_failures = [var.pace]
}

run "a_check_out_of_bounds" {
  command = plan
  variables {
    checks = { confirm_answers = 11 }
  }
  expect_failures = [var.checks]
}

run "a_drain_too_short" {
  command = plan
  variables {
    rotation = { drain_hours_min = 5 }
  }
  expect_failures = [var.rotation]
}

run "a_drain_that_cannot_end" {
  command = plan
  variables {
    rotation = { drain_hours_min = 200, drain_hours_max = 100 }
  }
  expect_failures = [var.rotation]
}

run "a_kind_of_key_that_is_none" {
  command = plan
  variables {
    minting = { key_kind = "service" }
  }
  expect_failures = [var.minting]
}

run "targets_that_are_dropped_perhaps" {
  command = plan
  variables {
    minting = { drop_targets = "yes" }
  }
  expect_failures = [var.minting]
}

run "annotations_with_blanks_between" {
  command = plan
  variables {
    minting = { carry_annotations = "owner, team" }
  }
  expect_failures = [var.minting]
}

run "an_account_that_is_no_address" {
  command = plan
  variables {
    minting = { key_service_account = "app" }
  }
  expect_failures = [var.minting]
}

run "a_channel_of_no_kind" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "email", credential = "projects/p/secrets/s" }]
  }
  expect_failures = [var.channels]
}

run "a_credential_in_the_clear" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "slack", credential = "https://hooks.slack.com/services/x" }]
  }
  expect_failures = [var.channels]
}

run "a_webhook_without_address" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "webhook", credential = "projects/p/secrets/s" }]
  }
  expect_failures = [var.channels]
}

run "an_address_of_slack" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "slack", credential = "projects/p/secrets/s", url = "https://x" }]
  }
  expect_failures = [var.channels]
}

run "a_channel_for_a_label_that_no_event_carries" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "slack", credential = "projects/p/secrets/s", labels = { cost-center = ["1"] } }]
  }
  expect_failures = [var.channels]
}

run "a_pager_that_calls_by_name" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "pagerduty", credential = "projects/p/secrets/s", mentions = [{ who = "U0123" }] }]
  }
  expect_failures = [var.channels]
}

run "six_labels" {
  command = plan
  variables {
    alerts = { emails = ["a@example.com"], event_labels = ["a", "b", "c", "d", "e", "f"] }
  }
  expect_failures = [var.alerts]
}

run "a_channel_that_waits_for_no_time" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "slack", credential = "projects/p/secrets/s", after_hours = 0 }]
  }
  expect_failures = [var.channels]
}

run "some_rotations" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "slack", credential = "projects/p/secrets/s", rotations = "some" }]
  }
  expect_failures = [var.channels]
}

run "two_channels_of_a_name" {
  command = plan
  variables {
    channels = [{ name = "a", kind = "slack", credential = "projects/p/secrets/s" }, { name = "a", kind = "slack", credential = "projects/p/secrets/t" }]
  }
  expect_failures = [var.channels]
}

run "a_runbook_with_a_fragment" {
  command = plan
  variables {
    alerts = { emails = ["a@example.com"], runbook_url = "https://x/#y" }
  }
  expect_failures = [var.alerts]
}

run "a_ping_in_the_clear" {
  command = plan
  variables {
    alerts = { emails = ["a@example.com"], ping = "https://hc-ping.com/x" }
  }
  expect_failures = [var.alerts]
}

run "silences_by_a_bare_id" {
  command = plan
  variables {
    alerts = { emails = ["a@example.com"], silences = "key-warden-silences" }
  }
  expect_failures = [var.alerts]
}

run "approval_that_nothing_keeps" {
  command = plan
  variables {
    rotation = { approval = 1 }
  }
  expect_failures = [var.approval]
}

run "approvals_by_a_bare_id" {
  command = plan
  variables {
    approval = { secret = "key-warden-approvals" }
  }
  expect_failures = [var.approval]
}

run "an_approval_for_ever" {
  command = plan
  variables {
    approval = { secret = "projects/ops-prod/secrets/approvals", hours = 10000 }
  }
  expect_failures = [var.approval]
}

run "a_channel_by_its_title" {
  command = plan
  variables {
    alerts = { notification_channels = ["ops"] }
  }
  expect_failures = [var.alerts]
}

run "everybody_as_caller" {
  command = plan
  variables {
    callers = { emergency = ["allUsers"] }
  }
  expect_failures = [var.callers]
}

run "an_ingress_of_no_kind" {
  command = plan
  variables {
    functions = { ingress = "ALLOW_NONE" }
  }
  expect_failures = [var.functions]
}

run "a_region_without_scheduler" {
  command = plan
  variables {
    region = "southamerica-west1"
  }
  expect_failures = [var.scheduler_region]
}

run "a_secret_in_one_place_and_in_several" {
  command = plan
  variables {
    secrets = { gemini = { location = "europe-west1", replica_locations = ["europe-west1"] } }
  }
  expect_failures = [var.secrets]
}

run "a_key_of_another_region_than_its_secret" {
  command = plan
  variables {
    secrets = { gemini = { location = "europe-west1", kms_keys = ["projects/p/locations/global/keyRings/r/cryptoKeys/k"] } }
  }
  expect_failures = [var.secrets]
}

run "two_accounts_for_the_same_keys" {
  command = plan
  variables {
    key_accounts = { make = true }
    minting      = { key_service_account = "app@ops-prod.iam.gserviceaccount.com" }
  }
  expect_failures = [var.key_accounts]
}

run "one_account_for_keys_of_two_projects" {
  command = plan
  variables {
    key_accounts     = { make = true }
    existing_secrets = ["projects/video-prod/secrets/gemini", "projects/search-prod/secrets/gemini"]
  }
  expect_failures = [var.key_accounts]
}

run "an_account_that_nobody_made" {
  command = plan
  variables {
    key_accounts = { existing = ["123-compute@developer.gserviceaccount.com"] }
  }
  expect_failures = [var.key_accounts]
}

run "a_page_that_is_protected_by_nothing" {
  command = plan
  variables {
    page = { iap_audience = "https://key-warden-status-page.a.run.app" }
  }
  expect_failures = [var.page]
}

run "a_viewer_without_a_name" {
  command = plan
  variables {
    page = { viewers = ["jane"] }
  }
  expect_failures = [var.page]
}

run "a_signing_secret_by_its_short_name" {
  command = plan
  variables {
    pagerduty_webhook = { signing_secret = "pagerduty-webhook" }
  }
  expect_failures = [var.pagerduty_webhook]
}

run "an_inventory_with_a_short_name" {
  command = plan
  variables {
    inventory = { memory = "key-warden-inventory" }
  }
  expect_failures = [var.inventory]
}

run "leak_reports_that_nobody_signs" {
  command = plan
  variables {
    leak_reports = {}
  }
  expect_failures = [var.leak_reports]
}

run "leak_reports_that_begin_half_an_emergency" {
  command = plan
  variables {
    leak_reports = { github = "projects/ops-prod/secrets/github-leaks", emergencies_an_hour = 0.5 }
  }
  expect_failures = [var.leak_reports]
}

run "leak_reports_that_rotate_cannot_be_asked_for" {
  command = plan
  variables {
    functions    = { ingress = "ALLOW_INTERNAL_ONLY" }
    leak_reports = { github = "projects/ops-prod/secrets/github-leaks", emergencies_an_hour = 1 }
  }
  expect_failures = [var.leak_reports]
}

run "leak_reports_signed_with_a_short_name" {
  command = plan
  variables {
    leak_reports = { github = "github-leaks" }
  }
  expect_failures = [var.leak_reports]
}

run "an_acknowledgement_for_a_month" {
  command = plan
  variables {
    pagerduty_webhook = { signing_secret = "projects/ops-prod/secrets/pagerduty-webhook", hours = 720 }
  }
  expect_failures = [var.pagerduty_webhook]
}
