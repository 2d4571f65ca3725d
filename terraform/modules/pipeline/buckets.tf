# State and plans say how a project is built; neither holds a key.
resource "google_storage_bucket" "state" {
  project                     = var.project_id
  name                        = "${var.project_id}-${var.name}-state"
  location                    = var.region
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true # the way back from an apply that broke the state
  }

  lifecycle_rule {
    condition {
      num_newer_versions = 50
    }
    action {
      type = "Delete"
    }
  }

  lifecycle {
    prevent_destroy = true # without its state Terraform would make everything a second time
  }
}

resource "google_storage_bucket" "builds" {
  project                     = var.project_id
  name                        = "${var.project_id}-${var.name}-builds"
  location                    = var.region
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  lifecycle_rule {
    condition {
      age = var.keep_plans_days
    }
    action {
      type = "Delete"
    }
  }
}

locals {
  # Who may do what with a bucket. objectCreator adds and cannot overwrite, so what an approver read stays what it was.
  on_buckets = merge(
    {
      "plan reads the state"          = { bucket = google_storage_bucket.state.name, role = "roles/storage.objectViewer", member = google_service_account.pipeline["plan"].member }
      "plan finds its folder"         = { bucket = google_storage_bucket.builds.name, role = "roles/storage.objectViewer", member = google_service_account.pipeline["plan"].member }
      "plan adds what it built"       = { bucket = google_storage_bucket.builds.name, role = "roles/storage.objectCreator", member = google_service_account.pipeline["plan"].member }
      "deploy writes the state"       = { bucket = google_storage_bucket.state.name, role = "roles/storage.objectUser", member = google_service_account.pipeline["deploy"].member }
      "deploy reads what it is given" = { bucket = google_storage_bucket.builds.name, role = "roles/storage.objectViewer", member = google_service_account.pipeline["deploy"].member }
    },
    { for principal in var.approvers : "${principal} reads plans" => { bucket = google_storage_bucket.builds.name, role = "roles/storage.objectViewer", member = principal } },
  )
}

resource "google_storage_bucket_iam_member" "pipeline" {
  for_each = local.on_buckets

  bucket = each.value.bucket
  role   = each.value.role
  member = each.value.member
}
