data "google_project" "worker" {
  project_id = var.project_id
}

locals {
  existing = {
    for name in var.existing_secrets : name => {
      project  = split("/", name)[1]
      location = length(split("/", name)) == 6 ? split("/", name)[3] : "global"
      id       = reverse(split("/", name))[0]
    }
  }
  watched_projects = distinct(concat(
    length(var.secrets) > 0 || length(var.existing_secrets) == 0 ? [var.project_id] : [],
    [for secret in values(local.existing) : secret.project],
  ))
  locations    = distinct(concat(["global"], compact(values(var.secrets)[*].location), [for secret in values(local.existing) : secret.location]))
  key_projects = var.minting.key_project == null ? local.watched_projects : [var.minting.key_project]
}

resource "google_project_service" "api" {
  for_each = var.guards.enable_apis ? toset([
    "apikeys.googleapis.com",
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "generativelanguage.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com", # tokens of Scheduler and Pub/Sub are signed there
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
  ]) : toset([])

  project            = var.project_id
  service            = each.value
  disable_on_destroy = false # others in the project may use it
}

# An API that is on, and a grant that stands, are not known to all of Google for a minute or more. Both sleeps are slept
# once, in the first apply, which without them fails halfway: a topic in an API that is not there yet, a build that may
# not read its source, a secret with a topic that its agent may not publish to.
resource "time_sleep" "apis" {
  create_duration = var.guards.enable_apis ? "60s" : "0s"

  depends_on = [google_project_service.api]
}

resource "time_sleep" "grants" {
  create_duration = "90s"

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_kms_crypto_key_iam_member.secret_manager,
    google_project_iam_member.build,
    google_project_service_identity.agent,
    google_pubsub_topic_iam_member.secret_events,
  ]
}

# Google makes its agents only when they are asked for, and a grant to one that does not exist fails; so does a build or a
# job that comes before the agent has the role that Google gives it. Only the beta provider can ask.
resource "google_project_service_identity" "agent" {
  provider = google-beta
  for_each = toset([
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudscheduler.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
  ])

  project = var.project_id
  service = each.value

  depends_on = [time_sleep.apis]
}

# Sets the whole audit configuration of Secret Manager in the project: nobody else may set it besides.
resource "google_project_iam_audit_config" "secret_manager" {
  for_each = var.guards.audit_logs ? toset(local.watched_projects) : toset([])

  project = each.value
  service = "secretmanager.googleapis.com"

  # Without it nobody can tell who read a key.
  audit_log_config {
    log_type = "DATA_READ"
  }
  audit_log_config {
    log_type = "DATA_WRITE"
  }
}
