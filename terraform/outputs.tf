output "urls" {
  description = "Address of each function, which is also the audience that a token for it must carry. As JSON it is the command line's setting KEY_WARDEN_FUNCTIONS."
  value       = { for name in keys(local.functions) : name => local.urls[name] }
}

output "function_names" {
  description = "Names of the functions and of their Cloud Run services."
  value       = { for name, function in local.deployed : name => function.name }
}

output "page" {
  description = "Where the page is, and for which resource IAP must be switched on; null where there is none."
  value       = var.page == null ? null : { url = local.urls["status-page"], iap_audience = local.iap_audience }
}

output "pagerduty_webhook" {
  description = "Where PagerDuty is to send its webhooks, for incident.acknowledged and incident.unacknowledged; null where they are not heard."
  value       = var.pagerduty_webhook == null ? null : local.urls["acknowledge"]
}

output "leak_reports" {
  description = "Where GitHub, GitGuardian and others are to send reports of leaked keys; null where they are not heard."
  value       = var.leak_reports == null ? null : local.urls["leak-reports"]
}

output "accounts" {
  description = "Email of each identity's service account."
  value       = { for name, account in google_service_account.identity : name => account.email }
}

output "consumer_scope_grants" {
  description = "What whoever holds the organisation runs once, so that the rotator may look through `consumer_scope`: a role with these permissions and no other, granted there; null without it. Put the organisation's number for ORGANIZATION."
  value = var.consumer_scope == null ? null : [
    "gcloud iam roles create ${local.scope_role} --organization=${local.scope_organization} --permissions=${join(",", concat(["cloudasset.assets.searchAllResources"], local.permissions.rotator.consumers))}",
    "gcloud ${startswith(var.consumer_scope, "folders/") ? "resource-manager folders" : "organizations"} add-iam-policy-binding ${split("/", var.consumer_scope)[1]} --member=${google_service_account.identity["rotator"].member} --role=organizations/${local.scope_organization}/roles/${local.scope_role}",
  ]
}

output "evidence_log_view" {
  description = "View of the log bucket that keeps evidence for longer, as `--log-view` of `key-warden report` takes it; null where `evidence_days` is not set."
  value       = var.evidence_days == null ? null : "${google_logging_project_bucket_config.evidence[0].id}/views/_AllLogs"
}

output "topics" {
  description = "Full name of each topic. Give `secret-events` to existing secrets, and let their project's Secret Manager agent publish to it."
  value       = { for name, topic in google_pubsub_topic.worker : name => topic.id }
}

output "secrets" {
  description = "Full name of each secret that was made, by id."
  value       = { for id, secret in local.made_secrets : id => secret.name }
}

output "alert_policies" {
  description = "Name of each alert policy, for snoozes."
  value       = { for name, policy in google_monitoring_alert_policy.worker : name => policy.name }
}

output "next_steps" {
  description = "What is left to do by hand for each secret that was made: its first key."
  value = { for id, secret in local.made_secrets :
    id => "printf %s \"$KEY\" | gcloud secrets versions add ${id} --data-file=- --project=${var.project_id}${secret.location == "global" ? "" : " --location=${secret.location}"} && key-warden init --secret ${secret.name}"
  }
}

output "key_account" {
  description = "Email of the service account that new auth keys are bound to; null where each is bound to its old key's."
  value       = local.key_service_account
}

output "images" {
  description = "Full name of the Artifact Registry repository that holds the functions' images."
  value       = google_artifact_registry_repository.images.id
}

output "dashboard" {
  description = "Address of the dashboard, which alerts link to."
  value       = local.dashboard_url
}
