# Everything that can be set, for a platform team: secrets of two projects, keys minted in a third, four channels.
variable "project_id" {
  description = "Project to deploy to."
  type        = string
}

variable "region" {
  description = "Region to deploy to."
  type        = string
  default     = "europe-west1"
}

provider "google" {
  project = var.project_id
  region  = var.region
}

provider "google-beta" {
  project = var.project_id
  region  = var.region
}

module "key_warden" {
  source = "../.."

  project_id = var.project_id
  region     = var.region
  source_dir = "${path.module}/../../../dist"
  name       = "gemini-warden"
  labels     = { team = "platform" }

  secrets = {
    gemini-search = { rotation_days = 30 }
    gemini-ads = {
      rotation_days         = 60
      replica_locations     = ["europe-west1", "europe-west4"]
      version_destroy_hours = 336
      labels                = { team = "ads" }
    }
  }
  existing_secrets = [
    "projects/video-prod/secrets/gemini-video",
    "projects/video-prod/locations/europe-west1/secrets/gemini-video-eu",
  ]

  schedule = { check_every_minutes = 5, reconcile_every_minutes = 5, purge_every_hours = 8 }
  pace     = { concurrency = 32, budget_seconds = 200, rotations_max = 5 }
  checks   = { confirm_answers = 5, deep_every_hours = 12 }
  rotation = { drain_hours_min = 12, drain_hours_max = 120, max_age_days = 60, rotate_when_dead = 1 }
  minting = {
    key_project         = "gemini-keys-prod"
    key_service_account = "gemini-app@gemini-keys-prod.iam.gserviceaccount.com"
  }

  channels = [
    { name = "ops", kind = "slack", credential = "projects/${var.project_id}/secrets/slack-ops", severity_min = "warning" },
    { name = "chat", kind = "google-chat", credential = "projects/${var.project_id}/secrets/chat-ops" },
    { name = "pager", kind = "pagerduty", credential = "projects/${var.project_id}/secrets/pagerduty", severity_min = "critical" },
    {
      name       = "inventory"
      kind       = "webhook"
      credential = "projects/${var.project_id}/secrets/inventory-hook"
      url        = "https://inventory.example.com/hooks/keys"
      types      = ["rotation.completed"]
      secrets    = ["gemini-*"]
    },
  ]
  alerts = {
    emails      = ["on-call@example.com"]
    runbook_url = "https://wiki.example.com/key-warden/runbook"
    ping        = "projects/${var.project_id}/secrets/health-ping"
  }
  callers = {
    check     = ["deployer@${var.project_id}.iam.gserviceaccount.com"]
    rotate    = ["deployer@${var.project_id}.iam.gserviceaccount.com"]
    emergency = ["incident-response@${var.project_id}.iam.gserviceaccount.com"]
  }

  evidence_days = 400

  functions = { memory = "1Gi", ingress = "ALLOW_INTERNAL_ONLY" }
  guards    = { enable_apis = false }
}

output "urls" {
  description = "Addresses of the functions."
  value       = module.key_warden.urls
}
