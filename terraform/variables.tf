variable "scheduler_region" {
  description = "Region of the Cloud Scheduler jobs, where `region` has no Cloud Scheduler."
  type        = string
  default     = null

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", coalesce(var.scheduler_region, "europe-west1")))
    error_message = "scheduler_region must be a region such as europe-west1, not a zone."
  }
  # Functions run there, Cloud Scheduler does not.
  validation {
    condition     = !contains(["northamerica-south1", "southamerica-west1"], coalesce(var.scheduler_region, var.region))
    error_message = "There is no Cloud Scheduler in that region: set scheduler_region to one near by, such as us-central1 or southamerica-east1."
  }
}

variable "source_dir" {
  description = "Folder that `npm run build` wrote, `dist` of a checkout."
  type        = string
  nullable    = false
}

variable "secrets" {
  description = "Secrets to make and to watch, by id: containers only, a key is added by hand once. `rotation_days` is Secret Manager's own reminder; the worker's age limit is `rotation.max_age_days`. Without `replica_locations` Google places a secret by itself; with `location` it is a regional one, which lies in that region alone and is read at that region's address. `kms_keys` are full names of Cloud KMS keys, one in each of those regions, or one in `global`."
  type = map(object({
    location              = optional(string)
    rotation_days         = optional(number)
    replica_locations     = optional(list(string), [])
    kms_keys              = optional(list(string), [])
    version_destroy_hours = optional(number, 168)
    labels                = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for id in keys(var.secrets) : can(regex("^[A-Za-z0-9_-]{1,255}$", id))])
    error_message = "The id of a secret is 1 to 255 letters, digits, dashes and underscores."
  }
  validation {
    condition = alltrue([for secret in values(var.secrets) :
      can(regex("^[a-z]+-[a-z]+[0-9]+$", coalesce(secret.location, "europe-west1"))) && (secret.location == null || length(secret.replica_locations) == 0)
    ])
    error_message = "location must be a region such as europe-west1, and then there are no replica_locations: a regional secret lies in one place."
  }
  validation {
    condition     = alltrue([for secret in values(var.secrets) : try(secret.rotation_days >= 1 && secret.rotation_days <= 36500, secret.rotation_days == null)])
    error_message = "rotation_days must be from 1 to 36500, or left out."
  }
  validation {
    condition     = alltrue([for secret in values(var.secrets) : secret.version_destroy_hours >= 24 && secret.version_destroy_hours <= 24000])
    error_message = "version_destroy_hours must be from 24 to 24000: Secret Manager delays a destruction by no less than a day."
  }
  validation {
    condition     = alltrue([for secret in values(var.secrets) : alltrue([for place in secret.replica_locations : can(regex("^[a-z]+-[a-z]+[0-9]+$", place))])])
    error_message = "replica_locations must be regions such as europe-west1."
  }
  validation {
    condition = alltrue(flatten([for secret in values(var.secrets) : [
      for key in secret.kms_keys : can(regex("^projects/[^/]+/locations/[a-z0-9-]+/keyRings/[^/]+/cryptoKeys/[^/]+$", key))
    ]]))
    error_message = "kms_keys must be full names: projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY."
  }
  validation {
    condition = alltrue([for secret in values(var.secrets) : length(secret.kms_keys) == 0 || try(
      length(secret.kms_keys) == max(1, length(secret.replica_locations)) &&
      toset([for key in secret.kms_keys : split("/", key)[3]]) == toset(length(secret.replica_locations) == 0 ? [coalesce(secret.location, "global")] : secret.replica_locations),
    false)])
    error_message = "kms_keys must hold one key in each of replica_locations, else one in location, else one in the location global."
  }
}

variable "existing_secrets" {
  description = "Full names of secrets that somebody else made and that are watched too, projects/PROJECT/secrets/ID or projects/PROJECT/locations/REGION/secrets/ID. Label them key-warden=managed."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.existing_secrets : can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9](/locations/[a-z0-9-]+)?/secrets/[A-Za-z0-9_-]{1,255}$", name))])
    error_message = "Each must be a full name with the project's id, not its number: projects/PROJECT/secrets/ID, or projects/PROJECT/locations/REGION/secrets/ID."
  }
  validation {
    condition     = length(setintersection(var.existing_secrets, [for id, secret in var.secrets : "projects/${var.project_id}${secret.location == null ? "" : "/locations/${secret.location}"}/secrets/${id}"])) == 0
    error_message = "A secret is named in secrets and in existing_secrets: it is either made here or by somebody else."
  }
}

variable "schedule" {
  description = "How often the three scheduled functions run. The worker is told the same numbers."
  type = object({
    check_every_minutes     = optional(number, 10)
    reconcile_every_minutes = optional(number, 5)
    purge_every_hours       = optional(number, 6)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for minutes in [var.schedule.check_every_minutes, var.schedule.reconcile_every_minutes] : contains([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60], minutes)])
    error_message = "Minutes must divide an hour, because a cron line cannot say anything else: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60."
  }
  # The alarm for a silent purge looks back over two runs and waits for a third: 25 hours are the most that Monitoring allows.
  validation {
    condition     = contains([1, 2, 3, 4, 6, 8], var.schedule.purge_every_hours)
    error_message = "purge_every_hours must be 1, 2, 3, 4, 6 or 8."
  }
}

variable "pace" {
  description = "Limits of one run; what is left out is the worker's default. With `survey_at_once` many instances look and one acts: so many instances of a function `survey`, which is deployed only then, look at parts of the fleet for the check; for fleets of more than some ten thousand keys."
  type = object({
    concurrency    = optional(number)
    budget_seconds = optional(number, 240)
    rotations_max  = optional(number)
    survey_at_once = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for field, value in var.pace : try(value >= local.bounds[field][0] && value <= local.bounds[field][1], value == null)])
    error_message = "A number of pace is out of its bounds: concurrency 1 to 500, budget_seconds 1 to 3300, rotations_max 0 to 1000, survey_at_once 1 to 100."
  }
  # Scheduler waits at most 30 minutes for an answer, and a run ends a minute after its budget.
  validation {
    condition     = var.pace.budget_seconds <= 1700
    error_message = "budget_seconds must be at most 1700: Cloud Scheduler waits no longer than half an hour."
  }
}

variable "checks" {
  description = "How keys are checked, for every secret whose own annotation does not say otherwise; what is left out is the worker's default."
  type = object({
    confirm_answers         = optional(number)
    confirm_spacing_seconds = optional(number)
    unclear_runs_max        = optional(number)
    good_runs_min           = optional(number)
    deep_every_hours        = optional(number)
    remind_after_hours      = optional(number)
    escalate_after_hours    = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for field, value in var.checks : try(value >= local.bounds[field][0] && value <= local.bounds[field][1], value == null)])
    error_message = "A number of checks is out of the bounds in docs/reference/settings.md."
  }
}

variable "rotation" {
  description = "How keys are rotated, for every secret whose own annotation does not say otherwise; what is left out is the worker's default."
  type = object({
    drain_hours_min        = optional(number)
    drain_hours_unmeasured = optional(number)
    drain_hours_max        = optional(number, 168)
    settle_minutes_max     = optional(number)
    tries_max              = optional(number)
    backoff_seconds        = optional(number)
    lease_seconds          = optional(number)
    max_age_days           = optional(number)
    retention_days         = optional(number)
    notice_days            = optional(number)
    watch_use              = optional(number)
    destroy_after_days     = optional(number)
    rotate_when_dead       = optional(number)
    rotate_when_unusual    = optional(number)
    approval               = optional(number)
    look_at_consumers      = optional(number)
    reach_consumers        = optional(number)
    reach_pinned           = optional(number)
    reach_wave_max         = optional(number)
    reach_failures_max     = optional(number)
    drain_hours_reached    = optional(number)
    shared_key_minutes_min = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for field, value in var.rotation : try(value >= local.bounds[field][0] && value <= local.bounds[field][1], value == null)])
    error_message = "A number of rotation is out of the bounds in docs/reference/settings.md."
  }
  validation {
    condition     = try(var.rotation.drain_hours_min <= var.rotation.drain_hours_max, true)
    error_message = "drain_hours_min is more than drain_hours_max, so no drain could end."
  }
}

variable "calendar" {
  description = "When planned rotations may begin, for every secret; a secret's own policy can only take away. `windows` are days, hours and an IANA time zone, such as `mon-thu 09:00-16:00 Europe/Berlin`; `freezes` are whole days, such as `2026-12-19..2027-01-06 Europe/Berlin`; several after a semicolon. Emergencies, dead keys and going back do not wait."
  type = object({
    windows = optional(string)
    freezes = optional(string)
  })
  default  = {}
  nullable = false

  # The worker refuses to start with what it cannot read; here the plan already refuses what has no zone.
  validation {
    condition     = alltrue([for text in values(var.calendar) : alltrue([for part in split(";", coalesce(text, "UTC")) : can(regex("(^|[[:space:]])(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})[[:space:]]*$", part))])])
    error_message = "Each window and each freeze ends with an IANA time zone: mon-thu 09:00-16:00 Europe/Berlin."
  }
}

variable "consumer_projects" {
  description = "Ids of projects in which services, jobs, worker pools and functions run that read the watched secrets, `project_id` too where it is one. The rotator may list them there, and read nothing else; it looks only where `rotation.look_at_consumers` says so. Without any it is granted nothing."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for project in var.consumer_projects : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", project))]) && length(distinct(var.consumer_projects)) == length(var.consumer_projects)
    error_message = "consumer_projects must be ids of projects, not their numbers, each once."
  }
  validation {
    condition     = coalesce(var.rotation.look_at_consumers, 0) == 0 || length(var.consumer_projects) > 0 || var.consumer_scope != null
    error_message = "rotation.look_at_consumers looks up nobody without consumer_projects or consumer_scope: name where consumers run."
  }
}

variable "consumer_scope" {
  description = "Organisation or folder, organizations/NUMBER or folders/NUMBER, in all of whose projects consumers are looked for besides, as Cloud Asset Inventory knows them. This module grants nothing above projects: whoever holds the organisation runs what the output `consumer_scope_grants` prints."
  type        = string
  default     = null

  validation {
    condition     = var.consumer_scope == null || can(regex("^(organizations|folders)/[0-9]+$", var.consumer_scope))
    error_message = "consumer_scope must be organizations/NUMBER or folders/NUMBER."
  }
}

variable "reach_accounts" {
  description = "Service accounts that consumers run as. Where `reach_consumers` of `rotation` is 1 or 2, the function `reach` may act as each of them, because a new revision of a consumer runs as its account; consumers that run as others are told, and keep the old key until they are deployed."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.reach_accounts : can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.gserviceaccount\\.com$", email))])
    error_message = "reach_accounts must be emails of service accounts."
  }
}

variable "minting" {
  description = "Where and how new keys are made; what is left out is taken from the secret and its old key. With `drop_targets` `on`, keys that other APIs accept too are replaced by keys for Gemini alone; otherwise such a rotation is held. `key_field` names the field that holds the key where secrets hold JSON or an env file. `carry_annotations` lists annotations of the old key that a new one gets, separated by commas."
  type = object({
    key_project         = optional(string)
    key_service_account = optional(string)
    key_kind            = optional(string)
    drop_targets        = optional(string)
    key_field           = optional(string)
    carry_annotations   = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", coalesce(var.minting.key_project, "some-project")))
    error_message = "key_project must be the id of a project, not its number."
  }
  validation {
    condition     = contains(["auth", "standard"], coalesce(var.minting.key_kind, "auth"))
    error_message = "key_kind must be auth or standard."
  }
  validation {
    condition     = contains(["on", "off"], coalesce(var.minting.drop_targets, "off"))
    error_message = "drop_targets must be on or off."
  }
  validation {
    condition     = can(regex("^(/[^[:cntrl:]]{1,199}|[A-Za-z_][[:word:].-]{0,199})$", coalesce(var.minting.key_field, "KEY")))
    error_message = "key_field must be a JSON pointer such as /gemini/apiKey or the name of a variable."
  }
  validation {
    condition     = can(regex("^[A-Za-z0-9][[:word:]./-]{0,62}(,[A-Za-z0-9][[:word:]./-]{0,62}){0,4}$", coalesce(var.minting.carry_annotations, "owner")))
    error_message = "carry_annotations must be up to five names of annotations, separated by commas."
  }
  validation {
    condition     = can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", coalesce(var.minting.key_service_account, "a@b.c")))
    error_message = "key_service_account must be the email address of a service account."
  }
}

variable "key_accounts" {
  description = "Service accounts that auth keys are bound to. `make` makes one, NAME-keys, in the project that keys are made in, and binds every new key to it; it needs no role. `existing` are emails of accounts that old auth keys are bound to, and that a secret's own policy may choose. The rotator may bind keys to these and to `minting.key_service_account`, and to no other."
  type = object({
    make     = optional(bool, false)
    existing = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for email in var.key_accounts.existing : can(regex("^[^@[:space:]]+@[a-z][a-z0-9-]{4,28}[a-z0-9]\\.iam\\.gserviceaccount\\.com$", email))])
    error_message = "existing must be emails of service accounts that somebody made, NAME@PROJECT.iam.gserviceaccount.com."
  }
  validation {
    condition     = !var.key_accounts.make || var.minting.key_service_account == null
    error_message = "Keys are bound either to the account that is made or to minting.key_service_account."
  }
  validation {
    condition     = !var.key_accounts.make || length(local.key_projects) == 1
    error_message = "Keys are made in several projects, so no one account can be made for them: set minting.key_project, or name an account."
  }
}

variable "channels" {
  description = "Where alerts are delivered. `credential` is the full name of a secret that holds the webhook's address or key; its bytes never come near Terraform."
  type = list(object({
    name         = string
    kind         = string
    credential   = string
    url          = optional(string)
    from         = optional(string)
    to           = optional(list(string))
    severity_min = optional(string, "info")
    secrets      = optional(list(string))
    projects     = optional(list(string))
    causes       = optional(list(string))
    labels       = optional(map(list(string)))
    mentions = optional(list(object({
      who          = string
      severity_min = optional(string, "critical")
      labels       = optional(map(list(string)))
    })))
    after_hours = optional(number)
    rotations   = optional(string)
    types       = optional(list(string))
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for channel in var.channels : contains(["slack", "google-chat", "teams", "pagerduty", "jira-service-management", "alertmanager", "webhook", "email"], channel.kind)])
    error_message = "kind must be one of slack, google-chat, teams, pagerduty, jira-service-management, alertmanager, webhook, email."
  }
  validation {
    condition     = alltrue([for channel in var.channels : can(regex("^projects/[^/]+/secrets/[A-Za-z0-9_-]{1,255}$", channel.credential))])
    error_message = "credential must be the full name of a secret, projects/PROJECT/secrets/ID."
  }
  validation {
    condition     = alltrue([for channel in var.channels : contains(["info", "warning", "error", "critical"], channel.severity_min)])
    error_message = "severity_min must be one of info, warning, error, critical."
  }
  validation {
    condition     = alltrue([for channel in var.channels : (channel.kind == "webhook" || channel.kind == "alertmanager" || channel.kind == "email") == (channel.url != null) || channel.kind == "pagerduty" || channel.kind == "jira-service-management"])
    error_message = "A webhook, an alertmanager and an email need a url; the address of slack, google-chat and teams is their credential, so they have none."
  }
  validation {
    condition     = alltrue([for channel in var.channels : (channel.kind == "email") == can(regex("^smtps?://[a-z0-9.-]+(:[0-9]{1,5})?$", coalesce(channel.url, "none")))])
    error_message = "The url of an email is its relay, smtps://HOST:PORT or smtp://HOST:PORT; nothing else goes to one."
  }
  validation {
    condition     = alltrue([for channel in var.channels : (channel.kind == "email") == (channel.from != null) && (channel.kind == "email") == (channel.to != null)])
    error_message = "An email needs from and to, and nothing else has them."
  }
  validation {
    condition     = alltrue([for channel in var.channels : length(coalesce(channel.to, ["a@b"])) >= 1 && length(coalesce(channel.to, ["a@b"])) <= 20 && alltrue([for address in concat(coalesce(channel.to, []), [coalesce(channel.from, "a@b")]) : can(regex("^[A-Za-z0-9_.+-]{1,64}@[a-z0-9-]+([.][a-z0-9-]+)*$", address))])])
    error_message = "from and to must be addresses such as oncall@example.com, and at most 20 in to."
  }
  validation {
    condition     = alltrue([for channel in var.channels : alltrue([for name in concat(keys(coalesce(channel.labels, {})), flatten([for mention in coalesce(channel.mentions, []) : keys(coalesce(mention.labels, {}))])) : contains(coalesce(var.alerts.event_labels, ["team", "owner", "service"]), name)])])
    error_message = "Channels choose by labels that alerts.event_labels names (team, owner, service where it is not set)."
  }
  validation {
    condition     = alltrue([for channel in var.channels : contains(["end", "all"], coalesce(channel.rotations, "end"))])
    error_message = "rotations must be one of end, all."
  }
  validation {
    condition     = alltrue([for channel in var.channels : coalesce(channel.after_hours, 1) >= 1 && coalesce(channel.after_hours, 1) <= 720 && floor(coalesce(channel.after_hours, 1)) == coalesce(channel.after_hours, 1)])
    error_message = "after_hours must be a whole number from 1 to 720."
  }
  validation {
    condition     = alltrue([for channel in var.channels : channel.mentions == null || can(regex("^(slack|google-chat|teams)$", channel.kind))])
    error_message = "Only slack, google-chat and teams call people by name."
  }
  validation {
    condition     = length(distinct(var.channels[*].name)) == length(var.channels)
    error_message = "Two channels have the same name."
  }
}

variable "alerts" {
  description = "Who hears Cloud Monitoring's alarms about the worker itself, and settings of the worker's own alerts. `ping` is the full name of a secret with the address of a dead-man's service outside Google. `silences` is that of a global secret without a version, in a project with watched secrets, on which freezes, and silences of outages, causes and projects stand."
  type = object({
    emails                = optional(list(string), [])
    notification_channels = optional(list(string), [])
    runbook_url           = optional(string) # this release's, in its repository
    internal_targets      = optional(list(string), [])
    ping                  = optional(string)
    silences              = optional(string)
    event_labels          = optional(list(string))
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^https://[^[:space:]#]+$", coalesce(var.alerts.runbook_url, "https://x")))
    error_message = "runbook_url must be an https address without a fragment: alerts add the section."
  }
  validation {
    condition     = can(regex("^projects/[^/]+/secrets/[A-Za-z0-9_-]{1,255}$", coalesce(var.alerts.ping, "projects/p/secrets/s")))
    error_message = "ping must be the full name of a secret, projects/PROJECT/secrets/ID: whoever knows the address can feign our health."
  }
  validation {
    condition     = can(regex("^projects/[^/]+/secrets/[A-Za-z0-9_-]{1,255}$", coalesce(var.alerts.silences, "projects/p/secrets/s")))
    error_message = "silences must be the full name of a secret, projects/PROJECT/secrets/ID: whoever may change it can silence and freeze many."
  }
  validation {
    condition     = length(coalesce(var.alerts.event_labels, [])) <= 5 && alltrue([for name in coalesce(var.alerts.event_labels, []) : can(regex("^[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}$", name))])
    error_message = "event_labels must be at most five names of labels, such as team."
  }
  validation {
    condition     = alltrue([for id in var.alerts.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", id))])
    error_message = "notification_channels must be names such as projects/PROJECT/notificationChannels/123."
  }
}

variable "callers" {
  description = "Emails of service accounts by what they may: `check` may call `health-check`, as Cloud Scheduler does; `rotate` may call `rotate`, which is deployed only where somebody may and also silences secrets and takes them under care; `purge` may call `purge`, as Cloud Scheduler does, and `reach` the function `reach`, where `reach_consumers` of `rotation` is 1 or 2; `emergency` may ask `rotate` for an emergency, too, which deletes the old key without a drain; `approve` may approve at `rotate` what others ask for (`approval`). Whoever stands in one list may nothing of the others."
  type = object({
    check     = optional(list(string), [])
    rotate    = optional(list(string), [])
    purge     = optional(list(string), [])
    reach     = optional(list(string), [])
    emergency = optional(list(string), [])
    approve   = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for email in concat(var.callers.check, var.callers.rotate, var.callers.purge, var.callers.reach, var.callers.emergency, var.callers.approve) : can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.gserviceaccount\\.com$", email))])
    error_message = "callers must be service accounts: the functions verify a token's audience, which people's tokens do not have."
  }
}

variable "approval" {
  description = "A second person before planned rotations begin, where `rotation.approval` is 1 or a secret's own policy asks for it; null keeps none. `secret` is the full name of a global secret without a version, in a project with watched secrets, on which stands what waits and what is approved: whoever may change it can approve. `hours` is for how long a plan waits, and an approval holds. Who may approve stands in `callers.approve`."
  type = object({
    secret = string
    hours  = optional(number, 72)
  })
  default = null

  validation {
    condition     = can(regex("^projects/[^/]+/secrets/[A-Za-z0-9_-]{1,255}$", try(var.approval.secret, "projects/p/secrets/s")))
    error_message = "secret must be the full name of a secret, projects/PROJECT/secrets/ID: whoever may change it can approve."
  }
  validation {
    condition     = try(var.approval.hours >= local.bounds.approval_hours[0] && var.approval.hours <= local.bounds.approval_hours[1] && floor(var.approval.hours) == var.approval.hours, var.approval == null)
    error_message = "hours must be a whole number from 1 to 720."
  }
  validation {
    condition     = coalesce(var.rotation.approval, 0) == 0 || var.approval != null
    error_message = "rotation.approval asks for approval, and approval names no secret to keep one on."
  }
}

variable "page" {
  description = "A page of what is on record, for people who come through Identity-Aware Proxy; null deploys none. `iap_audience` is the resource that IAP protects and signs: left out, the page's own Cloud Run service; behind a load balancer /projects/NUMBER/global/backendServices/ID. `viewers` leaves in only some of those whom IAP lets in: emails, and domains such as @example.com."
  type = object({
    iap_audience = optional(string)
    viewers      = optional(list(string), [])
  })
  default = null

  validation {
    condition     = try(var.page.iap_audience, null) == null || can(regex("^/projects/[0-9]+/(global/backendServices/[0-9]+|locations/[a-z0-9-]+/services/[a-z0-9-]+)$", try(var.page.iap_audience, "")))
    error_message = "iap_audience must be /projects/NUMBER/locations/REGION/services/NAME or /projects/NUMBER/global/backendServices/ID, with the project's number."
  }
  validation {
    condition     = alltrue([for viewer in try(var.page.viewers, []) : can(regex("^[^@,[:space:]]*@[^@,[:space:]]+$", viewer))])
    error_message = "viewers must be emails, or domains such as @example.com."
  }
}

variable "pagerduty_webhook" {
  description = "Hears PagerDuty's acknowledgements, which then hold reminders back; null deploys nothing. It makes a function that anybody may call, for PagerDuty has no identity at Google: what `signing_secret` did not sign is refused unread. `signing_secret` is the full name of a global secret that is there, with what PagerDuty gave when the webhook was made; `hours` is for how long an acknowledgement silences its secret."
  type = object({
    signing_secret = string
    hours          = optional(number, 4)
  })
  default = null

  validation {
    condition     = var.pagerduty_webhook == null || can(regex("^projects/[a-z0-9][a-z0-9.:-]*/secrets/[A-Za-z0-9_-]{1,255}$", try(var.pagerduty_webhook.signing_secret, "")))
    error_message = "signing_secret must be the full name of a global secret, projects/PROJECT/secrets/ID."
  }
  validation {
    condition     = var.pagerduty_webhook == null || try(var.pagerduty_webhook.hours >= 1 && var.pagerduty_webhook.hours <= 168 && floor(var.pagerduty_webhook.hours) == var.pagerduty_webhook.hours, false)
    error_message = "hours must be a whole number from 1 to 168."
  }
}

variable "leak_reports" {
  description = "Hears reports of leaked keys and announces them to whoever holds such a key; null deploys nothing. It makes a function that anybody may call, for nobody who reports a leak has an identity at Google: what is not signed is refused unread. Each field is the full name of a global secret that is there: `github` what a webhook of secret scanning alerts was given, `gitguardian` the token of a custom webhook, `webhook` one or two secrets of Standard Webhooks (`whsec_…`) for whatever else reports. `emergencies_an_hour` lets reports that hold the very key begin emergencies, as many within an hour; a report whose key more secrets serve begins none; 0, as without it, begins none at all."
  type = object({
    github              = optional(string)
    gitguardian         = optional(string)
    webhook             = optional(string)
    emergencies_an_hour = optional(number, 0)
  })
  default = null

  validation {
    condition     = var.leak_reports == null || length([for secret in [try(var.leak_reports.github, null), try(var.leak_reports.gitguardian, null), try(var.leak_reports.webhook, null)] : secret if secret != null]) > 0
    error_message = "leak_reports must name a secret for at least one of github, gitguardian and webhook."
  }
  validation {
    condition     = alltrue([for secret in [try(var.leak_reports.github, null), try(var.leak_reports.gitguardian, null), try(var.leak_reports.webhook, null)] : secret == null || can(regex("^projects/[a-z0-9][a-z0-9.:-]*/secrets/[A-Za-z0-9_-]{1,255}$", secret))])
    error_message = "github, gitguardian and webhook must be full names of global secrets, projects/PROJECT/secrets/ID."
  }
  validation {
    condition     = var.leak_reports == null || try(var.leak_reports.emergencies_an_hour >= local.bounds.leak_emergencies[0] && var.leak_reports.emergencies_an_hour <= local.bounds.leak_emergencies[1] && floor(var.leak_reports.emergencies_an_hour) == var.leak_reports.emergencies_an_hour, false)
    error_message = "emergencies_an_hour must be a whole number from 0 to 100."
  }
  validation {
    condition     = try(var.leak_reports.emergencies_an_hour, 0) == 0 || var.functions.ingress == "ALLOW_ALL"
    error_message = "emergencies_an_hour needs functions.ingress to be ALLOW_ALL: one function calls another over its public address, with a token."
  }
}

variable "inventory" {
  description = "Takes an inventory of the keys three times a day and announces what is new; null deploys nothing. Its account reads the strings of all keys in the projects that keys are made in, and every watched secret. `memory` is the full name of a global secret without a version, that is there and is nobody else's, on which stands what people were told. `every_secret` lets the account read every secret of the watched projects, and not the watched ones alone: without it nobody knows whether a secret that is not under care holds a key, so keys that no secret holds are not found."
  type = object({
    memory       = string
    every_secret = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.inventory == null || can(regex("^projects/[a-z0-9][a-z0-9.:-]*/secrets/[A-Za-z0-9_-]{1,255}$", try(var.inventory.memory, "")))
    error_message = "memory must be the full name of a global secret, projects/PROJECT/secrets/ID."
  }
}

variable "functions" {
  description = "Size and reach of the functions."
  type = object({
    memory  = optional(string, "512Mi")
    cpu     = optional(string, "1")
    ingress = optional(string, "ALLOW_ALL")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["ALLOW_ALL", "ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"], var.functions.ingress)
    error_message = "ingress must be ALLOW_ALL, ALLOW_INTERNAL_ONLY or ALLOW_INTERNAL_AND_GCLB."
  }
  validation {
    condition     = can(regex("^[0-9]+(Mi|Gi)$", var.functions.memory))
    error_message = "memory must be a number of Mi or Gi, such as 512Mi."
  }
  validation {
    condition     = contains(["1", "2", "4"], var.functions.cpu)
    error_message = "cpu must be 1, 2 or 4: an instance that does several things at a time needs a whole one."
  }
}

variable "evidence_days" {
  description = "For how many days the worker's announcements and the steps of its purge are kept in a log bucket of their own, where `--log-view` of `key-warden report` reads them by the output `evidence_log_view`; null makes none, and a project's log keeps them for 30. Shortening it deletes what is older, and null deletes the bucket."
  type        = number
  default     = null

  validation {
    condition     = try(var.evidence_days >= 31 && var.evidence_days <= 3650 && floor(var.evidence_days) == var.evidence_days, var.evidence_days == null)
    error_message = "evidence_days must be a whole number from 31 to 3650: a project's log keeps 30 days anyway."
  }
}

variable "guards" {
  description = "What protects the project. `audit_logs` records who read which version and sets Secret Manager's audit configuration of every watched project whole; `enable_apis` turns the needed APIs on; `deletion_protection` keeps Terraform from deleting watched secrets."
  type = object({
    audit_logs          = optional(bool, true)
    enable_apis         = optional(bool, true)
    deletion_protection = optional(bool, true)
  })
  default  = {}
  nullable = false
}
