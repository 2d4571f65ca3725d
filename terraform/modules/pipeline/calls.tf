# What the provider calls for each type that the module uses: `reads` for a plan, `writes` besides for an apply. A test
# wants a row for every type of the module, and none that it does not use.
#
# `where` is where the permission holds: in the whole project, on the archive's bucket only, or `grants`: on the
# project's policy, for the deploy account with a condition on what it grants.
locals {
  calls = {
    google_artifact_registry_repository = {
      where  = "project"
      reads  = ["artifactregistry.repositories.get"]
      writes = ["artifactregistry.repositories.create", "artifactregistry.repositories.delete", "artifactregistry.repositories.update"]
    }
    google_artifact_registry_repository_iam_member = {
      where  = "project"
      reads  = ["artifactregistry.repositories.getIamPolicy"]
      writes = ["artifactregistry.repositories.setIamPolicy"]
    }
    google_cloud_run_v2_service_iam_member = {
      where  = "project"
      reads  = ["run.services.getIamPolicy"]
      writes = ["run.services.setIamPolicy"]
    }
    google_cloud_scheduler_job = {
      where  = "project"
      reads  = ["cloudscheduler.jobs.get"]
      writes = ["cloudscheduler.jobs.create", "cloudscheduler.jobs.delete", "cloudscheduler.jobs.update", "iam.serviceAccounts.actAs"]
    }
    google_cloudfunctions2_function = {
      where  = "project"
      reads  = ["cloudfunctions.functions.get"]
      writes = ["cloudfunctions.functions.create", "cloudfunctions.functions.delete", "cloudfunctions.functions.update", "cloudfunctions.operations.get", "iam.serviceAccounts.actAs"]
    }
    google_kms_crypto_key_iam_member = {
      where  = "project"
      reads  = ["cloudkms.cryptoKeys.getIamPolicy"]
      writes = ["cloudkms.cryptoKeys.setIamPolicy"]
    }
    google_logging_metric = {
      where  = "project"
      reads  = ["logging.logMetrics.get"]
      writes = ["logging.logMetrics.create", "logging.logMetrics.delete", "logging.logMetrics.update"]
    }
    google_logging_project_bucket_config = {
      where  = "project"
      reads  = ["logging.buckets.get"]
      writes = ["logging.buckets.create", "logging.buckets.delete", "logging.buckets.update"]
    }
    google_logging_project_sink = {
      where  = "project"
      reads  = ["logging.sinks.get"]
      writes = ["logging.sinks.create", "logging.sinks.delete", "logging.sinks.update"]
    }
    google_monitoring_alert_policy = {
      where  = "project"
      reads  = ["monitoring.alertPolicies.get"]
      writes = ["monitoring.alertPolicies.create", "monitoring.alertPolicies.delete", "monitoring.alertPolicies.update"]
    }
    google_monitoring_dashboard = {
      where  = "project"
      reads  = ["monitoring.dashboards.get"]
      writes = ["monitoring.dashboards.create", "monitoring.dashboards.delete", "monitoring.dashboards.update"]
    }
    google_monitoring_notification_channel = {
      where  = "project"
      reads  = ["monitoring.notificationChannels.get"]
      writes = ["monitoring.notificationChannels.create", "monitoring.notificationChannels.delete", "monitoring.notificationChannels.update"]
    }
    google_project_iam_audit_config = {
      where  = "grants"
      reads  = ["resourcemanager.projects.getIamPolicy"]
      writes = ["resourcemanager.projects.setIamPolicy"]
    }
    google_project_iam_custom_role = {
      where  = "project"
      reads  = ["iam.roles.get"]
      writes = ["iam.roles.create", "iam.roles.delete", "iam.roles.undelete", "iam.roles.update"]
    }
    google_project_iam_member = {
      where  = "grants"
      reads  = ["resourcemanager.projects.getIamPolicy"]
      writes = ["resourcemanager.projects.setIamPolicy"]
    }
    google_project_service = {
      where  = "project"
      reads  = ["resourcemanager.projects.get", "serviceusage.services.get", "serviceusage.services.list"]
      writes = ["serviceusage.operations.get", "serviceusage.services.enable"]
    }
    google_project_service_identity = { # asking for an agent needs no permission
      where  = "project"
      reads  = []
      writes = []
    }
    google_pubsub_subscription = {
      where  = "project"
      reads  = ["pubsub.subscriptions.get"]
      writes = ["iam.serviceAccounts.actAs", "pubsub.subscriptions.create", "pubsub.subscriptions.delete", "pubsub.subscriptions.update", "pubsub.topics.attachSubscription"]
    }
    google_pubsub_subscription_iam_member = {
      where  = "project"
      reads  = ["pubsub.subscriptions.getIamPolicy"]
      writes = ["pubsub.subscriptions.setIamPolicy"]
    }
    google_pubsub_topic = {
      where  = "project"
      reads  = ["pubsub.topics.get"]
      writes = ["pubsub.topics.create", "pubsub.topics.delete", "pubsub.topics.update"]
    }
    google_pubsub_topic_iam_member = {
      where  = "project"
      reads  = ["pubsub.topics.getIamPolicy"]
      writes = ["pubsub.topics.setIamPolicy"]
    }
    google_secret_manager_regional_secret = { # no delete, as below
      where  = "project"
      reads  = ["secretmanager.secrets.get"]
      writes = ["secretmanager.secrets.create", "secretmanager.secrets.update"]
    }
    google_secret_manager_regional_secret_iam_member = {
      where  = "project"
      reads  = ["secretmanager.secrets.getIamPolicy"]
      writes = ["secretmanager.secrets.setIamPolicy"]
    }
    google_secret_manager_secret = { # no delete: a pipeline takes no key away, whatever was approved
      where  = "project"
      reads  = ["secretmanager.secrets.get"]
      writes = ["secretmanager.secrets.create", "secretmanager.secrets.update"]
    }
    google_secret_manager_secret_iam_member = {
      where  = "project"
      reads  = ["secretmanager.secrets.getIamPolicy"]
      writes = ["secretmanager.secrets.setIamPolicy"]
    }
    google_service_account = {
      where  = "project"
      reads  = ["iam.serviceAccounts.get"]
      writes = ["iam.serviceAccounts.create", "iam.serviceAccounts.delete", "iam.serviceAccounts.update"]
    }
    google_service_account_iam_member = {
      where  = "project"
      reads  = ["iam.serviceAccounts.getIamPolicy"]
      writes = ["iam.serviceAccounts.setIamPolicy"]
    }
    google_storage_bucket = {
      where  = "archive"
      reads  = ["storage.buckets.get"]
      writes = ["storage.buckets.delete", "storage.buckets.update"]
    }
    google_storage_bucket_object = {
      where  = "archive"
      reads  = ["storage.objects.get"]
      writes = ["storage.objects.create", "storage.objects.delete"]
    }
  }

  # Steps of cloudbuild.apply.yaml that are not Terraform's, and a bucket that has no name yet when it is made.
  further_writes = {
    project = [
      "iam.serviceAccounts.getOpenIdToken", # calls what was deployed as Scheduler would
      "run.operations.get",
      "run.services.get",
      "run.services.list",   # which revisions serve now
      "run.services.update", # gives the traffic back to them
      "storage.buckets.create",
    ]
    archive = []
    grants  = []
  }

  wheres = ["project", "archive", "grants"]
  reads  = { for where in local.wheres : where => sort(distinct(flatten([for call in values(local.calls) : call.reads if call.where == where]))) }
  writes = { for where in local.wheres : where => sort(distinct(concat(local.further_writes[where], flatten([for call in values(local.calls) : call.writes if call.where == where])))) }
}
