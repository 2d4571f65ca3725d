locals {
  scheduler_region = coalesce(var.scheduler_region, var.region)

  # An alarm waits for the first run and looks back over two, which Monitoring does for 25 hours at most.
  inventory_every_hours = 8

  jobs = {
    health-check = {
      schedule = var.schedule.check_every_minutes == 60 ? "0 * * * *" : "*/${var.schedule.check_every_minutes} * * * *"
      says     = "Checks every managed key"
    }
    reconcile = {
      schedule = var.schedule.reconcile_every_minutes == 60 ? "0 * * * *" : "*/${var.schedule.reconcile_every_minutes} * * * *"
      says     = "Takes rotations in flight on and begins those that are due"
    }
    reach = {
      schedule = "*/5 * * * *"
      says     = "Brings new keys to the consumers that wait for one"
    }
    purge = {
      schedule = "17 */${var.schedule.purge_every_hours} * * *"
      says     = "Deletes old keys and destroys old versions when their time has come"
    }
    inventory = {
      schedule = "43 */${local.inventory_every_hours} * * *"
      says     = "Takes stock of the keys and says what is new"
    }
  }
}

locals {
  made_jobs = { for name, job in local.jobs : name => job if contains(keys(local.functions), name) }
}

resource "google_cloud_scheduler_job" "worker" {
  for_each = local.made_jobs

  project          = var.project_id
  region           = local.scheduler_region
  name             = "${var.name}-${each.key}"
  description      = each.value.says
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC" # no hour that comes twice, or never
  attempt_deadline = "${local.timeout_seconds + 30}s"

  # The default is not to try again. No max_retry_duration: with both, Scheduler goes on until both are reached.
  retry_config {
    retry_count          = 3
    min_backoff_duration = "10s"
    max_backoff_duration = "60s"
  }

  http_target {
    http_method = "POST"
    uri         = local.urls[each.key]

    oidc_token {
      service_account_email = google_service_account.identity["scheduler"].email
      audience              = local.urls[each.key]
    }
  }

  # The first run comes within minutes, and would say that it may do nothing.
  depends_on = [
    google_cloud_run_v2_service_iam_member.invoker,
    google_project_iam_member.worker,
    google_pubsub_topic_iam_member.publisher,
    google_secret_manager_regional_secret_iam_member.worker,
    google_secret_manager_secret_iam_member.credential,
    google_secret_manager_secret_iam_member.worker,
    google_service_account_iam_member.binding,
    google_service_account_iam_member.reached,
  ]
}
