# What a plan of the smallest and of a full deployment comes to. Providers are mocked: no account, no network.
mock_provider "google" {
  override_data {
    target = data.google_project.worker
    values = { number = "123456789012" }
  }
  mock_resource "google_service_account" {
    override_during = plan
    defaults = {
      id     = "projects/ops-prod/serviceAccounts/a@ops-prod.iam.gserviceaccount.com"
      email  = "a@ops-prod.iam.gserviceaccount.com"
      member = "serviceAccount:a@ops-prod.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_pubsub_topic" {
    override_during = plan
    defaults        = { id = "projects/ops-prod/topics/t" }
  }
}
mock_provider "google-beta" {}
mock_provider "archive" {}
mock_provider "time" {}

variables {
  project_id = "ops-prod"
  region     = "europe-west1"
  source_dir = "dist"
  alerts     = { emails = ["on-call@example.com"] }
}

run "nothing_but_the_project_is_enough" {
  command = plan

  assert {
    condition     = toset(keys(google_cloudfunctions2_function.worker)) == toset(["reconcile", "purge", "notify", "on-secret-event"]) && google_cloudfunctions2_function.first.name == "key-warden-health-check"
    error_message = "every function but rotate, which nobody may call"
  }
  assert {
    condition     = length(google_service_account.identity) == 7
    error_message = "one account per identity, and none for a page that nobody asked for"
  }
  assert {
    condition     = length(google_logging_project_bucket_config.evidence) == 0 && length(google_logging_project_sink.evidence) == 0 && output.evidence_log_view == null
    error_message = "no bucket for logs, which costs, unless somebody asks for it"
  }
  assert {
    condition     = google_cloudfunctions2_function.first.service_config[0].environment_variables["KEY_WARDEN_AUDIENCE"] == "https://key-warden-health-check-123456789012.europe-west1.run.app"
    error_message = "a function is told its own address"
  }
  assert {
    condition     = google_cloud_scheduler_job.worker["health-check"].http_target[0].oidc_token[0].audience == google_cloudfunctions2_function.first.service_config[0].environment_variables["KEY_WARDEN_AUDIENCE"]
    error_message = "Scheduler's token is for the audience that the function verifies"
  }
  assert {
    condition     = google_cloud_scheduler_job.worker["health-check"].schedule == "*/10 * * * *" && google_cloudfunctions2_function.first.service_config[0].environment_variables["KEY_WARDEN_RUN_EVERY_MINUTES"] == "10"
    error_message = "the worker is told the schedule it runs on"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["notify"].service_config[0].environment_variables["KEY_WARDEN_CALLERS"] == google_pubsub_subscription.push["alerts"].push_config[0].oidc_token[0].service_account_email
    error_message = "who pushes an event is verified by the function too"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["notify"].service_config[0].environment_variables["KEY_WARDEN_AUDIENCE"] == google_pubsub_subscription.push["alerts"].push_config[0].oidc_token[0].audience
    error_message = "the token of a push is for the audience that the function verifies"
  }
  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.worker["notify"].service_config[0].environment_variables), "KEY_WARDEN_CHANNELS")
    error_message = "what is not set is not there: the worker refuses an empty list"
  }
  assert {
    condition     = google_cloudfunctions2_function.first.service_config[0].environment_variables["KEY_WARDEN_PROJECTS"] == "ops-prod"
    error_message = "without secrets the worker's own project is watched"
  }
}

run "evidence_is_kept_for_as_long_as_was_asked_for" {
  command = plan
  variables {
    evidence_days = 400
  }

  assert {
    condition     = google_logging_project_bucket_config.evidence[0].retention_days == 400 && google_logging_project_bucket_config.evidence[0].bucket_id == "key-warden-evidence"
    error_message = "a bucket of its own keeps what a project's log drops after 30 days"
  }
  assert {
    condition     = strcontains(google_logging_project_sink.evidence[0].filter, "key-warden-(") && strcontains(google_logging_project_sink.evidence[0].filter, "jsonPayload.oldKey.did:*")
    error_message = "this worker's lines go there, and nobody else's"
  }
}

run "a_page_is_there_only_for_whom_iap_lets_in" {
  command = plan
  variables {
    secrets = { gemini = {} }
    page    = { viewers = ["jane@example.com", "@search.example.com"] }
  }

  assert {
    condition     = toset([for key, grant in google_cloud_run_v2_service_iam_member.invoker : key if grant.name == "key-warden-status-page"]) == toset(["status-page/iap"]) && google_cloud_run_v2_service_iam_member.invoker["status-page/iap"].member == "serviceAccount:service-123456789012@gcp-sa-iap.iam.gserviceaccount.com"
    error_message = "nobody but IAP's agent may call the page"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["status-page"].service_config[0].environment_variables["KEY_WARDEN_IAP_AUDIENCE"] == "/projects/123456789012/locations/europe-west1/services/key-warden-status-page"
    error_message = "the page takes assertions for itself alone"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["status-page"].service_config[0].environment_variables["KEY_WARDEN_VIEWERS"] == "jane@example.com,@search.example.com" && !contains(keys(google_cloudfunctions2_function.worker["status-page"].service_config[0].environment_variables), "KEY_WARDEN_CALLERS")
    error_message = "who may look is narrower than whom IAP lets in"
  }
  assert {
    condition     = toset(flatten([for key, role in google_project_iam_custom_role.worker : [for permission in role.permissions : permission] if startswith(key, "viewer/")])) == toset(["secretmanager.secrets.list"])
    error_message = "the page's identity lists metadata and does nothing else"
  }
  assert {
    condition     = output.page.url == "https://key-warden-status-page-123456789012.europe-west1.run.app" && output.page.iap_audience == "/projects/123456789012/locations/europe-west1/services/key-warden-status-page"
    error_message = "where the page is, and what IAP must protect"
  }
}

run "acknowledgements_are_heard_by_the_one_function_that_anybody_may_call" {
  command = plan
  variables {
    secrets           = { gemini = {} }
    functions         = { ingress = "ALLOW_INTERNAL_ONLY" }
    pagerduty_webhook = { signing_secret = "projects/ops-prod/secrets/pagerduty-webhook" }
  }

  assert {
    condition     = toset([for key, grant in google_cloud_run_v2_service_iam_member.invoker : key if grant.member == "allUsers"]) == toset(["acknowledge/anybody"]) && google_cloud_run_v2_service_iam_member.invoker["acknowledge/anybody"].name == "key-warden-acknowledge"
    error_message = "anybody may call this function and no other"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["acknowledge"].service_config[0].environment_variables["KEY_WARDEN_PAGERDUTY_SIGNING"] == "projects/ops-prod/secrets/pagerduty-webhook" && google_cloudfunctions2_function.worker["acknowledge"].service_config[0].environment_variables["KEY_WARDEN_ACKNOWLEDGED_HOURS"] == "4" && !contains(keys(google_cloudfunctions2_function.worker["acknowledge"].service_config[0].environment_variables), "KEY_WARDEN_CALLERS")
    error_message = "what it is told"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["acknowledge"].service_config[0].ingress_settings == "ALLOW_ALL" && google_cloudfunctions2_function.worker["rotate"].service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"
    error_message = "PagerDuty comes from outside, and nobody else has to"
  }
  assert {
    condition     = toset(flatten([for key, role in google_project_iam_custom_role.worker : [for permission in role.permissions : permission] if startswith(key, "listener/")])) == toset(["secretmanager.secrets.get", "secretmanager.secrets.update"]) && google_secret_manager_secret_iam_member.credential["listener/projects/ops-prod/secrets/pagerduty-webhook"].role == "roles/secretmanager.secretAccessor"
    error_message = "its identity sees and writes what is remembered, and reads what PagerDuty signs with"
  }
  assert {
    condition     = output.pagerduty_webhook == "https://key-warden-acknowledge-123456789012.europe-west1.run.app"
    error_message = "where PagerDuty sends its webhooks"
  }
}

run "many_instances_look_and_one_acts" {
  command = plan
  variables {
    secrets = { gemini = {} }
    pace    = { survey_at_once = 20 }
  }

  assert {
    condition     = google_cloudfunctions2_function.worker["survey"].service_config[0].max_instance_count == 20 && google_cloudfunctions2_function.first.service_config[0].environment_variables["KEY_WARDEN_SURVEY_URL"] == "https://key-warden-survey-123456789012.europe-west1.run.app"
    error_message = "so many instances, and the check knows where they are"
  }
  assert {
    condition     = toset([for key, grant in google_cloud_run_v2_service_iam_member.invoker : key if startswith(key, "survey/")]) == toset(["survey/checker"])
    error_message = "the check calls it, and nobody else"
  }
  assert {
    condition     = toset(flatten([for key, role in google_project_iam_custom_role.worker : [for permission in role.permissions : permission] if startswith(key, "looker/")])) == toset(["secretmanager.secrets.get", "secretmanager.secrets.list", "secretmanager.versions.access"])
    error_message = "its identity reads and writes nothing"
  }
}

run "leak_reports_are_heard_by_a_function_that_reads_and_writes_nothing" {
  command = plan
  variables {
    secrets      = { gemini = {} }
    functions    = { ingress = "ALLOW_INTERNAL_ONLY" }
    leak_reports = { github = "projects/ops-prod/secrets/github-leaks", webhook = "projects/ops-prod/secrets/own-leaks" }
  }

  assert {
    condition     = toset([for key, grant in google_cloud_run_v2_service_iam_member.invoker : key if grant.member == "allUsers"]) == toset(["leak-reports/anybody"]) && google_cloudfunctions2_function.worker["leak-reports"].service_config[0].ingress_settings == "ALLOW_ALL"
    error_message = "anybody may call this function and no other"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["leak-reports"].service_config[0].environment_variables["KEY_WARDEN_LEAK_SIGNING"] == "github=projects/ops-prod/secrets/github-leaks,webhook=projects/ops-prod/secrets/own-leaks"
    error_message = "what it is told"
  }
  assert {
    condition     = toset(flatten([for key, role in google_project_iam_custom_role.worker : [for permission in role.permissions : permission] if startswith(key, "finder/")])) == toset(["secretmanager.secrets.list", "secretmanager.versions.access", "secretmanager.versions.list"]) && google_secret_manager_secret_iam_member.credential["finder/projects/ops-prod/secrets/own-leaks"].role == "roles/secretmanager.secretAccessor"
    error_message = "its identity reads watched keys and what reports are signed with, and writes nothing"
  }
  assert {
    condition     = output.leak_reports == "https://key-warden-leak-reports-123456789012.europe-west1.run.app" && output.pagerduty_webhook == null
    error_message = "where reports are sent"
  }
}

run "leak_reports_may_ask_rotate_for_emergencies_and_for_nothing_else" {
  command = plan
  variables {
    secrets      = { gemini = {} }
    leak_reports = { github = "projects/ops-prod/secrets/github-leaks", emergencies_an_hour = 3 }
  }

  assert {
    condition     = google_cloudfunctions2_function.worker["leak-reports"].service_config[0].environment_variables["KEY_WARDEN_LEAK_EMERGENCIES"] == "3" && google_cloudfunctions2_function.worker["leak-reports"].service_config[0].environment_variables["KEY_WARDEN_FUNCTIONS"] == jsonencode({ rotate = "https://key-warden-rotate-123456789012.europe-west1.run.app" })
    error_message = "whoever hears of leaks knows whom to ask, and how often"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["rotate"].service_config[0].environment_variables["KEY_WARDEN_LEAK_EMERGENCIES"] == "3" && !contains(keys(google_cloudfunctions2_function.worker["rotate"].service_config[0].environment_variables), "KEY_WARDEN_CALLERS") && !contains(keys(google_cloudfunctions2_function.worker["rotate"].service_config[0].environment_variables), "KEY_WARDEN_EMERGENCY_CALLERS")
    error_message = "rotate counts them too, and makes whoever hears of leaks no caller of its own"
  }
  assert {
    condition     = toset([for key, grant in google_cloud_run_v2_service_iam_member.invoker : key if startswith(key, "rotate/")]) == toset(["rotate/finder"])
    error_message = "and nobody else may call it"
  }
}

run "an_inventory_reads_keys_and_writes_one_secret" {
  command = plan
  variables {
    secrets   = { gemini = {} }
    inventory = { memory = "projects/ops-prod/secrets/key-warden-inventory" }
  }

  assert {
    condition     = google_cloudfunctions2_function.worker["inventory"].service_config[0].environment_variables["KEY_WARDEN_INVENTORY_MEMORY"] == "projects/ops-prod/secrets/key-warden-inventory" && google_cloud_scheduler_job.worker["inventory"].schedule == "43 */8 * * *"
    error_message = "what it is told, and when it is called"
  }
  assert {
    condition     = toset([for key, grant in google_secret_manager_secret_iam_member.worker : key if startswith(key, "surveyor/")]) == toset(["surveyor/gemini", "surveyor/memory"]) && toset([for key, grant in google_project_iam_member.worker : key if startswith(key, "surveyor/")]) == toset(["surveyor/keys/ops-prod", "surveyor/project/ops-prod"])
    error_message = "it reads watched secrets, and no others"
  }
  assert {
    condition     = toset(google_project_iam_custom_role.worker["surveyor/memory/ops-prod"].permissions) == toset(["secretmanager.secrets.get", "secretmanager.secrets.update"]) && length([for key, role in google_project_iam_custom_role.worker : key if startswith(key, "surveyor/") && length([for permission in role.permissions : permission if can(regex("(update|create|delete|add|destroy|enable|disable)$", permission))]) > 0]) == 1
    error_message = "it writes what it remembers, and nothing else"
  }
  assert {
    condition     = contains(keys(google_monitoring_alert_policy.worker), "uninventoried")
    error_message = "an alarm is raised where it stays away"
  }
}

run "an_inventory_of_every_secret_is_asked_for_by_name" {
  command = plan
  variables {
    secrets   = { gemini = {} }
    inventory = { memory = "projects/ops-prod/secrets/key-warden-inventory", every_secret = true }
  }

  assert {
    condition     = google_project_iam_member.worker["surveyor/secret/ops-prod"].project == "ops-prod"
    error_message = "it reads every secret of the project"
  }
}

run "without_an_inventory_nothing_of_it_is_there" {
  command = plan

  assert {
    condition     = !contains(keys(google_service_account.identity), "surveyor") && !contains(keys(google_cloud_scheduler_job.worker), "inventory") && !contains(keys(google_monitoring_alert_policy.worker), "uninventoried")
    error_message = "nobody asked for it"
  }
}

run "a_page_behind_a_load_balancer" {
  command = plan
  variables {
    page = { iap_audience = "/projects/123456789012/global/backendServices/4711" }
  }

  assert {
    condition     = google_cloudfunctions2_function.worker["status-page"].service_config[0].environment_variables["KEY_WARDEN_IAP_AUDIENCE"] == "/projects/123456789012/global/backendServices/4711"
    error_message = "the page takes assertions for the backend service"
  }
}

run "a_build_reads_sources_and_no_other_bucket" {
  command = plan

  assert {
    condition     = google_project_iam_member.build["roles/storage.objectViewer"].condition[0].expression == "resource.name.startsWith('projects/_/buckets/gcf-v2-sources-123456789012-europe-west1') || resource.name.startsWith('projects/_/buckets/ops-prod-key-warden-source')"
    error_message = "Terraform's state in a bucket of the same project is not the build's to read"
  }
}

run "a_secret_is_a_container_with_a_reminder" {
  command = plan
  variables {
    secrets = { gemini = { rotation_days = 30 } }
  }

  assert {
    condition     = google_secret_manager_secret.watched["gemini"].labels["key-warden"] == "managed"
    error_message = "the worker finds it by its label"
  }
  assert {
    condition     = google_secret_manager_secret.watched["gemini"].rotation[0].rotation_period == "2592000s"
    error_message = "30 days"
  }
  assert {
    condition     = google_secret_manager_secret.watched["gemini"].version_destroy_ttl == "604800s"
    error_message = "a destroyed version can be had back for a week"
  }
  assert {
    condition     = length(google_secret_manager_secret.watched["gemini"].topics) == 1
    error_message = "a rotation schedule needs a topic"
  }
  assert {
    condition     = toset(keys(google_secret_manager_secret_iam_member.worker)) == toset(["checker/gemini", "rotator/gemini", "purger/gemini", "notifier/gemini"])
    error_message = "each identity is granted its role on the secret"
  }
  assert {
    condition     = google_secret_manager_secret.watched["gemini"].deletion_protection
    error_message = "a destroy must not take keys along"
  }
}

run "keys_of_the_customer" {
  command = plan
  variables {
    secrets = {
      anywhere = { kms_keys = ["projects/p/locations/global/keyRings/r/cryptoKeys/k"] }
      here = {
        replica_locations = ["europe-west1", "europe-west4"]
        kms_keys = [
          "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/four",
          "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/one",
        ]
      }
    }
  }

  assert {
    condition     = google_secret_manager_secret.watched["anywhere"].replication[0].auto[0].customer_managed_encryption[0].kms_key_name == "projects/p/locations/global/keyRings/r/cryptoKeys/k"
    error_message = "a secret that Google places by itself has a key of everywhere"
  }
  assert {
    condition     = [for replica in google_secret_manager_secret.watched["here"].replication[0].user_managed[0].replicas : replica.customer_managed_encryption[0].kms_key_name] == ["projects/p/locations/europe-west1/keyRings/r/cryptoKeys/one", "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/four"]
    error_message = "each replica has the key of its region, in whatever order they are named"
  }
  assert {
    condition     = length(google_kms_crypto_key_iam_member.secret_manager) == 3
    error_message = "Secret Manager may use each of them"
  }
}

run "what_is_seen_of_one_deployment_is_its_own" {
  command = plan

  assert {
    condition     = endswith(google_logging_metric.run["heartbeat"].filter, "service_name=~\"^key-warden-(health-check|notify|on-secret-event|purge|reconcile|rotate)$\" AND jsonPayload.heartbeat.expected>=0")
    error_message = "the runs of a deployment named key-warden-b are not counted"
  }
  assert {
    condition     = !strcontains(google_monitoring_dashboard.worker.dashboard_json, "Pos\":0")
    error_message = "Monitoring leaves zeros out, so a zero would be a difference in every plan"
  }
  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.worker.dashboard_json).mosaicLayout.tiles) == 8
    error_message = "the dashboard is valid JSON and shows every chart"
  }
  assert {
    condition     = alltrue([for topic in google_pubsub_topic.worker : topic.message_storage_policy[0].allowed_persistence_regions == toset(["europe-west1"])])
    error_message = "announcements stay in the worker's region"
  }
}

run "whoever_meddles_is_seen" {
  command = plan
  variables {
    secrets          = { gemini = {} }
    existing_secrets = ["projects/ops-prod/secrets/other", "projects/video-prod/secrets/far"]
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.worker["meddled"].conditions[0].condition_matched_log[0].filter, "/secrets/(gemini|other)(/versions/[0-9]+)?$") && strcontains(google_monitoring_alert_policy.worker["meddled"].conditions[0].condition_matched_log[0].filter, "NOT protoPayload.authenticationInfo.principalEmail=~\"^key-warden-(checker|rotator|listener|purger|deploy)@ops-prod[.]iam[.]gserviceaccount[.]com$\"")
    error_message = "changes of the watched secrets of this project by others than the worker and its pipeline"
  }
  assert {
    condition     = alltrue([for method in ["AddSecretVersion", "EnableSecretVersion", "UpdateSecret"] : strcontains(google_monitoring_alert_policy.worker["meddled"].conditions[0].condition_matched_log[0].filter, method)])
    error_message = "added and enabled versions and changed annotations, too"
  }
  assert {
    condition     = google_logging_metric.run["notices"].label_extractors["secret"] == "EXTRACT(labels.secret)" && length(google_logging_metric.run["notices"].metric_descriptor[0].labels) == 4
    error_message = "announcements are told apart by their labels"
  }
  assert {
    condition     = startswith(google_logging_metric.run["calls_failed"].filter, "resource.type=\"cloud_scheduler_job\" AND resource.labels.job_id=~\"^key-warden-(health-check|purge|reconcile)$\"")
    error_message = "the calls of this deployment's own jobs"
  }
}

run "secrets_of_other_projects_get_roles_there" {
  command = plan
  variables {
    existing_secrets = [
      "projects/video-prod/secrets/gemini",
      "projects/video-prod/locations/europe-west1/secrets/gemini-eu",
    ]
    minting = { key_project = "keys-prod" }
  }

  assert {
    condition     = google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables["KEY_WARDEN_PROJECTS"] == "video-prod"
    error_message = "only projects with watched secrets are looked into"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables["KEY_WARDEN_LOCATIONS"] == "global,europe-west1"
    error_message = "regional secrets are a namespace of their own"
  }
  assert {
    condition     = google_project_iam_custom_role.worker["rotator/secret/video-prod"].project == "video-prod" && google_project_iam_custom_role.worker["rotator/keys/keys-prod"].project == "keys-prod"
    error_message = "a custom role is granted in its own project only"
  }
  assert {
    condition     = google_secret_manager_regional_secret_iam_member.worker["checker/projects/video-prod/locations/europe-west1/secrets/gemini-eu"].location == "europe-west1"
    error_message = "a regional secret is granted on as such"
  }
  assert {
    condition     = toset(keys(google_project_iam_audit_config.secret_manager)) == toset(["video-prod"])
    error_message = "reads are recorded where the secrets are"
  }
}

run "somebody_may_ask_for_rotations" {
  command = plan
  variables {
    callers = { check = ["looks@ops-prod.iam.gserviceaccount.com"], rotate = ["ci@ops-prod.iam.gserviceaccount.com"], purge = ["tidy@ops-prod.iam.gserviceaccount.com"], emergency = ["ir@ops-prod.iam.gserviceaccount.com"] }
  }

  assert {
    condition     = google_cloudfunctions2_function.worker["rotate"].service_config[0].environment_variables["KEY_WARDEN_CALLERS"] == "ci@ops-prod.iam.gserviceaccount.com,ir@ops-prod.iam.gserviceaccount.com"
    error_message = "rotate has the callers that were named, and Scheduler is none of them"
  }
  assert {
    condition     = endswith(google_cloudfunctions2_function.worker["purge"].service_config[0].environment_variables["KEY_WARDEN_CALLERS"], ",tidy@ops-prod.iam.gserviceaccount.com")
    error_message = "a purge may be asked for by Scheduler and by those who were named for it"
  }
  assert {
    condition     = google_cloud_run_v2_service_iam_member.invoker["rotate/ci@ops-prod.iam.gserviceaccount.com"].role == "roles/run.invoker"
    error_message = "they are let in by Cloud Run too"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["rotate"].service_config[0].environment_variables["KEY_WARDEN_EMERGENCY_CALLERS"] == "ir@ops-prod.iam.gserviceaccount.com"
    error_message = "an emergency is asked for by those who were named for it"
  }
  assert {
    condition     = toset([for key in keys(google_cloud_run_v2_service_iam_member.invoker) : key if strcontains(key, "@")]) == toset(["health-check/looks@ops-prod.iam.gserviceaccount.com", "purge/tidy@ops-prod.iam.gserviceaccount.com", "rotate/ci@ops-prod.iam.gserviceaccount.com", "rotate/ir@ops-prod.iam.gserviceaccount.com"])
    error_message = "who may check may not rotate, and who may rotate may not check"
  }
}

run "settings_reach_the_worker" {
  command = plan
  variables {
    schedule = { check_every_minutes = 60, reconcile_every_minutes = 15 }
    pace     = { concurrency = 8 }
    checks   = { confirm_answers = 5 }
    rotation = { drain_hours_min = 12, rotate_when_dead = 1, watch_use = 0 }
    minting  = { key_kind = "standard" }
    channels = [{ name = "ops", kind = "slack", credential = "projects/ops-prod/secrets/slack", severity_min = "error", labels = { team = ["search"] }, mentions = [{ who = "U0123" }] }]
    alerts   = { ping = "projects/ops-prod/secrets/ping", silences = "projects/ops-prod/secrets/silences", emails = ["a@example.com"], event_labels = ["team"] }
  }

  assert {
    condition = alltrue([for variable, value in {
      KEY_WARDEN_CONCURRENCY      = "8"
      KEY_WARDEN_CONFIRM_ANSWERS  = "5"
      KEY_WARDEN_DRAIN_HOURS_MIN  = "12"
      KEY_WARDEN_ROTATE_WHEN_DEAD = "1"
      KEY_WARDEN_WATCH_USE        = "0"
      KEY_WARDEN_KEY_KIND         = "standard"
      KEY_WARDEN_PING             = "projects/ops-prod/secrets/ping"
      KEY_WARDEN_SILENCES         = "projects/ops-prod/secrets/silences"
      KEY_WARDEN_EVENT_LABELS     = "team"
      KEY_WARDEN_CHANNELS         = "[{\"credential\":\"projects/ops-prod/secrets/slack\",\"kind\":\"slack\",\"labels\":{\"team\":[\"search\"]},\"mentions\":[{\"severityMin\":\"critical\",\"who\":\"U0123\"}],\"name\":\"ops\",\"severityMin\":\"error\"}]"
    } : google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables[variable] == value])
    error_message = "each field becomes the setting of its name"
  }
  assert {
    condition     = google_cloud_scheduler_job.worker["health-check"].schedule == "0 * * * *"
    error_message = "*/60 is not a cron minute"
  }
  assert {
    condition     = toset(keys(google_secret_manager_secret_iam_member.credential)) == toset(["notifier/projects/ops-prod/secrets/slack", "checker/projects/ops-prod/secrets/ping"])
    error_message = "the notifier reads channels' credentials, the checker the address to ping, nobody else either"
  }
  assert {
    condition     = length(google_monitoring_notification_channel.email) == 1 && length(google_monitoring_alert_policy.worker) == 17
    error_message = "alarms about the worker itself reach somebody"
  }
}

run "a_second_person_is_asked" {
  command = plan
  variables {
    rotation = { approval = 1 }
    approval = { secret = "projects/ops-prod/secrets/approvals", hours = 48 }
    callers  = { rotate = ["ci@ops-prod.iam.gserviceaccount.com"], approve = ["lead@ops-prod.iam.gserviceaccount.com"] }
  }

  assert {
    condition = alltrue([for variable, value in {
      KEY_WARDEN_APPROVAL       = "1"
      KEY_WARDEN_APPROVALS      = "projects/ops-prod/secrets/approvals"
      KEY_WARDEN_APPROVAL_HOURS = "48"
      KEY_WARDEN_CALLERS        = "ci@ops-prod.iam.gserviceaccount.com"
      KEY_WARDEN_APPROVERS      = "lead@ops-prod.iam.gserviceaccount.com"
    } : google_cloudfunctions2_function.worker["rotate"].service_config[0].environment_variables[variable] == value])
    error_message = "who asks and who approves stand in lists of their own"
  }
  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables), "KEY_WARDEN_APPROVERS")
    error_message = "nobody approves anywhere else"
  }
  assert {
    condition     = contains(keys(google_cloud_run_v2_service_iam_member.invoker), "rotate/lead@ops-prod.iam.gserviceaccount.com")
    error_message = "who approves is let in"
  }
  assert {
    condition     = [for key in keys(google_secret_manager_secret_iam_member.worker) : key if strcontains(key, "approvals")] == ["rotator/approvals"]
    error_message = "what is approved is written by the hand that begins rotations, and by no other"
  }
}

run "consumers_are_looked_up_only_where_somebody_asks" {
  command = plan

  assert {
    condition     = length([for key in keys(google_project_iam_custom_role.worker) : key if strcontains(key, "/consumers/")]) == 0
    error_message = "without consumer_projects the rotator may list nothing of Cloud Run"
  }
  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables), "KEY_WARDEN_CONSUMER_PROJECTS")
    error_message = "and the worker is told of no project to look in"
  }
}

run "consumers_of_other_projects_are_looked_up" {
  command = plan
  variables {
    consumer_projects = ["ops-prod", "web-prod"]
    rotation          = { look_at_consumers = 2 }
  }

  assert {
    condition     = toset([for key in keys(google_project_iam_member.worker) : key if strcontains(key, "/consumers/")]) == toset(["rotator/consumers/ops-prod", "rotator/consumers/web-prod"])
    error_message = "the rotator alone, in each project that is named"
  }
  assert {
    condition     = alltrue([for permission in google_project_iam_custom_role.worker["rotator/consumers/web-prod"].permissions : endswith(permission, ".list") || endswith(permission, ".get")])
    error_message = "it reads, and changes nothing"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables["KEY_WARDEN_CONSUMER_PROJECTS"] == "ops-prod,web-prod" && google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables["KEY_WARDEN_LOOK_AT_CONSUMERS"] == "2"
    error_message = "the worker is told where, and what to do about them"
  }
}

run "an_organisation_is_looked_through_with_grants_of_its_owner" {
  command = plan
  variables {
    consumer_scope = "organizations/123456789012"
    rotation       = { look_at_consumers = 1 }
  }

  assert {
    condition     = google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables["KEY_WARDEN_CONSUMER_SCOPE"] == "organizations/123456789012"
    error_message = "the worker is told where to look"
  }
  assert {
    condition     = length([for key in keys(google_project_iam_custom_role.worker) : key if strcontains(key, "/consumers/")]) == 0
    error_message = "nothing is granted by this module for it"
  }
  assert {
    condition     = length(output.consumer_scope_grants) == 2 && strcontains(output.consumer_scope_grants[0], "cloudasset.assets.searchAllResources,cloudfunctions.functions.list") && !strcontains(output.consumer_scope_grants[0], "update")
    error_message = "the command that makes the role names what the rotator calls, all of which reads"
  }
}

run "a_scope_is_named_by_its_number" {
  command = plan
  variables {
    consumer_scope = "acme.example"
  }

  expect_failures = [var.consumer_scope]
}

run "who_looks_is_told_where" {
  command = plan
  variables {
    rotation = { look_at_consumers = 1 }
  }

  expect_failures = [var.consumer_projects]
}

run "a_key_of_another_project_has_an_account_to_go_to" {
  command = plan
  variables {
    secrets      = { gemini = {} }
    key_accounts = { make = true, existing = ["app@search-prod.iam.gserviceaccount.com"] }
  }

  assert {
    condition     = google_service_account.keys[0].account_id == "key-warden-keys" && google_service_account.keys[0].project == "ops-prod"
    error_message = "the account lies where keys are made"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables["KEY_WARDEN_KEY_SERVICE_ACCOUNT"] == "key-warden-keys@ops-prod.iam.gserviceaccount.com"
    error_message = "the worker is told which account new keys are bound to"
  }
  assert {
    condition = toset([for grant in google_service_account_iam_member.binding : "${grant.service_account_id} ${grant.role}"]) == toset([
      "projects/ops-prod/serviceAccounts/key-warden-keys@ops-prod.iam.gserviceaccount.com roles/iam.serviceAccountApiKeyBindingAdmin",
      "projects/search-prod/serviceAccounts/app@search-prod.iam.gserviceaccount.com roles/iam.serviceAccountApiKeyBindingAdmin",
    ]) && length(google_service_account_iam_member.binding) == 4
    error_message = "the rotator and the purger may bind keys to these accounts, granted on each of them"
  }
}

run "a_secret_in_one_region_is_looked_after_like_the_others" {
  command = plan
  variables {
    secrets = { gemini = {}, local = { location = "europe-west3", rotation_days = 30, kms_keys = ["projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k"] } }
  }

  assert {
    condition     = google_secret_manager_regional_secret.watched["local"].location == "europe-west3" && keys(google_secret_manager_secret.watched) == ["gemini"]
    error_message = "it is made there, and nowhere else"
  }
  assert {
    condition     = google_secret_manager_regional_secret.watched["local"].labels["key-warden"] == "managed" && google_secret_manager_regional_secret.watched["local"].deletion_protection && google_secret_manager_regional_secret.watched["local"].rotation[0].rotation_period == "2592000s" && google_secret_manager_regional_secret.watched["local"].customer_managed_encryption[0].kms_key_name == "projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k"
    error_message = "label, protection, reminder and key are those of a global one"
  }
  assert {
    condition     = toset(keys(google_secret_manager_regional_secret_iam_member.worker)) == toset(["checker/local", "rotator/local", "purger/local", "notifier/local"])
    error_message = "each identity is granted its role on it"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["reconcile"].service_config[0].environment_variables["KEY_WARDEN_LOCATIONS"] == "global,europe-west3"
    error_message = "the worker looks there"
  }
  assert {
    condition     = local.made_secrets["local"].location == "europe-west3"
    error_message = "the command for its first key says where it is"
  }
}

run "images_lie_in_a_repository_of_its_own" {
  command = plan

  assert {
    condition     = google_artifact_registry_repository.images.repository_id == "key-warden-images" && length(google_artifact_registry_repository.images.cleanup_policies) == 2
    error_message = "old images go, the newest stay"
  }
  assert {
    condition     = google_artifact_registry_repository_iam_member.build.role == "roles/artifactregistry.writer" && !contains(keys(google_project_iam_member.build), "roles/artifactregistry.writer")
    error_message = "a build writes images there and nowhere else"
  }
}

run "a_region_without_scheduler_has_its_jobs_elsewhere" {
  command = plan
  variables {
    region           = "southamerica-west1"
    scheduler_region = "southamerica-east1"
  }

  assert {
    condition     = google_cloud_scheduler_job.worker["purge"].region == "southamerica-east1" && google_cloudfunctions2_function.first.location == "southamerica-west1"
    error_message = "only the jobs are elsewhere"
  }
}

run "nobody_acts_as_consumers_unless_that_was_asked_for" {
  command = plan
  variables {
    reach_accounts = ["app@search-prod.iam.gserviceaccount.com"]
    callers        = { reach = ["on-call@ops-prod.iam.gserviceaccount.com"] }
  }

  assert {
    condition     = !contains(keys(google_service_account.identity), "reacher") && length(google_service_account_iam_member.reached) == 0 && !contains(keys(google_cloudfunctions2_function.worker), "reach") && !contains(keys(google_cloud_scheduler_job.worker), "reach")
    error_message = "the identity, its function and its job are there only where reach_consumers is 1 or 2"
  }
}

run "whoever_brings_a_key_acts_as_the_named_accounts_alone" {
  command = plan
  variables {
    rotation       = { reach_consumers = 1 }
    reach_accounts = ["app@search-prod.iam.gserviceaccount.com"]
    callers        = { reach = ["on-call@ops-prod.iam.gserviceaccount.com"] }
  }

  assert {
    condition     = keys(google_service_account_iam_member.reached) == ["app@search-prod.iam.gserviceaccount.com"] && google_service_account_iam_member.reached["app@search-prod.iam.gserviceaccount.com"].role == "roles/iam.serviceAccountUser"
    error_message = "the right to act as an account is granted on that account"
  }
  assert {
    condition     = google_cloudfunctions2_function.worker["reach"].service_config[0].environment_variables["KEY_WARDEN_REACH_ACCOUNTS"] == "app@search-prod.iam.gserviceaccount.com" && contains(keys(google_cloud_scheduler_job.worker), "reach")
    error_message = "the function knows the same accounts, and is called"
  }
  assert {
    condition     = endswith(google_cloudfunctions2_function.worker["reach"].service_config[0].environment_variables["KEY_WARDEN_CALLERS"], ",on-call@ops-prod.iam.gserviceaccount.com") && google_cloud_run_v2_service_iam_member.invoker["reach/on-call@ops-prod.iam.gserviceaccount.com"].role == "roles/run.invoker"
    error_message = "it may be asked for by Scheduler and by those who were named for it"
  }
}
