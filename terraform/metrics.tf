# What log lines say, as numbers: the worker's own, and those of Cloud Scheduler about it. A test compares the worker's fields with what the code writes.
locals {
  service_of = { for name in keys(local.all_functions) : name => "${var.name}-${name}" }
  # All names in full: a prefix would count the runs of another deployment whose name begins alike.
  ours = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${var.name}-(${join("|", keys(local.all_functions))})$\""
  # Audit logs lie in the project of the secret: those of other projects are not seen from here.
  ids_here = concat(keys(var.secrets), [for secret in values(local.existing) : secret.id if secret.project == var.project_id])

  crashed = "(jsonPayload.\"@type\"=\"type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent\" OR (severity=CRITICAL AND jsonPayload.problems:*))"
  # Every call that changes a secret, its versions or who may read it: an added or enabled version is what consumers of
  # `latest` read next, and annotations are changed by UpdateSecret. Without a resource type: such lines were seen under two.
  meddled = join(" AND ", [
    "protoPayload.serviceName=\"secretmanager.googleapis.com\"",
    "protoPayload.resourceName=~\"/secrets/(${join("|", local.ids_here)})(/versions/[0-9]+)?$\"",
    "protoPayload.methodName=~\"[.](AddSecretVersion|DeleteSecret|DestroySecretVersion|DisableSecretVersion|EnableSecretVersion|SetIamPolicy|UpdateSecret)$\"",
    "NOT protoPayload.authenticationInfo.principalEmail=~\"^${var.name}-(checker|rotator|listener|purger|deploy)@${var.project_id}[.]iam[.]gserviceaccount[.]com$\"",
  ])

  metrics = {
    heartbeat          = { says = "Runs of the check over every secret", filter = "jsonPayload.heartbeat.expected>=0", value = null }
    heartbeat_expected = { says = "Secrets that a run should have seen", filter = "jsonPayload.heartbeat.expected>=0", value = "jsonPayload.heartbeat.expected" }
    heartbeat_seen     = { says = "Secrets that a run saw", filter = "jsonPayload.heartbeat.seen>=0", value = "jsonPayload.heartbeat.seen" }
    heartbeat_unclear  = { says = "Keys of which a run could not tell", filter = "jsonPayload.heartbeat.verdicts.unclear>=0", value = "jsonPayload.heartbeat.verdicts.unclear" }
    heartbeat_dead     = { says = "Keys that a run found dead", filter = "jsonPayload.heartbeat.verdicts.dead>=0", value = "jsonPayload.heartbeat.verdicts.dead" }
    heartbeat_blocked  = { says = "Keys that a run found blocked", filter = "jsonPayload.heartbeat.verdicts.blocked>=0", value = "jsonPayload.heartbeat.verdicts.blocked" }
    open_oldest        = { says = "Age of the oldest trouble that is open, in seconds", filter = "jsonPayload.state.oldestSeconds>=0", value = "jsonPayload.state.oldestSeconds" }
    untold_unclear     = { says = "Keys of which a run could not tell, and nothing is open that people were told of", filter = "jsonPayload.state.untoldUnclear>=0", value = "jsonPayload.state.untoldUnclear" }
    rotations_due      = { says = "Keys past their age whose successor is not promoted", filter = "jsonPayload.state.rotations.due>=0", value = "jsonPayload.state.rotations.due" }
    rotations_overdue  = { says = "Keys that are so for two days", filter = "jsonPayload.state.rotations.overdue>=0", value = "jsonPayload.state.rotations.overdue" }
    delivery_missed    = { says = "Deliveries that did not arrive within two minutes: 1, or 0 for one that did", filter = "jsonPayload.promised.missed>=0", value = "jsonPayload.promised.missed" }
    leaks_alive        = { says = "Leaked keys that are not known to be dead", filter = "jsonPayload.reconciled.leaksAlive>=0", value = "jsonPayload.reconciled.leaksAlive" }
    leaks_late         = { says = "Leaked keys that are not deleted after half an hour", filter = "jsonPayload.reconciled.leaksLate>=0", value = "jsonPayload.reconciled.leaksLate" }
    delivered_seconds  = { says = "Seconds from an announcement to its arrival", filter = "jsonPayload.delivered.seconds>=0", value = "jsonPayload.delivered.seconds" }
    reconciled_held    = { says = "Rotations that wait for a person", filter = "jsonPayload.reconciled.held>=0", value = "jsonPayload.reconciled.held" }
    reconciled_oldest  = { says = "Age of the oldest rotation in flight, in seconds", filter = "jsonPayload.reconciled.oldestSeconds>=0", value = "jsonPayload.reconciled.oldestSeconds" }
    purged             = { says = "Runs of the purge", filter = "jsonPayload.purged.done>=0", value = null }
    inventoried        = { says = "Runs of the inventory", filter = "jsonPayload.inventory.keys>=0", value = null }
    crashes            = { says = "Bugs, and starts that failed because of the settings", filter = local.crashed, value = null }
    notices = {
      says   = "Announcements, by type, severity, secret and cause"
      filter = "jsonPayload.notice.type:*"
      value  = null
      labels = { type = "jsonPayload.notice.type", severity = "severity", secret = "labels.secret", cause = "labels.cause" }
    }
    open = {
      says   = "Trouble that is open at the end of a run, by secret, project, cause, severity and verdict"
      filter = "jsonPayload.open.seconds>=0"
      value  = null
      labels = { secret = "labels.secret", project = "jsonPayload.open.project", cause = "labels.cause", severity = "jsonPayload.open.severity", verdict = "jsonPayload.open.verdict" }
    }
    deliveries = {
      says   = "Attempts to tell a channel: INFO it was told, WARNING not yet, ERROR it refused"
      filter = "jsonPayload.channel:* AND jsonPayload.event:*"
      value  = null
      labels = { channel = "jsonPayload.channel", severity = "severity" }
    }
    took_seconds = {
      says   = "Seconds from the first sign of trouble to its telling (key.unhealthy, key.unclear) or its end, from the beginning of a rotation to its promotion or its end, and from a leak until the key was refused"
      filter = "jsonPayload.took.seconds>=0"
      value  = "jsonPayload.took.seconds"
      labels = { type = "jsonPayload.notice.type" }
    }
    detected_seconds = {
      says   = "Seconds from the last look that can have found a key good to the telling of its trouble, by whether only a deep probe sees it"
      filter = "jsonPayload.detected.seconds>=0"
      value  = "jsonPayload.detected.seconds"
      labels = { depth = "jsonPayload.detected.depth" }
    }
    open_groups = {
      says   = "Episodes that are open at the end of a run, by verdict and severity"
      filter = "jsonPayload.openGroup.count>=0"
      value  = "jsonPayload.openGroup.count"
      labels = { verdict = "jsonPayload.openGroup.verdict", severity = "jsonPayload.openGroup.severity" }
    }
    key_groups = {
      says   = "Keys that consumers read, by kind and age"
      filter = "jsonPayload.keyGroup.count>=0"
      value  = "jsonPayload.keyGroup.count"
      labels = { kind = "jsonPayload.keyGroup.kind", age = "jsonPayload.keyGroup.age" }
    }
    leak_alive = {
      says   = "Leaked keys that are not deleted after half an hour, by secret, twenty in a run at most"
      filter = "jsonPayload.leakAlive.seconds>=0"
      value  = null
      labels = { secret = "labels.secret" }
    }
    waiting = {
      says   = "Rotations that wait for a person, by secret, twenty in a run at most"
      filter = "jsonPayload.waiting.phase:*"
      value  = null
      labels = { secret = "labels.secret" }
    }
    calls_failed = {
      says   = "Calls of Cloud Scheduler that came to nothing"
      of     = "resource.type=\"cloud_scheduler_job\" AND resource.labels.job_id=~\"^${var.name}-(${join("|", keys(local.jobs))})$\""
      filter = "severity>=ERROR"
      value  = null
    }
  }
  metric_names = { for name in keys(local.metrics) : name => "${replace(var.name, "-", "_")}_${name}" }

  # As PromQL writes them.
  series = { for name, metric in local.metric_names : name => "logging_googleapis_com:user_${metric}" }
}

resource "google_logging_metric" "run" {
  for_each = local.metrics

  project          = var.project_id
  name             = local.metric_names[each.key]
  description      = each.value.says
  filter           = "${try(each.value.of, local.ours)} AND ${each.value.filter}"
  value_extractor  = each.value.value == null ? null : "EXTRACT(${each.value.value})"
  label_extractors = { for label, field in try(each.value.labels, {}) : label => "EXTRACT(${field})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value == null ? "INT64" : "DISTRIBUTION"
    unit        = "1"

    dynamic "labels" {
      for_each = try(each.value.labels, {})
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  depends_on = [time_sleep.apis]
}
