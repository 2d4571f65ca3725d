output "accounts" {
  description = "Email of each account. Nobody but Cloud Build may act as them."
  value       = { for name, account in google_service_account.pipeline : name => account.email }
}

output "buckets" {
  description = "Name of the state's bucket and of the one that plans, built files and SBOMs are put into."
  value       = { state = google_storage_bucket.state.name, builds = google_storage_bucket.builds.name }
}

output "triggers" {
  description = "Name of each trigger."
  value       = { plan = google_cloudbuild_trigger.plan.name, deploy = google_cloudbuild_trigger.deploy.name }
}

output "next_step" {
  description = "Puts the settings of the deployment where the builds read them."
  value       = "gcloud storage cp key-warden.tfvars gs://${google_storage_bucket.state.name}/key-warden.tfvars"
}
