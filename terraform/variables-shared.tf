# What the module and its pipeline are both told. modules/pipeline/variables-shared.tf is a link to this file.

variable "project_id" {
  description = "Project of the worker: it runs there, it is built there, and secrets made here live in it too."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be the id of a project, such as ops-prod, not its number or its title."
  }
}

variable "region" {
  description = "Region of everything that has one, the same for the module and its pipeline: functions, schedules, archive, triggers, buckets."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west1, not a zone."
  }
}

variable "name" {
  description = "Prefix of everything that is made, and the same for the module and its pipeline. Two deployments in one project need two."
  type        = string
  default     = "key-warden"
  nullable    = false

  # The longest name made of it, NAME-on-secret-event-PROJECT_NUMBER, is a DNS label of at most 63 characters; account
  # ids end at 30, and NAME-scheduler is the longest.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,18}[a-z0-9]$", var.name))
    error_message = "name must be 4 to 20 lower-case letters, digits and dashes, beginning with a letter."
  }
}

variable "labels" {
  description = "Labels on everything that takes them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))])
    error_message = "Labels are small letters, digits, dashes and underscores, at most 63 of them; a key begins with a letter."
  }
}
