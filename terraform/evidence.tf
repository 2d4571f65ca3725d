# Lines of the worker that `key-warden report` reads, kept for longer than a project's log: announcements, steps of the purge, and approvals.
# Only where `evidence_days` says for how long. A test compares the filter with what the report asks for.
locals {
  evidence = "(jsonPayload.notice.type:* OR jsonPayload.oldKey.did:* OR jsonPayload.approval.by.is:*)"
}

resource "google_logging_project_bucket_config" "evidence" {
  count = var.evidence_days == null ? 0 : 1

  project        = var.project_id
  location       = var.region
  bucket_id      = "${var.name}-evidence"
  description    = "What ${var.name} announced, and what its purge did"
  retention_days = var.evidence_days

  depends_on = [time_sleep.apis]
}

# Into a bucket of its own project a sink writes without a grant. What it copied stays in the project's log too.
resource "google_logging_project_sink" "evidence" {
  count = var.evidence_days == null ? 0 : 1

  project     = var.project_id
  name        = "${var.name}-evidence"
  description = "What ${var.name} announced, and what its purge did"
  destination = "logging.googleapis.com/${google_logging_project_bucket_config.evidence[0].id}"
  filter      = "${local.ours} AND ${local.evidence}"
}
