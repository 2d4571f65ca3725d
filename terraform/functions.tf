locals {
  # `entry_point` is the name that src/functions.ts registers. Where a rotation is driven there is one instance that does
  # one thing at a time: a cheap second lock besides the etags.
  all_functions = {
    health-check    = { entry_point = "healthCheck", identity = "checker", kind = "http", instances = 1, at_once = 1 }
    rotate          = { entry_point = "rotate", identity = "rotator", kind = "http", instances = 1, at_once = 1 }
    reconcile       = { entry_point = "reconcile", identity = "rotator", kind = "http", instances = 1, at_once = 1 }
    on-secret-event = { entry_point = "onSecretEvent", identity = "rotator", kind = "event", instances = 1, at_once = 10 }
    notify          = { entry_point = "notify", identity = "notifier", kind = "event", instances = 5, at_once = 20 }
    reach           = { entry_point = "reach", identity = "reacher", kind = "http", instances = 1, at_once = 1 }
    purge           = { entry_point = "purge", identity = "purger", kind = "http", instances = 1, at_once = 1 }
    status-page     = { entry_point = "statusPage", identity = "viewer", kind = "http", instances = 1, at_once = 20 }
    acknowledge     = { entry_point = "acknowledge", identity = "listener", kind = "http", instances = 1, at_once = 20 }
    inventory       = { entry_point = "inventory", identity = "surveyor", kind = "http", instances = 1, at_once = 1 }
    survey          = { entry_point = "survey", identity = "looker", kind = "http", instances = local.survey_at_once, at_once = 1 }
    leak-reports    = { entry_point = "leakReports", identity = "finder", kind = "http", instances = 1, at_once = 20 }
  }
  # A function that nobody may call does not start, a page that nobody asked for shows nobody's secrets, and only PagerDuty's
  # webhooks and reports of leaks need functions that anybody may call.
  functions = { for name, function in local.all_functions : name => function if(name != "rotate" || length(local.callers.rotate) + length(var.callers.approve) + local.leak_emergencies > 0) && (name != "status-page" || var.page != null) && (name != "reach" || local.reaches) && (name != "survey" || local.surveys) && (name != "acknowledge" || var.pagerduty_webhook != null) && (name != "leak-reports" || var.leak_reports != null) && (name != "inventory" || var.inventory != null) }

  # Known before the service exists, so that it can be told its own: it is the audience of every token.
  urls = {
    for name in keys(local.functions) : name => "https://${var.name}-${name}-${data.google_project.worker.number}.${var.region}.run.app"
  }

  timeout_seconds = var.pace.budget_seconds + 60

  environment = merge(
    {
      NODE_ENV                     = "production"               # else the framework answers the text of an error
      NODE_OPTIONS                 = "--max-semi-space-size=16" # a quarter of what Node takes for short-lived objects: a run over a large fleet makes many
      GOOGLE_CLOUD_PROJECT         = var.project_id
      KEY_WARDEN_PROJECTS          = join(",", local.watched_projects)
      KEY_WARDEN_LOCATIONS         = join(",", local.locations)
      KEY_WARDEN_ALERT_TOPIC       = google_pubsub_topic.worker["alerts"].id
      KEY_WARDEN_DELIVERY_TOPIC    = google_pubsub_topic.worker["deliveries"].id
      KEY_WARDEN_DEAD_LETTER_TOPIC = google_pubsub_topic.worker["dead-letters"].id
      KEY_WARDEN_DASHBOARD_URL     = local.dashboard_url
    },
    length(var.alerts.internal_targets) == 0 ? {} : { KEY_WARDEN_INTERNAL_TARGETS = join(",", var.alerts.internal_targets) },
    var.alerts.runbook_url == null ? {} : { KEY_WARDEN_RUNBOOK_URL = var.alerts.runbook_url },
    var.alerts.event_labels == null ? {} : { KEY_WARDEN_EVENT_LABELS = length(var.alerts.event_labels) == 0 ? "none" : join(",", var.alerts.event_labels) },
    var.alerts.ping == null ? {} : { KEY_WARDEN_PING = var.alerts.ping },
    var.alerts.silences == null ? {} : { KEY_WARDEN_SILENCES = var.alerts.silences },
    var.approval == null ? {} : { KEY_WARDEN_APPROVALS = var.approval.secret, KEY_WARDEN_APPROVAL_HOURS = tostring(var.approval.hours) },
    length(var.channels) == 0 ? {} : {
      KEY_WARDEN_CHANNELS = jsonencode([
        for channel in var.channels : { for field, value in {
          name        = channel.name
          kind        = channel.kind
          credential  = channel.credential
          url         = channel.url
          from        = channel.from
          to          = channel.to
          severityMin = channel.severity_min
          secrets     = channel.secrets
          projects    = channel.projects
          causes      = channel.causes
          labels      = channel.labels
          afterHours  = channel.after_hours
          rotations   = channel.rotations
          types       = channel.types
          mentions    = channel.mentions == null ? null : [for mention in channel.mentions : { for field, value in { who = mention.who, severityMin = mention.severity_min, labels = mention.labels } : field => value if value != null }]
        } : field => value if value != null }
      ])
    },
    length(var.consumer_projects) == 0 ? {} : { KEY_WARDEN_CONSUMER_PROJECTS = join(",", var.consumer_projects) },
    var.consumer_scope == null ? {} : { KEY_WARDEN_CONSUMER_SCOPE = var.consumer_scope },
    length(var.key_accounts.existing) == 0 ? {} : { KEY_WARDEN_KEY_ACCOUNTS = join(",", var.key_accounts.existing) },
    length(var.reach_accounts) == 0 ? {} : { KEY_WARDEN_REACH_ACCOUNTS = join(",", var.reach_accounts) },
    # concurrency → KEY_WARDEN_CONCURRENCY, and so on: the fields are the worker's settings in small letters.
    { for field, value in merge(var.pace, var.checks, var.rotation) : "KEY_WARDEN_${upper(field)}" => tostring(value) if value != null },
    { for field, value in var.calendar : "KEY_WARDEN_${upper(field)}" => value if value != null },
    { for field, value in merge(var.minting, { key_service_account = local.key_service_account }) : "KEY_WARDEN_${upper(field)}" => value if value != null },
  )

  # Many instances look and one acts: the check asks as many of them as are allowed.
  surveys        = var.pace.survey_at_once != null
  survey_at_once = coalesce(var.pace.survey_at_once, 1)

  callers = {
    health-check = concat([google_service_account.identity["scheduler"].email], var.callers.check)
    rotate       = distinct(concat(var.callers.rotate, var.callers.emergency))
    reconcile    = [google_service_account.identity["scheduler"].email]
    reach        = concat([google_service_account.identity["scheduler"].email], var.callers.reach)
    purge        = concat([google_service_account.identity["scheduler"].email], var.callers.purge)
    inventory    = [google_service_account.identity["scheduler"].email]
    survey       = [google_service_account.identity["checker"].email]
    # Pub/Sub pushes as this account.
    notify          = [google_service_account.identity["push"].email]
    on-secret-event = [google_service_account.identity["push"].email]
  }

  # Whoever hears of leaks has `rotate` begin the emergency, and may ask for nothing else there.
  leak_emergencies = try(coalesce(var.leak_reports.emergencies_an_hour, 0), 0)

  # Checks are the heart of it, so the check is the one that is built first.
  first = "health-check"

  # GOOGLE_NODEJS_VERSION would go before `engines` in the archive's package.json, which says the same.
  runtime = "nodejs24"

  environment_of = { for name, function in local.functions : name => merge(
    local.environment,
    contains(["status-page", "acknowledge", "leak-reports"], name) ? {} : { KEY_WARDEN_AUDIENCE = local.urls[name] },
    length(try(local.callers[name], [])) == 0 ? {} : { KEY_WARDEN_CALLERS = join(",", local.callers[name]) },
    name == "rotate" && length(var.callers.approve) > 0 ? { KEY_WARDEN_APPROVERS = join(",", distinct(var.callers.approve)) } : {},
    name == "health-check" && local.surveys ? { KEY_WARDEN_SURVEY_URL = local.urls["survey"] } : {},
    name == "status-page" ? { KEY_WARDEN_IAP_AUDIENCE = local.iap_audience } : {},
    name == "status-page" && length(try(var.page.viewers, [])) > 0 ? { KEY_WARDEN_VIEWERS = join(",", try(var.page.viewers, [])) } : {},
    name == "acknowledge" ? {
      KEY_WARDEN_PAGERDUTY_SIGNING  = try(var.pagerduty_webhook.signing_secret, "")
      KEY_WARDEN_ACKNOWLEDGED_HOURS = tostring(try(var.pagerduty_webhook.hours, 4))
    } : {},
    name == "leak-reports" ? {
      KEY_WARDEN_LEAK_SIGNING = join(",", [for source, secret in local.leak_signing : "${source}=${secret}"])
    } : {},
    name == "leak-reports" && local.leak_emergencies > 0 ? {
      KEY_WARDEN_LEAK_EMERGENCIES = tostring(local.leak_emergencies)
      KEY_WARDEN_FUNCTIONS        = jsonencode({ rotate = local.urls["rotate"] })
    } : {},
    name == "rotate" && local.leak_emergencies > 0 ? {
      KEY_WARDEN_LEAK_EMERGENCIES = tostring(local.leak_emergencies)
      KEY_WARDEN_LEAK_CALLERS     = google_service_account.identity["finder"].email
    } : {},
    name == "inventory" ? { KEY_WARDEN_INVENTORY_MEMORY = try(var.inventory.memory, "") } : {},
    name == "rotate" && length(var.callers.emergency) > 0 ? {
      KEY_WARDEN_EMERGENCY_CALLERS = join(",", distinct(var.callers.emergency))
    } : {},
    contains(keys(local.run_every_minutes), name) ? {
      KEY_WARDEN_RUN_EVERY_MINUTES = tostring(local.run_every_minutes[name])
    } : {},
  ) }

  # IAP signs the resource that it protects: the Cloud Run service itself, unless it stands before a load balancer.
  iap_audience = try(coalesce(var.page.iap_audience), "/projects/${data.google_project.worker.number}/locations/${var.region}/services/${var.name}-status-page")

  run_every_minutes = {
    health-check = var.schedule.check_every_minutes
    reconcile    = var.schedule.reconcile_every_minutes
  }
}

# One function is built before all others. In a fresh project the first build makes what the rest find there, and a mistake
# in settings or grants leaves one function behind that Terraform does not know, not six.
resource "google_cloudfunctions2_function" "first" {
  project     = var.project_id
  location    = var.region
  name        = "${var.name}-${local.first}" # in kebab-case, so that the Cloud Run service has the same name
  description = local.identities[local.functions[local.first].identity]
  labels      = var.labels

  build_config {
    runtime           = local.runtime
    entry_point       = local.functions[local.first].entry_point
    service_account   = google_service_account.identity["build"].id
    docker_repository = google_artifact_registry_repository.images.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source.name
      }
    }
  }

  service_config {
    service_account_email = google_service_account.identity[local.functions[local.first].identity].email
    available_memory      = var.functions.memory
    available_cpu         = var.functions.cpu
    timeout_seconds       = local.functions[local.first].kind == "event" ? 540 : local.timeout_seconds
    ingress_settings      = var.functions.ingress

    max_instance_count               = local.functions[local.first].instances
    max_instance_request_concurrency = local.functions[local.first].at_once
    all_traffic_on_latest_revision   = true
    environment_variables            = local.environment_of[local.first]
  }

  # Without its grants the build fails, and a first deployment that failed leaves a function that Terraform does not know.
  depends_on = [time_sleep.grants]
}

resource "google_cloudfunctions2_function" "worker" {
  for_each = { for name, function in local.functions : name => function if name != local.first }

  project     = var.project_id
  location    = var.region
  name        = "${var.name}-${each.key}" # in kebab-case, so that the Cloud Run service has the same name
  description = local.identities[each.value.identity]
  labels      = var.labels

  build_config {
    runtime           = local.runtime
    entry_point       = each.value.entry_point
    service_account   = google_service_account.identity["build"].id
    docker_repository = google_artifact_registry_repository.images.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source.name
      }
    }
  }

  service_config {
    service_account_email = google_service_account.identity[each.value.identity].email
    available_memory      = var.functions.memory
    available_cpu         = var.functions.cpu
    timeout_seconds       = each.value.kind == "event" ? 540 : local.timeout_seconds
    ingress_settings      = contains(["acknowledge", "leak-reports"], each.key) ? "ALLOW_ALL" : var.functions.ingress

    max_instance_count               = each.value.instances
    max_instance_request_concurrency = each.value.at_once
    all_traffic_on_latest_revision   = true
    environment_variables            = local.environment_of[each.key]
  }

  depends_on = [google_cloudfunctions2_function.first]
}

# Until 0.1.0 all functions were made at once.
moved {
  from = google_cloudfunctions2_function.worker["health-check"]
  to   = google_cloudfunctions2_function.first
}

locals {
  deployed = merge({ (local.first) = google_cloudfunctions2_function.first }, google_cloudfunctions2_function.worker)
}

# The repository of the images is the worker's own: the one that Google makes for all functions of a project is not there
# yet when the first build needs it, and nothing ever cleans it up. The newest five of each function stay, to go back to.
resource "google_artifact_registry_repository" "images" {
  project       = var.project_id
  location      = var.region
  repository_id = "${var.name}-images"
  description   = "Images of the functions of ${var.name}"
  format        = "DOCKER"
  labels        = var.labels

  cleanup_policies {
    id     = "keep-the-newest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5
    }
  }
  cleanup_policies {
    id     = "delete-after-a-month"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [time_sleep.apis]
}

resource "google_artifact_registry_repository_iam_member" "build" {
  project    = var.project_id
  location   = var.region
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.identity["build"].member
}

# The default build account has no roles in new organisations. What a build reads lies in a bucket that Google makes and
# names, so these two can be granted on the project only; reading at least is held to that bucket and the archive's, for
# Terraform's state may lie in another one of the project.
resource "google_project_iam_member" "build" {
  for_each = toset(["roles/logging.logWriter", "roles/storage.objectViewer"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.identity["build"].member

  dynamic "condition" {
    for_each = each.value == "roles/storage.objectViewer" ? [1] : []
    content {
      title = "sources of functions"
      expression = join(" || ", [for bucket in [
        "gcf-v2-sources-${data.google_project.worker.number}-${var.region}",
        google_storage_bucket.source.name,
      ] : "resource.name.startsWith('projects/_/buckets/${bucket}')"])
    }
  }
}
