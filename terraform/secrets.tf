# Containers only. A key in Terraform would be readable in its state, so versions are added by people and by the rotator.
resource "google_secret_manager_secret" "watched" {
  for_each = var.secrets

  project             = var.project_id
  secret_id           = each.key
  labels              = merge(var.labels, each.value.labels, { "key-warden" = "managed" })
  deletion_protection = var.guards.deletion_protection
  version_destroy_ttl = "${each.value.version_destroy_hours * 3600}s"

  replication {
    dynamic "auto" {
      for_each = length(each.value.replica_locations) == 0 ? [1] : []
      content {}
    }
    dynamic "user_managed" {
      for_each = length(each.value.replica_locations) == 0 ? [] : [1]
      content {
        dynamic "replicas" {
          for_each = each.value.replica_locations
          content {
            location = replicas.value
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
  depends_on = [google_project_service.api, google_pubsub_topic_iam_member.secret_events]
}
