# The plan account sees and may not touch; the deploy account runs only builds that somebody approved.
locals {
  accounts = {
    plan   = "Plans changes of the worker; changes nothing"
    deploy = "Applies approved plans of the worker"
  }
}

resource "google_service_account" "pipeline" {
  for_each = local.accounts

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name} ${each.key}"
  description  = each.value
}
