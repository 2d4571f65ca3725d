locals {
  topics = {
    alerts        = "What the worker announces, as CloudEvents. Subscribe whoever wants to know."
    deliveries    = "One message per alert and channel, so that channels are retried one by one."
    dead-letters  = "What could not be delivered; its depth is alarmed on."
    secret-events = "What Secret Manager says about the watched secrets."
  }

  # Every subscription that pushes: from which topic, to which function.
  pushes = {
    alerts        = { function = "notify", ordered = true }
    deliveries    = { function = "notify", ordered = true }
    secret-events = { function = "on-secret-event", ordered = false }
  }

  publishers = {
    "checker/alerts"        = { identity = "checker", topic = "alerts" }
    "rotator/alerts"        = { identity = "rotator", topic = "alerts" }
    "listener/alerts"       = { identity = "listener", topic = "alerts" }
    "finder/alerts"         = { identity = "finder", topic = "alerts" }
    "surveyor/alerts"       = { identity = "surveyor", topic = "alerts" }
    "reacher/alerts"        = { identity = "reacher", topic = "alerts" }
    "notifier/deliveries"   = { identity = "notifier", topic = "deliveries" }
    "notifier/dead-letters" = { identity = "notifier", topic = "dead-letters" }
  }
}

resource "google_pubsub_topic" "worker" {
  for_each = local.topics

  project = var.project_id
  name    = "${var.name}-${each.key}"
  labels  = var.labels

  # What is announced names secrets and says what is wrong with them: it stays where the worker is.
  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [time_sleep.apis]
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = { for key, publisher in local.publishers : key => publisher if contains(keys(local.working), publisher.identity) }

  project = var.project_id
  topic   = google_pubsub_topic.worker[each.value.topic].name
  role    = "roles/pubsub.publisher" # topics.publish and nothing else
  member  = google_service_account.identity[each.value.identity].member
}

resource "google_pubsub_topic_iam_member" "secret_events" {
  project = var.project_id
  topic   = google_pubsub_topic.worker["secret-events"].name
  role    = "roles/pubsub.publisher"
  member  = google_project_service_identity.agent["secretmanager.googleapis.com"].member
}

# Our own subscriptions rather than a function's trigger, which drops a message after a day without a trace.
resource "google_pubsub_subscription" "push" {
  for_each = local.pushes

  project                    = var.project_id
  name                       = "${var.name}-${each.key}-push"
  topic                      = google_pubsub_topic.worker[each.key].id
  labels                     = var.labels
  enable_message_ordering    = each.value.ordered
  ack_deadline_seconds       = 600
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = "" # never: a month without alerts is a good month
  }

  push_config {
    # The framework takes the topic from the path, and writes a warning with every message where it is not there.
    push_endpoint = "${local.urls[each.value.function]}/${google_pubsub_topic.worker[each.key].id}"

    oidc_token {
      service_account_email = google_service_account.identity["push"].email
      audience              = local.urls[each.value.function]
    }
  }

  # With 100 attempts, waiting up to 10 minutes between them, a receiver may be down for most of a day.
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.worker["dead-letters"].id
    max_delivery_attempts = 100
  }

  # The first message comes right after, so the push account may call the function by then.
  depends_on = [
    google_cloud_run_v2_service_iam_member.invoker,
    google_pubsub_topic_iam_member.dead_letters,
    google_service_account_iam_member.push_tokens,
  ]
}

# The end of the line: a topic without a subscription would lose what it is sent. Nothing is forwarded from here.
resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project_id
  name                       = "${var.name}-dead-letters"
  topic                      = google_pubsub_topic.worker["dead-letters"].id
  labels                     = var.labels
  ack_deadline_seconds       = 60
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}

# Forwarding is done by Pub/Sub's own agent: it publishes to the dead-letter topic and acknowledges at the source.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  project = var.project_id
  topic   = google_pubsub_topic.worker["dead-letters"].name
  role    = "roles/pubsub.publisher"
  member  = google_project_service_identity.agent["pubsub.googleapis.com"].member
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = local.pushes

  project      = var.project_id
  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = google_project_service_identity.agent["pubsub.googleapis.com"].member
}

# A push with an OIDC token is signed for the push account by Pub/Sub's agent.
resource "google_service_account_iam_member" "push_tokens" {
  service_account_id = google_service_account.identity["push"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_project_service_identity.agent["pubsub.googleapis.com"].member
}
