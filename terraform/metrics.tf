# What the worker's log lines say, as numbers. A test compares the fields with what the code writes.
locals {
  service_of = { for name in keys(local.all_functions) : name => "${var.name}-${name}" }
  # All names in full: a prefix would count the runs of another deployment whose name begins alike.
  ours = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${var.name}-(${join("|", keys(local.all_functions))})$\""
  metrics = {
    heartbeat          = { says = "Runs of the check over every secret", filter = "jsonPayload.heartbeat.expected>=0", value = null }
    heartbeat_expected = { says = "Secrets that a run should have seen", filter = "jsonPayload.heartbeat.expected>=0", value = "jsonPayload.heartbeat.expected" }
    heartbeat_seen     = { says = "Secrets that a run saw", filter = "jsonPayload.heartbeat.seen>=0", value = "jsonPayload.heartbeat.seen" }
    reconciled_held    = { says = "Rotations that wait for a person", filter = "jsonPayload.reconciled.held>=0", value = "jsonPayload.reconciled.held" }
    reconciled_oldest  = { says = "Age of the oldest rotation in flight, in seconds", filter = "jsonPayload.reconciled.oldestSeconds>=0", value = "jsonPayload.reconciled.oldestSeconds" }
    purged             = { says = "Runs of the purge", filter = "jsonPayload.purged.done>=0", value = null }
    crashes            = { says = "Bugs, and starts that failed because of the settings", filter = "(jsonPayload.\"@type\"=\"type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent\" OR (severity=CRITICAL AND jsonPayload.problems:*))", value = null }
  }
  metric_names = { for name in concat(keys(local.metrics), ["notices"]) : name => "${replace(var.name, "-", "_")}_${name}" }

  # As PromQL writes them.
  series = { for name, metric in local.metric_names : name => "logging_googleapis_com:user_${metric}" }
}

resource "google_logging_metric" "run" {
  for_each = local.metrics

  project         = var.project_id
  name            = local.metric_names[each.key]
  description     = each.value.says
  filter          = "${local.ours} AND ${each.value.filter}"
  value_extractor = each.value.value == null ? null : "EXTRACT(${each.value.value})"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value == null ? "INT64" : "DISTRIBUTION"
    unit        = "1"
  }

  depends_on = [time_sleep.apis]
}

resource "google_logging_metric" "notices" {
  project     = var.project_id
  name        = local.metric_names["notices"]
  description = "Announcements, by type, severity, secret and cause"
  filter      = "${local.ours} AND jsonPayload.notice.type:*"

  label_extractors = {
    type     = "EXTRACT(jsonPayload.notice.type)"
    severity = "EXTRACT(severity)"
    secret   = "EXTRACT(labels.secret)"
    cause    = "EXTRACT(labels.cause)"
  }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = ["type", "severity", "secret", "cause"]
      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  depends_on = [time_sleep.apis]
}
