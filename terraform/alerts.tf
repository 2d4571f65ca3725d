# Alarms about the worker itself. They go through Cloud Monitoring, so that they arrive when the worker does not.
locals {
  # Three runs, the least that tells a missed one from none. Monitoring looks back 24 hours at most, and 25 with the wait.
  quiet_minutes     = 3 * var.schedule.check_every_minutes
  reconcile_minutes = max(15, 3 * var.schedule.reconcile_every_minutes)
  purge_hours       = 2 * var.schedule.purge_every_hours
  inventory_hours   = 2 * local.inventory_every_hours
  # From the end of a run to its point in a metric that nobody wrote before.
  late_seconds = 600
  stuck_hours  = var.rotation.drain_hours_max + 24
  dead_letters = "pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource=\"pubsub_subscription\",subscription_id=\"${var.name}-dead-letters\"}"

  # Channels do not get what they are told: each of several attempts failed, or a message is given up.
  unheard = "(sum(increase(${local.series["deliveries"]}{severity=\"WARNING\",monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) > 1.5 or sum(${local.series["deliveries"]}{severity=\"WARNING\",monitored_resource=\"cloud_run_revision\"} unless ${local.series["deliveries"]}{severity=\"WARNING\",monitored_resource=\"cloud_run_revision\"} offset ${local.quiet_minutes}m) > 1.5 or max(${local.dead_letters}) > 0)"
  # Where channels work, they are told, and a second incident helps nobody.
  only_unheard = length(var.channels) == 0 ? "" : " and on() ${local.unheard}"

  # Of this release. Each alarm has a section by its title.
  runbook_url = coalesce(var.alerts.runbook_url, "https://github.com/your-org/gemini-key-warden/blob/v0.1.0/docs/runbook.md")

  # How fast a promise is broken is asked over a long window, so that one bad moment does not count, and over a short one, so that
  # the alarm ends when the trouble does: 14.4, 6 and 3 times as fast as a month's share allows. No window is shorter than three runs.
  fast_minutes       = max(60, 6 * var.schedule.check_every_minutes)
  steady_minutes     = max(360, 12 * var.schedule.check_every_minutes)
  slow_short_minutes = max(120, 6 * var.schedule.check_every_minutes)

  # What channels were told of is not told here again; where there are none, all counts.
  unclear_of = length(var.channels) == 0 ? "heartbeat_unclear" : "untold_unclear"

  logs_of = { for name, service in local.service_of : name => "gcloud run services logs read ${service} --project=${var.project_id} --region=${var.region} --limit=50" }

  # `or vector(0)`: a metric that was never written has no value at all, and absence alone fires only after the first
  # point. So these fire when nothing ever ran, too. In `wait` seconds a new deployment makes its first run and is heard.
  policies = {
    silent = {
      title    = "the check is silent"
      severity = "CRITICAL"
      query    = "(sum(increase(${local.series["heartbeat"]}{monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) or vector(0)) < 0.5"
      wait     = var.schedule.check_every_minutes * 60 + local.late_seconds
      runbook  = <<-EOT
        No run of the check has ended for ${local.quiet_minutes} minutes, or none ever did: nobody looks at the keys. The keys themselves may be fine.

        1. What the last calls came to: `gcloud scheduler jobs describe ${var.name}-health-check --project=${var.project_id} --location=${local.scheduler_region}`
        2. What the function says: `${local.logs_of["health-check"]}`
        3. Call it now: `gcloud scheduler jobs run ${var.name}-health-check --project=${var.project_id} --location=${local.scheduler_region}`
        4. Until it runs again, check by hand: `key-warden check --project ${join(" ", local.watched_projects)}`
      EOT
    }
    unseen = {
      title    = "secrets are not seen"
      severity = "ERROR"
      query    = "sum(increase(${local.series["heartbeat_expected"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) - sum(increase(${local.series["heartbeat_seen"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) > 0.5"
      wait     = var.schedule.check_every_minutes * 60
      runbook  = <<-EOT
        The check runs, but it did not get to every managed secret: a budget that is too small, a permission that is missing, a project out of reach.

        1. Which, and why: `${local.logs_of["health-check"]}`
        2. What is looked after: `key-warden status`
        3. One that is new and not in this module's `secrets` or `existing_secrets` is not readable for the worker: add it there.
        4. When the time ran out, raise `pace.budget_seconds` or `pace.concurrency`.
      EOT
    }
    # What every run says of what is open: these stand while it does. A series is born with its first line, at 1 and not at 0, so that
    # what is there now and was not counts like what grew.
    unhealthy = {
      title    = "a key is dead or blocked"
      severity = "CRITICAL"
      about    = " $${metric_or_resource.label.secret}"
      query    = "(sum by (secret, cause) (increase(${local.series["open"]}{severity=\"critical\",secret!=\"\",monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) > 0.5 or sum by (secret, cause) (${local.series["open"]}{severity=\"critical\",secret!=\"\",monitored_resource=\"cloud_run_revision\"} unless ${local.series["open"]}{severity=\"critical\",secret!=\"\",monitored_resource=\"cloud_run_revision\"} offset ${local.quiet_minutes}m) > 0.5)${local.only_unheard}"
      wait     = 0
      runbook  = <<-EOT
        Consumers of the secret get refusals now. The labels `secret` and `cause` say which and why. Where channels are configured, this one is only raised while they do not get what they are told.

        1. What it is: `key-warden check --secret SECRET`, and the section of the cause in the runbook.
        2. If a new key helps: `key-warden rotate --secret SECRET --wait`
        3. A leaked key: `key-warden rotate --secret SECRET --emergency`
        4. If the key before still works: `key-warden rollback --secret SECRET`
      EOT
    }
    outage = {
      title    = "many keys fail alike"
      severity = "CRITICAL"
      about    = " $${metric_or_resource.label.project}"
      query    = "(sum by (project, cause) (increase(${local.series["open"]}{secret=\"\",monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) > 0.5 or sum by (project, cause) (${local.series["open"]}{secret=\"\",monitored_resource=\"cloud_run_revision\"} unless ${local.series["open"]}{secret=\"\",monitored_resource=\"cloud_run_revision\"} offset ${local.quiet_minutes}m) > 0.5)${local.only_unheard}"
      wait     = 0
      runbook  = <<-EOT
        Many keys fail for one reason: Google's outage, the network's, a project's, or ours. No key is blamed, and none needs to be replaced. Where channels are configured, this one is only raised while they do not get what they are told.

        1. The reason: `${local.logs_of["health-check"]}`, and its section in the runbook.
        2. Whether it is everybody's: https://status.cloud.google.com and https://aistudio.google.com/status
        3. What one key says from here: `key-warden check --project ${join(" ", local.watched_projects)}`
      EOT
    }
    unclear = {
      title    = "checks learn nothing"
      severity = "WARNING"
      query    = "((sum(increase(${local.series[local.unclear_of]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.fast_minutes}m])) / sum(increase(${local.series["heartbeat_seen"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.fast_minutes}m])) > 0.144 and sum(increase(${local.series[local.unclear_of]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) / sum(increase(${local.series["heartbeat_seen"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) > 0.144) or (sum(increase(${local.series[local.unclear_of]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.steady_minutes}m])) / sum(increase(${local.series["heartbeat_seen"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.steady_minutes}m])) > 0.06 and sum(increase(${local.series[local.unclear_of]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) / sum(increase(${local.series["heartbeat_seen"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.quiet_minutes}m])) > 0.06) or (sum(increase(${local.series[local.unclear_of]}_sum{monitored_resource=\"cloud_run_revision\"}[1440m])) / sum(increase(${local.series["heartbeat_seen"]}_sum{monitored_resource=\"cloud_run_revision\"}[1440m])) > 0.03 and sum(increase(${local.series[local.unclear_of]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.slow_short_minutes}m])) / sum(increase(${local.series["heartbeat_seen"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.slow_short_minutes}m])) > 0.03)) and sum(increase(${local.series[local.unclear_of]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.slow_short_minutes}m])) > 2.5"
      wait     = 0
      runbook  = <<-EOT
        Fewer than one look in a hundred may end without a verdict, and they do so 14 times as often for an hour, 6 times for six hours, or 3 times for a day. A key that dies meanwhile is told late. Fewer than three looks never count. Keys of which channels were told that they are unclear are left out.

        1. Which, and why: `key-warden check --project ${join(" ", local.watched_projects)}`
        2. Answers that never came: `${local.logs_of["health-check"]}`
        3. If most are throttled or late, ask less at a time: lower `pace.concurrency`.
      EOT
    }
    late = {
      title    = "alerts arrive late"
      severity = "WARNING"
      query    = "(sum(increase(${local.series["delivery_missed"]}_sum{monitored_resource=\"cloud_run_revision\"}[1h])) / sum(increase(${local.series["delivery_missed"]}_count{monitored_resource=\"cloud_run_revision\"}[1h])) > 0.0144 and sum(increase(${local.series["delivery_missed"]}_sum{monitored_resource=\"cloud_run_revision\"}[5m])) / sum(increase(${local.series["delivery_missed"]}_count{monitored_resource=\"cloud_run_revision\"}[5m])) > 0.0144) or (sum(increase(${local.series["delivery_missed"]}_sum{monitored_resource=\"cloud_run_revision\"}[6h])) / sum(increase(${local.series["delivery_missed"]}_count{monitored_resource=\"cloud_run_revision\"}[6h])) > 0.006 and sum(increase(${local.series["delivery_missed"]}_sum{monitored_resource=\"cloud_run_revision\"}[30m])) / sum(increase(${local.series["delivery_missed"]}_count{monitored_resource=\"cloud_run_revision\"}[30m])) > 0.006) or (sum(increase(${local.series["delivery_missed"]}_sum{monitored_resource=\"cloud_run_revision\"}[24h])) / sum(increase(${local.series["delivery_missed"]}_count{monitored_resource=\"cloud_run_revision\"}[24h])) > 0.003 and sum(increase(${local.series["delivery_missed"]}_sum{monitored_resource=\"cloud_run_revision\"}[2h])) / sum(increase(${local.series["delivery_missed"]}_count{monitored_resource=\"cloud_run_revision\"}[2h])) > 0.003)"
      wait     = 0
      runbook  = <<-EOT
        Of a thousand deliveries one may take more than two minutes or be refused, and more do. Where few alerts are sent a single one is enough: it stands for two hours then.

        1. Which channel made others wait, and what it said: `${local.logs_of["notify"]}`
        2. Try them all: `key-warden alert test`
      EOT
    }
    held = {
      title    = "a rotation waits for a person"
      severity = "ERROR"
      about    = " $${metric_or_resource.label.secret}"
      query    = "(sum by (secret) (increase(${local.series["waiting"]}{monitored_resource=\"cloud_run_revision\"}[${local.reconcile_minutes}m])) > 0.5 or sum by (secret) (${local.series["waiting"]}{monitored_resource=\"cloud_run_revision\"} unless ${local.series["waiting"]}{monitored_resource=\"cloud_run_revision\"} offset ${local.reconcile_minutes}m) > 0.5)${local.only_unheard}"
      wait     = 0
      runbook  = <<-EOT
        A rotation stopped where going on might do harm. Both keys are kept, and nothing happens until somebody decides. Where channels are configured, this one is only raised while they do not get what they are told.

        1. Which: `key-warden status --project ${join(" ", local.watched_projects)}`
        2. Why, and what may be done next: `key-warden status --secret SECRET`
        3. Once the reason is gone: `key-warden resume --secret SECRET`; to give it up: `key-warden abort --secret SECRET` or `key-warden rollback --secret SECRET`
      EOT
    }
    leak_alive = {
      title    = "a leaked key is still alive"
      severity = "CRITICAL"
      about    = " $${metric_or_resource.label.secret}"
      query    = "(sum by (secret) (increase(${local.series["leak_alive"]}{monitored_resource=\"cloud_run_revision\"}[${local.reconcile_minutes}m])) > 0.5 or sum by (secret) (${local.series["leak_alive"]}{monitored_resource=\"cloud_run_revision\"} unless ${local.series["leak_alive"]}{monitored_resource=\"cloud_run_revision\"} offset ${local.reconcile_minutes}m) > 0.5)${local.only_unheard}"
      wait     = 0
      runbook  = <<-EOT
        A key leaked more than half an hour ago and is not deleted: whoever has it can use it. Where channels are configured, this one is only raised while they do not get what they are told.

        1. What holds it: `key-warden status --secret SECRET`
        2. Nothing replaces it yet: `key-warden rotate --secret SECRET --emergency`
        3. It is replaced, and its issuer has it still: `key-warden purge --dry-run --project ${join(" ", local.watched_projects)}`
        4. What the worker says: `${local.logs_of["reconcile"]}`
      EOT
    }
    stuck = {
      title    = "a rotation is stuck"
      severity = "WARNING"
      query    = "sum(increase(${local.series["reconciled_oldest"]}_sum{monitored_resource=\"cloud_run_revision\"}[${local.reconcile_minutes}m])) / sum(increase(${local.series["reconciled_oldest"]}_count{monitored_resource=\"cloud_run_revision\"}[${local.reconcile_minutes}m])) > ${local.stuck_hours * 3600}"
      wait     = 0
      runbook  = <<-EOT
        A rotation is in flight for more than ${local.stuck_hours} hours, a day longer than a drain may take.

        1. Which, and what it waits for: `key-warden status --project ${join(" ", local.watched_projects)}`
        2. What the worker says: `${local.logs_of["reconcile"]}`
        3. Try now instead of at the next pause's end: `key-warden resume --secret SECRET`
      EOT
    }
    unreconciled = {
      title    = "rotations are not driven"
      severity = "ERROR"
      query    = "(sum(increase(${local.series["reconciled_held"]}_count{monitored_resource=\"cloud_run_revision\"}[${local.reconcile_minutes}m])) or vector(0)) < 0.5"
      wait     = var.schedule.reconcile_every_minutes * 60 + local.late_seconds
      runbook  = <<-EOT
        `reconcile` has not ended a run for ${local.reconcile_minutes} minutes: rotations stand still, safely, and none is begun.

        1. What the last calls came to: `gcloud scheduler jobs describe ${var.name}-reconcile --project=${var.project_id} --location=${local.scheduler_region}`
        2. What the function says: `${local.logs_of["reconcile"]}`
        3. Until it runs again, a rotation can be driven by hand: `key-warden resume --secret SECRET`
      EOT
    }
    unpurged = {
      title    = "the purge does not run"
      severity = "WARNING"
      query    = "(sum(increase(${local.series["purged"]}{monitored_resource=\"cloud_run_revision\"}[${local.purge_hours}h])) or vector(0)) < 0.5"
      wait     = var.schedule.purge_every_hours * 3600 + local.late_seconds
      runbook  = <<-EOT
        No run of the purge has ended for ${local.purge_hours} hours, or none ever did: keys that should be deleted stay alive.

        1. What the last calls came to: `gcloud scheduler jobs describe ${var.name}-purge --project=${var.project_id} --location=${local.scheduler_region}`
        2. What the function says: `${local.logs_of["purge"]}`
        3. What would go, without doing it: `key-warden purge --dry-run --project ${join(" ", local.watched_projects)}`
      EOT
    }
    uninventoried = {
      title    = "the inventory does not run"
      severity = "WARNING"
      query    = "(sum(increase(${local.series["inventoried"]}{monitored_resource=\"cloud_run_revision\"}[${local.inventory_hours}h])) or vector(0)) < 0.5"
      wait     = local.inventory_every_hours * 3600 + local.late_seconds
      runbook  = <<-EOT
        No inventory has ended for ${local.inventory_hours} hours, or none ever did: nobody is told of keys that nobody holds, or that are good for too much.

        1. What the last calls came to: `gcloud scheduler jobs describe ${var.name}-inventory --project=${var.project_id} --location=${local.scheduler_region}`
        2. What the function says: `${local.logs_of["inventory"]}`
        3. By hand, until it runs again: `key-warden inventory`
      EOT
    }
    uncalled = {
      title    = "Cloud Scheduler's calls fail"
      severity = "WARNING"
      query    = "sum by (job_id) (increase(${local.series["calls_failed"]}{monitored_resource=\"cloud_scheduler_job\"}[1h])) > 2.5"
      wait     = 0
      runbook  = <<-EOT
        Cloud Scheduler called a function several times within an hour and got no good answer: the function refuses, crashes, takes too long, or is not there. When its runs stay away another alarm says so; this one says that they were asked for.

        1. What the calls came to: `gcloud logging read 'resource.type="cloud_scheduler_job" AND severity>=ERROR' --project=${var.project_id} --freshness=1h --limit=20`
        2. 401 or 403: whoever deployed last took the grant away, or another address is called. Apply this module again.
        3. 429: a run takes longer than its schedule allows; raise `pace.concurrency`, or call more rarely.
        4. Everything else is in the function's own log: `${local.logs_of["health-check"]}`
      EOT
    }
    undelivered = {
      title    = "alerts or events were not delivered"
      severity = "ERROR"
      query    = "max(${local.dead_letters}) > 0"
      wait     = 300
      runbook  = <<-EOT
        Messages ended in the dead-letter topic: people were not told, or an event of Secret Manager was not taken up. Reconcile catches up with missed events by itself; alerts do not come again.

        1. Read them: `gcloud pubsub subscriptions pull ${var.name}-dead-letters --project=${var.project_id} --limit=20`
        2. Why channels refused: `${local.logs_of["notify"]}`
        3. Mend the channel, then try it: `key-warden alert test --channel NAME`
        4. Done with them: `gcloud pubsub subscriptions seek ${var.name}-dead-letters --project=${var.project_id} --time=$(date -u +%Y-%m-%dT%H:%M:%SZ)`
      EOT
    }
  }

  # What one log line says. These fire with the line itself, the first one too, which a counter with labels does not count:
  # it has no value before it. Each kind of trouble by its labels is an incident of its own.
  events = {
    meddled = {
      title    = "somebody else changed a watched secret"
      severity = "WARNING"
      about    = " $${log.extracted_label.secret}"
      filter   = local.meddled
      labels   = { principal = "protoPayload.authenticationInfo.principalEmail", method = "protoPayload.methodName", secret = "protoPayload.resourceName" }
      runbook  = <<-EOT
        A watched secret, its versions, or who may read it, was changed, and neither the worker nor its pipeline did it: `method` says how. Whoever may update a secret can steer its rotations, and a version that somebody adds or enables is what readers of `latest` get next. If it was one of you, at the command line or with Terraform, all is well.

        1. Who did what: `gcloud logging read 'protoPayload.serviceName="secretmanager.googleapis.com" AND protoPayload.methodName=~"(Secret|SecretVersion|SetIamPolicy)$"' --project=${var.project_id} --freshness=2h --limit=20`
        2. What consumers read now: `key-warden status --project ${join(" ", local.watched_projects)}`
        3. Whether it works: `key-warden check --project ${join(" ", local.watched_projects)}`
        4. If nobody of you did it, take the right away first; then treat the key as leaked: `key-warden rotate --secret SECRET --emergency`
      EOT
    }
    told_late = {
      title    = "trouble was told late"
      severity = "WARNING"
      about    = " $${log.extracted_label.secret}"
      filter   = "${local.ours} AND jsonPayload.detected.late=true"
      labels   = { secret = "labels.secret", depth = "jsonPayload.detected.depth" }
      runbook  = <<-EOT
        A key was in trouble for longer than is promised before anybody was told: ${2 * var.schedule.check_every_minutes + 5} minutes, and where only a deep probe sees it (`depth` is deep) the hours of `checks.deep_every_hours` as well. The channels have the trouble itself; this is about the worker.

        1. What is in trouble, and since when: `key-warden status --project ${join(" ", local.watched_projects)}`
        2. Runs that took place, and how long they took: `${local.logs_of["health-check"]}`
        3. A run that does not get to all secrets: raise `pace.concurrency` or `pace.budget_seconds`.
        4. Announcements that did not go through say so in the same log: `could not be announced` and `was not recorded`.
      EOT
    }
    crashed = {
      title    = "the worker crashed"
      severity = "ERROR"
      about    = " $${log.extracted_label.service}"
      filter   = "${local.ours} AND ${local.crashed}"
      labels   = { service = "resource.labels.service_name" }
      runbook  = <<-EOT
        A bug, or settings that cannot be used. Rotations are safe at any point and go on with the next run.

        1. The stack: https://console.cloud.google.com/errors?project=${var.project_id}
        2. Around it: `gcloud logging read 'resource.type="cloud_run_revision" AND resource.labels.service_name=~"^${var.name}-" AND severity>=ERROR' --project=${var.project_id} --freshness=1h --limit=20`
        3. If a deployment brought it, go back to the revision before: `gcloud run services update-traffic SERVICE --to-revisions=REVISION=100 --project=${var.project_id} --region=${var.region}`
      EOT
    }
    refused = {
      title    = "a channel refused an alert"
      severity = "ERROR"
      about    = " $${log.extracted_label.channel}"
      filter   = "${local.ours} AND jsonPayload.channel:* AND jsonPayload.event:* AND severity=ERROR"
      labels   = { channel = "jsonPayload.channel" }
      runbook  = <<-EOT
        A channel said no to an alert, and trying again cannot help: its address is gone, or its credential is not taken any more. The alert lies with the dead letters.

        1. Which alert, and what the channel said: `${local.logs_of["notify"]}`
        2. Put a new address or key into the secret that is the channel's `credential`, then try it: `key-warden alert test --channel NAME`
        3. What nobody was told: `gcloud pubsub subscriptions pull ${var.name}-dead-letters --project=${var.project_id} --limit=20`
      EOT
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = toset(var.alerts.emails)

  project      = var.project_id
  display_name = "${var.name} ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "worker" {
  # Nobody waits for what was not asked for.
  for_each = { for name, policy in merge(local.policies, local.events) : name => policy if name != "uninventoried" || var.inventory != null }

  project      = var.project_id
  display_name = "${var.name}: ${each.value.title}"
  combiner     = "OR"
  severity     = each.value.severity
  user_labels  = var.labels
  notification_channels = concat(
    var.alerts.notification_channels,
    [for channel in google_monitoring_notification_channel.email : channel.name],
  )

  conditions {
    display_name = each.value.title

    dynamic "condition_prometheus_query_language" {
      for_each = try([each.value.query], [])
      content {
        query               = condition_prometheus_query_language.value
        duration            = "${each.value.wait}s"
        evaluation_interval = "60s"
        # A log-based metric is not known before its first line, up to ten minutes after that.
        disable_metric_validation = true
      }
    }
    dynamic "condition_matched_log" {
      for_each = try([each.value.filter], [])
      content {
        filter           = condition_matched_log.value
        label_extractors = { for label, field in each.value.labels : label => "EXTRACT(${field})" }
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    subject   = "${var.name}: ${each.value.title}${try(each.value.about, "")}"
    content   = each.value.runbook

    dynamic "links" {
      for_each = { Dashboard = local.dashboard_url, Runbook = "${local.runbook_url}#${replace(replace(lower(each.value.title), "/[^a-z ]/", ""), " ", "-")}" }
      content {
        display_name = links.key
        url          = links.value
      }
    }
  }

  alert_strategy {
    auto_close = "3600s"

    # Conditions on log lines must have a limit.
    dynamic "notification_rate_limit" {
      for_each = try([each.value.filter], [])
      content {
        period = "300s"
      }
    }
  }

  # Not before there is something to run: an alarm of silence counts its wait from its own beginning.
  # The grants of this very apply are no meddling, either.
  depends_on = [
    google_cloud_scheduler_job.worker,
    google_logging_metric.run,
    google_secret_manager_regional_secret_iam_member.worker,
    google_secret_manager_secret_iam_member.worker,
  ]
}

check "somebody_hears" {
  assert {
    condition     = length(var.alerts.emails) + length(var.alerts.notification_channels) > 0
    error_message = "Nobody hears the alarms about the worker itself: set alerts.emails or alerts.notification_channels."
  }
}
