locals {
  # In other projects the module makes roles and grants them, and an account for keys where it is asked for one.
  elsewhere = {
    project = [
      "google_project_iam_custom_role",
      "google_secret_manager_regional_secret_iam_member",
      "google_secret_manager_secret_iam_member",
      "google_service_account",
      "google_service_account_iam_member",
    ]
    grants = ["google_project_iam_audit_config", "google_project_iam_member"]
  }
  reads_elsewhere  = { for where, types in local.elsewhere : where => sort(distinct(flatten([for type in types : local.calls[type].reads]))) }
  writes_elsewhere = { for where, types in local.elsewhere : where => sort(distinct(flatten([for type in types : local.calls[type].writes]))) }

  roles = merge(
    { for where in local.wheres : "plan/${where}/${var.project_id}" => { account = "plan", where = where, project = var.project_id, permissions = local.reads[where] } },
    { for where in local.wheres : "deploy/${where}/${var.project_id}" => {
      account = "deploy", where = where, project = var.project_id, permissions = concat(local.reads[where], local.writes[where])
    } },
    merge([for project in var.further_projects : merge(
      { for where in keys(local.elsewhere) : "plan/${where}/${project}" => { account = "plan", where = where, project = project, permissions = local.reads_elsewhere[where] } },
      { for where in keys(local.elsewhere) : "deploy/${where}/${project}" => {
        account = "deploy", where = where, project = project, permissions = concat(local.reads_elsewhere[where], local.writes_elsewhere[where])
      } },
    )]...),
  )

  # What the module grants on a project. A test compares it with the module; Google takes ten in one list, so there are several.
  granted = [
    "checker-project",
    "finder-project",
    "looker-project",
    "purger-keys",
    "purger-project",
    "reacher-consumers",
    "reacher-project",
    "rotator-consumers",
    "rotator-keys",
    "rotator-project",
    "surveyor-keys",
    "surveyor-project",
    "surveyor-secret",
    "viewer-project",
  ]
  built = ["roles/logging.logWriter", "roles/storage.objectViewer"]
  grantable = { for project in concat([var.project_id], var.further_projects) : project => concat(
    [for suffix in local.granted : "projects/${project}/roles/${replace(title("${var.name}-${suffix}"), "-", "")}"],
    project == var.project_id ? local.built : [],
  ) }

  archive_bucket = "${var.project_id}-${var.name}-source"
  conditions = {
    "plan/archive" = {
      title      = "the archive's bucket"
      expression = "resource.name.startsWith('projects/_/buckets/${local.archive_bucket}')"
    }
    "deploy/archive" = {
      title      = "the archive's bucket"
      expression = "resource.name.startsWith('projects/_/buckets/${local.archive_bucket}')"
    }
  }
}

resource "google_project_iam_custom_role" "pipeline" {
  for_each = local.roles

  project     = each.value.project
  role_id     = replace(title("${var.name}-${each.value.account}-${each.value.where}"), "-", "")
  title       = "${var.name} ${each.value.account} on ${each.value.where}"
  description = "Exactly what ${each.value.account} builds of ${var.name} call."
  permissions = each.value.permissions
}

resource "google_project_iam_member" "pipeline" {
  for_each = { for key, role in local.roles : key => role if "${role.account}/${role.where}" != "deploy/grants" }

  project = each.value.project
  role    = google_project_iam_custom_role.pipeline[each.key].name
  member  = google_service_account.pipeline[each.value.account].member

  dynamic "condition" {
    for_each = [for key, condition in local.conditions : condition if key == "${each.value.account}/${each.value.where}"]
    content {
      title      = condition.value.title
      expression = condition.value.expression
    }
  }
}

# An approved plan that makes somebody an owner is refused by Google. It is a rail, not a wall: whoever may change the
# worker's roles can put more into them.
resource "google_project_iam_member" "grants" {
  for_each = { for key, role in local.roles : key => role if "${role.account}/${role.where}" == "deploy/grants" }

  project = each.value.project
  role    = google_project_iam_custom_role.pipeline[each.key].name
  member  = google_service_account.pipeline["deploy"].member

  condition {
    title = "only the roles of the worker"
    expression = join(" || ", [
      for roles in chunklist(local.grantable[each.value.project], 10) :
      "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${join(", ", [for role in roles : "'${role}'"])}])"
    ])
  }
}

# Both builds write their log to Cloud Logging: an account of one's own has no bucket for logs by default.
resource "google_project_iam_member" "logs" {
  for_each = local.accounts

  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.pipeline[each.key].member
}

# A build that runs as an account of one's own fetches a repository of the 2nd generation with a token of its connection.
resource "google_cloudbuildv2_connection_iam_member" "source" {
  for_each = local.accounts

  project  = split("/", var.repository)[1]
  location = split("/", var.repository)[3]
  name     = split("/", var.repository)[5]
  role     = "roles/cloudbuild.readTokenAccessor"
  member   = google_service_account.pipeline[each.key].member
}

# People. An approver may approve and look; a requester may start a build of a trigger. Neither may change a trigger:
# Cloud Build Editor can, and could switch the approval off.
resource "google_project_iam_member" "approver" {
  for_each = toset(var.approvers)

  project = var.project_id
  role    = "roles/cloudbuild.builds.approver"
  member  = each.value
}

resource "google_project_iam_custom_role" "requester" {
  project     = var.project_id
  role_id     = replace(title("${var.name}-requester"), "-", "")
  title       = "${var.name} requester"
  description = "Starts a build of a trigger, and follows it."
  permissions = ["cloudbuild.builds.create", "cloudbuild.builds.get", "cloudbuild.builds.list"]
}

resource "google_project_iam_member" "requester" {
  for_each = toset(var.requesters)

  project = var.project_id
  role    = google_project_iam_custom_role.requester.name
  member  = each.value
}
