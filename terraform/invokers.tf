# Who may call a function is decided on its Cloud Run service; roles on the function itself let nobody in.
locals {
  invokers = merge(
    { for name in keys(local.made_jobs) : "${name}/scheduler" => { function = name, member = google_service_account.identity["scheduler"].member } },
    { for name in distinct(values(local.pushes)[*].function) : "${name}/push" => { function = name, member = google_service_account.identity["push"].member } },
    { for email in distinct(var.callers.check) : "health-check/${email}" => { function = "health-check", member = "serviceAccount:${email}" } },
    { for email in distinct(var.callers.purge) : "purge/${email}" => { function = "purge", member = "serviceAccount:${email}" } },
    { for email in distinct(var.callers.reach) : "reach/${email}" => { function = "reach", member = "serviceAccount:${email}" } if local.reaches },
    local.surveys ? { "survey/checker" = { function = "survey", member = google_service_account.identity["checker"].member } } : {},
    # PagerDuty has no identity at Google: whoever asks for this function lets anybody call it, and it takes nothing unsigned.
    var.pagerduty_webhook == null ? {} : { "acknowledge/anybody" = { function = "acknowledge", member = "allUsers" } },
    # Nor has anybody who reports leaked keys.
    var.leak_reports == null ? {} : { "leak-reports/anybody" = { function = "leak-reports", member = "allUsers" } },
    local.leak_emergencies == 0 ? {} : { "rotate/finder" = { function = "rotate", member = google_service_account.identity["finder"].member } },
    var.page == null ? {} : { "status-page/iap" = { function = "status-page", member = "serviceAccount:service-${data.google_project.worker.number}@gcp-sa-iap.iam.gserviceaccount.com" } },
    { for email in distinct(concat(var.callers.rotate, var.callers.emergency, var.callers.approve)) : "rotate/${email}" => { function = "rotate", member = "serviceAccount:${email}" } },
  )
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = local.invokers

  project  = var.project_id
  location = var.region
  name     = local.deployed[each.value.function].name
  role     = "roles/run.invoker"
  member   = each.value.member
}
