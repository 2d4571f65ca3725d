# One account per identity; what each can do if it is stolen is what its row below says. The permissions are compared
# with src/core/google/permissions-of-deployment.ts by a test.
locals {
  identities = {
    checker   = "Checks keys and announces"
    rotator   = "Rotates keys"
    purger    = "Deletes old keys and destroys old versions"
    looker    = "Looks at parts of the fleet for the checker"
    reacher   = "Makes new revisions of consumers, so that they read a new key"
    notifier  = "Delivers alerts"
    viewer    = "Shows what is on record"
    listener  = "Hears PagerDuty's acknowledgements"
    finder    = "Finds whose a key is that is reported as leaked"
    surveyor  = "Takes stock of the keys and says what is new"
    scheduler = "Calls the scheduled functions"
    push      = "Pushes events to the functions"
    build     = "Builds the functions"
  }

  # Looks through what runs in a project, and at how it fares.
  looks_at_consumers = [
    "cloudfunctions.functions.list",
    "run.executions.list",
    "run.jobs.list",
    "run.locations.list",
    "run.revisions.get",
    "run.services.get",
    "run.services.list",
    "run.workerpools.get",
    "run.workerpools.list",
  ]

  permissions = {
    checker = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.secrets.get",
        "secretmanager.secrets.update",
        "secretmanager.versions.access",
      ]
    }
    looker = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.secrets.get",
        "secretmanager.versions.access",
      ]
    }
    rotator = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.secrets.get",
        "secretmanager.secrets.update",
        "secretmanager.versions.access",
        "secretmanager.versions.add",
        "secretmanager.versions.disable",
        "secretmanager.versions.enable",
        "secretmanager.versions.get",
        "secretmanager.versions.list",
      ]
      keys = [
        "apikeys.keys.create",
        "apikeys.keys.delete",
        "apikeys.keys.get",
        "apikeys.keys.getKeyString",
        "apikeys.keys.list",
        "apikeys.keys.undelete",
        "apikeys.keys.update",
        "monitoring.timeSeries.list",
        "serviceusage.operations.get",
      ]
      consumers = local.looks_at_consumers
    }
    purger = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.secrets.get",
        "secretmanager.secrets.update",
        "secretmanager.versions.access",
        "secretmanager.versions.destroy",
        "secretmanager.versions.get",
        "secretmanager.versions.list",
      ]
      keys = [
        "apikeys.keys.delete",
        "apikeys.keys.get",
        "apikeys.keys.getKeyString",
        "apikeys.keys.list",
        "serviceusage.operations.get",
      ]
    }
    reacher = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.secrets.get",
        "secretmanager.versions.get",
      ]
      consumers = concat(local.looks_at_consumers, [
        "run.services.update",
        "run.workerpools.update",
      ])
    }
    notifier = {
      secret = ["secretmanager.secrets.get"]
    }
    viewer = {
      project = ["secretmanager.secrets.list"]
    }
    listener = {
      secret = [
        "secretmanager.secrets.get",
        "secretmanager.secrets.update",
      ]
    }
    finder = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.versions.access",
        "secretmanager.versions.list",
      ]
    }
    surveyor = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.versions.access",
        "secretmanager.versions.list",
      ]
      keys = [
        "apikeys.keys.getKeyString",
        "apikeys.keys.list",
        "iam.serviceAccounts.get",
        "monitoring.timeSeries.list",
      ]
      memory = [
        "secretmanager.secrets.get",
        "secretmanager.secrets.update",
      ]
    }
  }

  # Who runs nothing is not made.
  working = { for identity, work in local.identities : identity => work if(identity != "viewer" || var.page != null) && (identity != "listener" || var.pagerduty_webhook != null) && (identity != "finder" || var.leak_reports != null) && (identity != "surveyor" || var.inventory != null) && (identity != "reacher" || local.reaches) && (identity != "looker" || local.surveys) }

  # Who makes new revisions acts as the accounts that consumers run as: it is there only where that was asked for.
  reaches = coalesce(var.rotation.reach_consumers, 0) > 0
}

resource "google_service_account" "identity" {
  for_each = local.working

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name} ${each.key}"
  description  = each.value

  depends_on = [time_sleep.apis]
}

locals {
  # By its name and not by its attribute, so that grants can be planned before it is there.
  key_service_account = var.key_accounts.make ? "${var.name}-keys@${local.key_projects[0]}.iam.gserviceaccount.com" : var.minting.key_service_account
  bound_accounts      = distinct(concat(var.key_accounts.existing, compact([local.key_service_account])))
  binders             = ["rotator", "purger"]
}

# What an auth key is bound to. It needs no role: a key of Gemini does what the key's restriction says.
resource "google_service_account" "keys" {
  count = var.key_accounts.make ? 1 : 0

  project      = local.key_projects[0]
  account_id   = "${var.name}-keys"
  display_name = "${var.name} keys"
  description  = "Auth keys for Gemini are bound to it; it needs no role"

  depends_on = [time_sleep.apis]
}

# Making a bound key needs a permission on the account that no role of the API Keys API holds; whether deleting one and
# bringing it back do is not settled, so they are granted as well. The role holds these three and nothing else.
resource "google_service_account_iam_member" "binding" {
  for_each = { for pair in setproduct(local.binders, local.bound_accounts) : join("/", pair) => { identity = pair[0], account = pair[1] } }

  service_account_id = "projects/${split(".", split("@", each.value.account)[1])[0]}/serviceAccounts/${each.value.account}"
  role               = "roles/iam.serviceAccountApiKeyBindingAdmin"
  member             = google_service_account.identity[each.value.identity].member

  depends_on = [google_service_account.keys]
}

# A new revision runs as the consumer's own account, which takes the right to act as it: granted on each of them by name, and
# never on a project, where it would be every account.
resource "google_service_account_iam_member" "reached" {
  for_each = local.reaches ? toset(var.reach_accounts) : toset([])

  service_account_id = "projects/${split(".", split("@", each.value)[1])[0]}/serviceAccounts/${each.value}"
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.identity["reacher"].member
}
