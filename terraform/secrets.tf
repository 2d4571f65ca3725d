locals {
  placed_secrets   = { for id, secret in var.secrets : id => secret if secret.location == null }
  regional_watched = { for id, secret in var.secrets : id => secret if secret.location != null }

  # By where the key is: `global` for a secret that Google places by itself, else the region of a replica or of the secret.
  kms_keys = { for id, secret in var.secrets : id => { for key in secret.kms_keys : split("/", key)[3] => key } }
}

# Containers only. A key in Terraform would be readable in its state, so versions are added by people and by the rotator.
resource "google_secret_manager_secret" "watched" {
  for_each = local.placed_secrets

  project             = var.project_id
  secret_id           = each.key
  labels              = merge(var.labels, each.value.labels, { "key-warden" = "managed" })
  deletion_protection = var.guards.deletion_protection
  version_destroy_ttl = "${each.value.version_destroy_hours * 3600}s"

  replication {
    dynamic "auto" {
      for_each = length(each.value.replica_locations) == 0 ? [local.kms_keys[each.key]] : []
      content {
        dynamic "customer_managed_encryption" {
          for_each = values(auto.value)
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
    dynamic "user_managed" {
      for_each = length(each.value.replica_locations) == 0 ? [] : [1]
      content {
        dynamic "replicas" {
          for_each = each.value.replica_locations
          content {
            location = replicas.value
            dynamic "customer_managed_encryption" {
              for_each = [for place, key in local.kms_keys[each.key] : key if place == replicas.value]
              content {
                kms_key_name = customer_managed_encryption.value
              }
            }
          }
        }
      }
    }
  }

  topics {
    name = google_pubsub_topic.worker["secret-events"].id
  }

  dynamic "rotation" {
    for_each = each.value.rotation_days == null ? [] : [each.value.rotation_days]
    content {
      next_rotation_time = timeadd(plantimestamp(), "${rotation.value * 24}h")
      rotation_period    = "${rotation.value * 86400}s"
    }
  }

  lifecycle {
    ignore_changes = [
      annotations,                    # the journal of rotations and the state of episodes: the worker's
      version_aliases,                # `current` is moved by a rotation; an apply must not move it back
      rotation[0].next_rotation_time, # Secret Manager moves it on itself, and plantimestamp() differs in every plan
    ]
  }

  # Secret Manager refuses a topic that its agent may not publish to.
  depends_on = [time_sleep.grants]
}

# The same in one region: made, labelled, reminded, protected and left alone like the others.
resource "google_secret_manager_regional_secret" "watched" {
  for_each = local.regional_watched

  project             = var.project_id
  location            = each.value.location
  secret_id           = each.key
  labels              = merge(var.labels, each.value.labels, { "key-warden" = "managed" })
  deletion_protection = var.guards.deletion_protection
  version_destroy_ttl = "${each.value.version_destroy_hours * 3600}s"

  dynamic "customer_managed_encryption" {
    for_each = each.value.kms_keys
    content {
      kms_key_name = customer_managed_encryption.value
    }
  }

  topics {
    name = google_pubsub_topic.worker["secret-events"].id
  }

  dynamic "rotation" {
    for_each = each.value.rotation_days == null ? [] : [each.value.rotation_days]
    content {
      next_rotation_time = timeadd(plantimestamp(), "${rotation.value * 24}h")
      rotation_period    = "${rotation.value * 86400}s"
    }
  }

  lifecycle {
    ignore_changes = [
      annotations,                    # the journal of rotations and the state of episodes: the worker's
      version_aliases,                # `current` is moved by a rotation; an apply must not move it back
      rotation[0].next_rotation_time, # Secret Manager moves it on itself, and plantimestamp() differs in every plan
    ]
  }

  depends_on = [time_sleep.grants]
}

locals {
  # Full name of each secret that is made, and where it is.
  made_secrets = merge(
    { for id, secret in google_secret_manager_secret.watched : id => { name = secret.id, location = "global" } },
    { for id, secret in google_secret_manager_regional_secret.watched : id => { name = secret.id, location = secret.location } },
  )
}

# A secret under a key that its agent may not use cannot be made.
resource "google_kms_crypto_key_iam_member" "secret_manager" {
  for_each = toset(flatten(values(var.secrets)[*].kms_keys))

  crypto_key_id = each.value
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = google_project_service_identity.agent["secretmanager.googleapis.com"].member
}
