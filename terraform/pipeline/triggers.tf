# A trigger is named as the account that it runs as: the build files tell one deployment from another by it.
resource "google_cloudbuild_trigger" "plan" {
  project         = var.project_id
  location        = var.region
  name            = "${var.name}-plan"
  description     = "Tests, builds and plans every push to ${var.branch}; changes nothing"
  service_account = google_service_account.pipeline["plan"].id
  filename        = "cloudbuild.yaml"
  substitutions   = { _ROOT_MODULE = var.root_module }

  repository_event_config {
    repository = var.repository
    push {
      branch = "^${replace(var.branch, ".", "\\.")}$"
    }
  }

  depends_on = [google_project_iam_member.logs]
}

resource "google_cloudbuild_trigger" "deploy" {
  project         = var.project_id
  location        = var.region
  name            = "${var.name}-deploy"
  description     = "Applies one plan, once somebody approved it"
  service_account = google_service_account.pipeline["deploy"].id

  source_to_build {
    repository = var.repository
    ref        = "refs/heads/${var.branch}"
    repo_type  = "GITHUB"
  }

  git_file_source {
    path       = "cloudbuild.apply.yaml"
    repository = var.repository
    revision   = "refs/heads/${var.branch}"
    repo_type  = "GITHUB"
  }

  approval_config {
    approval_required = true
  }

  depends_on = [google_project_iam_member.logs]
}
