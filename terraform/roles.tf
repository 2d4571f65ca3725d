# A custom role of a project can be granted in that project only, so each project that is worked in gets its own. A role
# that was deleted keeps its id for 37 days: hence the prefix, which a new deployment can change.
locals {
  projects_of = {
    project = local.watched_projects
    secret  = local.watched_projects
    keys    = local.key_projects
    # where consumers are looked up, which is nowhere unless somebody asks for it
    consumers = var.consumer_projects
    # where it stands what people were told of the keys
    memory = var.inventory == null ? [] : [split("/", var.inventory.memory)[1]]
  }
  roles = merge([
    for identity, levels in local.permissions : merge([
      for level, permissions in levels : {
        for project in local.projects_of[level] : "${identity}/${level}/${project}" => {
          identity    = identity
          level       = level
          project     = project
          permissions = permissions
        }
      }
    ]...) if contains(keys(local.working), identity)
  ]...)

  global_secrets = merge(
    { for id, secret in google_secret_manager_secret.watched : id => { project = var.project_id, id = secret.secret_id } },
    { for name, secret in local.existing : name => { project = secret.project, id = secret.id } if secret.location == "global" },
    # Not watched, but read and written by the same hands.
    var.alerts.silences == null ? {} : { (var.alerts.silences) = { project = split("/", var.alerts.silences)[1], id = split("/", var.alerts.silences)[3] } },
  )
  regional_secrets = merge(
    { for id, secret in google_secret_manager_regional_secret.watched : id => { project = var.project_id, location = secret.location, id = secret.secret_id } },
    { for name, secret in local.existing : name => { project = secret.project, location = secret.location, id = secret.id } if secret.location != "global" },
  )
  on_secrets = [for identity, levels in local.permissions : identity if contains(keys(levels), "secret") && contains(keys(local.working), identity)]

  # Looking through an organisation is granted by whoever holds it, with the commands of an output.
  scope_role         = replace(title("${var.name}-rotator-scope"), "-", "")
  scope_organization = startswith(coalesce(var.consumer_scope, "folders/0"), "organizations/") ? split("/", var.consumer_scope)[1] : "ORGANIZATION"

  # Secrets that are read as they are, by their latest version: addresses of webhooks and of the dead-man's service, and what
  # PagerDuty and those who report leaks sign with.
  credentials = merge(
    { for name in distinct(var.channels[*].credential) : "notifier/${name}" => { identity = "notifier", secret = name } },
    var.alerts.ping == null ? {} : { "checker/${var.alerts.ping}" = { identity = "checker", secret = var.alerts.ping } },
    var.pagerduty_webhook == null ? {} : { "listener/${var.pagerduty_webhook.signing_secret}" = { identity = "listener", secret = var.pagerduty_webhook.signing_secret } },
    { for name in distinct(values(local.leak_signing)) : "finder/${name}" => { identity = "finder", secret = name } },
  )

  # Who may report leaked keys, by what each signs with.
  leak_signing = { for source, secret in {
    github      = try(var.leak_reports.github, null)
    gitguardian = try(var.leak_reports.gitguardian, null)
    webhook     = try(var.leak_reports.webhook, null)
  } : source => secret if secret != null }
}

resource "google_project_iam_custom_role" "worker" {
  for_each = local.roles

  project     = each.value.project
  role_id     = replace(title("${var.name}-${each.value.identity}-${each.value.level}"), "-", "")
  title       = "${var.name} ${each.value.identity} on ${each.value.level}"
  description = "Exactly what the ${each.value.identity} of ${var.name} calls."
  permissions = each.value.permissions

  depends_on = [time_sleep.apis]
}

# Listing secrets, and everything of the API Keys and Monitoring APIs, can be granted on a project only.
resource "google_project_iam_member" "worker" {
  for_each = { for key, role in local.roles : key => role if !contains(["secret", "memory"], role.level) || (startswith(key, "surveyor/secret/") && try(var.inventory.every_secret, false)) }

  project = each.value.project
  role    = google_project_iam_custom_role.worker[each.key].name
  member  = google_service_account.identity[each.value.identity].member
}

resource "google_secret_manager_secret_iam_member" "worker" {
  for_each = merge(
    merge([
      for identity in local.on_secrets : {
        for name, secret in local.global_secrets : "${identity}/${name}" => merge(secret, { identity = identity })
      }
    ]...),
    # What is approved is read and written by the hand that begins rotations, and by no other.
    var.approval == null ? {} : { "rotator/approvals" = { project = split("/", var.approval.secret)[1], id = split("/", var.approval.secret)[3], identity = "rotator" } },
    # What inventories have told is read and written by the one hand that takes them.
    var.inventory == null ? {} : { "surveyor/memory" = { project = split("/", var.inventory.memory)[1], id = split("/", var.inventory.memory)[3], identity = "surveyor", level = "memory" } },
  )

  project   = each.value.project
  secret_id = each.value.id
  role      = google_project_iam_custom_role.worker["${each.value.identity}/${try(each.value.level, "secret")}/${each.value.project}"].name
  member    = google_service_account.identity[each.value.identity].member
}

resource "google_secret_manager_regional_secret_iam_member" "worker" {
  for_each = merge([
    for identity in local.on_secrets : {
      for name, secret in local.regional_secrets : "${identity}/${name}" => merge(secret, { identity = identity })
    }
  ]...)

  project   = each.value.project
  location  = each.value.location
  secret_id = each.value.id
  role      = google_project_iam_custom_role.worker["${each.value.identity}/secret/${each.value.project}"].name
  member    = google_service_account.identity[each.value.identity].member
}

resource "google_secret_manager_secret_iam_member" "credential" {
  for_each = local.credentials

  project   = split("/", each.value.secret)[1]
  secret_id = split("/", each.value.secret)[3]
  role      = "roles/secretmanager.secretAccessor" # versions.access and nothing else
  member    = google_service_account.identity[each.value.identity].member
}
