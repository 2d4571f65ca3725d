locals {
  # The id is the last part of the name, the one part that is not known before the dashboard is made.
  dashboard_url = "https://console.cloud.google.com/monitoring/dashboards/builder/${basename(google_monitoring_dashboard.worker.id)}?project=${var.project_id}"

  # What is broken now, and since when, comes first.
  charts = [
    { title = "Open now, by secret and cause", query = "sum by (secret, project, cause) (increase(${local.series["open"]}[${var.schedule.check_every_minutes}m]))" },
    { title = "Open now, by verdict and severity", query = "sum by (verdict, severity) (increase(${local.series["open_groups"]}_sum[${local.quiet_minutes}m])) / sum by (verdict, severity) (increase(${local.series["open_groups"]}_count[${local.quiet_minutes}m]))" },
    { title = "Open for how long, hours", query = "sum(increase(${local.series["open_oldest"]}_sum[${local.quiet_minutes}m])) / sum(increase(${local.series["open_oldest"]}_count[${local.quiet_minutes}m])) / 3600" },
    { title = "Secrets seen, a run", query = "sum(increase(${local.series["heartbeat_seen"]}_sum[${local.quiet_minutes}m])) / sum(increase(${local.series["heartbeat_seen"]}_count[${local.quiet_minutes}m]))" },
    { title = "Runs of the check", query = "sum(increase(${local.series["heartbeat"]}[${local.quiet_minutes}m]))" },
    { title = "Keys dead, a run", query = "sum(increase(${local.series["heartbeat_dead"]}_sum[${local.quiet_minutes}m])) / sum(increase(${local.series["heartbeat_dead"]}_count[${local.quiet_minutes}m]))" },
    { title = "Keys blocked, a run", query = "sum(increase(${local.series["heartbeat_blocked"]}_sum[${local.quiet_minutes}m])) / sum(increase(${local.series["heartbeat_blocked"]}_count[${local.quiet_minutes}m]))" },
    { title = "Part of the keys that is unclear", query = "sum(increase(${local.series["heartbeat_unclear"]}_sum[${local.quiet_minutes}m])) / sum(increase(${local.series["heartbeat_seen"]}_sum[${local.quiet_minutes}m]))" },
    { title = "Seconds from the last good look to the telling, by what sees it", query = "sum by (depth) (increase(${local.series["detected_seconds"]}_sum[1d])) / sum by (depth) (increase(${local.series["detected_seconds"]}_count[1d]))" },
    { title = "Seconds to tell, to rotate, to recover, from leak to dead key", query = "sum by (type) (increase(${local.series["took_seconds"]}_sum[1d])) / sum by (type) (increase(${local.series["took_seconds"]}_count[1d]))" },
    { title = "Attempts to tell channels, by channel and outcome", query = "sum by (channel, severity) (increase(${local.series["deliveries"]}[1h]))" },
    { title = "Part of the deliveries that missed two minutes", query = "sum(increase(${local.series["delivery_missed"]}_sum[1d])) / sum(increase(${local.series["delivery_missed"]}_count[1d]))" },
    { title = "Announcements by type", query = "sum by (type) (increase(${local.series["notices"]}[1h]))" },
    { title = "Oldest rotation in flight, hours", query = "sum(increase(${local.series["reconciled_oldest"]}_sum[${local.reconcile_minutes}m])) / sum(increase(${local.series["reconciled_oldest"]}_count[${local.reconcile_minutes}m])) / 3600" },
    { title = "Keys by kind and age", query = "sum by (kind, age) (increase(${local.series["key_groups"]}_sum[${local.quiet_minutes}m])) / sum by (kind, age) (increase(${local.series["key_groups"]}_count[${local.quiet_minutes}m]))" },
    { title = "Rotations due", query = "sum(increase(${local.series["rotations_due"]}_sum[${local.quiet_minutes}m])) / sum(increase(${local.series["rotations_due"]}_count[${local.quiet_minutes}m]))" },
    { title = "Rotations overdue by two days", query = "sum(increase(${local.series["rotations_overdue"]}_sum[${local.quiet_minutes}m])) / sum(increase(${local.series["rotations_overdue"]}_count[${local.quiet_minutes}m]))" },
    { title = "Leaked keys that live", query = "sum(increase(${local.series["leaks_alive"]}_sum[${local.reconcile_minutes}m])) / sum(increase(${local.series["leaks_alive"]}_count[${local.reconcile_minutes}m]))" },
    { title = "Leaked keys that are not deleted after half an hour", query = "sum(increase(${local.series["leaks_late"]}_sum[${local.reconcile_minutes}m])) / sum(increase(${local.series["leaks_late"]}_count[${local.reconcile_minutes}m]))" },
    { title = "Rotations that wait for a person", query = "sum(increase(${local.series["reconciled_held"]}_sum[${local.reconcile_minutes}m])) / sum(increase(${local.series["reconciled_held"]}_count[${local.reconcile_minutes}m]))" },
    { title = "Dead letters", query = "max(${local.dead_letters})" },
    { title = "Crashes by function", query = "sum by (service_name) (increase(${local.series["crashes"]}[1h]))" },
  ]
}

resource "google_monitoring_dashboard" "worker" {
  project = var.project_id
  dashboard_json = jsonencode({
    displayName = var.name
    mosaicLayout = {
      columns = 12
      # Monitoring leaves zeros out of what it answers, so a zero here would be a difference in every plan.
      tiles = [for index, chart in local.charts : merge({ for side, at in { xPos = (index % 2) * 6, yPos = floor(index / 2) * 4 } : side => at if at > 0 }, {
        width  = 6
        height = 4
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [{
              plotType        = "LINE"
              timeSeriesQuery = { prometheusQuery = chart.query }
            }]
          }
        }
      })]
    }
  })

  depends_on = [time_sleep.apis]
}
