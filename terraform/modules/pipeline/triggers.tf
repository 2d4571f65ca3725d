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

  depends_on = [google_cloudbuildv2_connection_iam_member.source, google_project_iam_member.logs]
}

locals {
  apply = yamldecode(file("${path.module}/../../../cloudbuild.apply.yaml"))
}

# The steps stand in the trigger and not in the repository: who asks for a build may choose a branch, and whoever pushes
# to a branch would choose what runs as the deploy account.
resource "google_cloudbuild_trigger" "deploy" {
  project         = var.project_id
  location        = var.region
  name            = "${var.name}-deploy"
  description     = "Applies one plan, once somebody approved it"
  service_account = google_service_account.pipeline["deploy"].id

  # Whoever asks may choose another commit. The first step takes only the one that the plan names, to those who approved it.
  source_to_build {
    repository = var.repository
    ref        = "refs/heads/${var.branch}"
    repo_type  = "GITHUB"
  }

  approval_config {
    approval_required = true
  }

  build {
    substitutions = local.apply.substitutions
    tags          = local.apply.tags
    timeout       = local.apply.timeout

    dynamic "step" {
      for_each = local.apply.steps
      content {
        id      = step.value.id
        name    = step.value.name
        timeout = step.value.timeout
        env     = step.value.env
        script  = step.value.script
      }
    }

    options {
      logging             = local.apply.options.logging
      substitution_option = local.apply.options.substitutionOption
    }
  }

  depends_on = [google_cloudbuildv2_connection_iam_member.source, google_project_iam_member.logs]
}
