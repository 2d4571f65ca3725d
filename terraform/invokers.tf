# Who may call a function is decided on its Cloud Run service; roles on the function itself let nobody in.
locals {
  invokers = merge(
    { for name in keys(local.jobs) : "${name}/scheduler" => { function = name, member = google_service_account.identity["scheduler"].member } },
    { for name in distinct(values(local.pushes)[*].function) : "${name}/push" => { function = name, member = google_service_account.identity["push"].member } },
    { for pair in setproduct(["health-check", "rotate"], var.callers) : join("/", pair) => { function = pair[0], member = "serviceAccount:${pair[1]}" } },
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
