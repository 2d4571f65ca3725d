# One account per identity; what each can do if it is stolen is what its row below says. The permissions are compared
# with src/core/google/permissions-of-deployment.ts by a test.
locals {
  identities = {
    checker   = "Checks keys and announces"
    rotator   = "Rotates keys"
    purger    = "Deletes old keys and destroys old versions"
    notifier  = "Delivers alerts"
    scheduler = "Calls the scheduled functions"
    push      = "Pushes events to the functions"
    build     = "Builds the functions"
  }

  permissions = {
    checker = {
      project = ["secretmanager.secrets.list"]
      secret = [
        "secretmanager.secrets.get",
        "secretmanager.secrets.update",
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
        "monitoring.timeSeries.list",
        "serviceusage.operations.get",
      ]
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
    notifier = {
      secret = ["secretmanager.secrets.get"]
    }
  }
}

resource "google_service_account" "identity" {
  for_each = local.identities

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name} ${each.key}"
  description  = each.value

  depends_on = [time_sleep.apis]
}
