variable "repository" {
  description = "Full name of the connected repository (2nd generation), projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/REPOSITORY. Only a person in a browser can connect one."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.repository))
    error_message = "repository must be a full name: projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/REPOSITORY."
  }
  validation {
    condition     = try(split("/", var.repository)[3] == var.region, true)
    error_message = "repository must be connected in the region of the triggers: a trigger sees no other."
  }
}

variable "branch" {
  description = "Branch that is planned and applied. Protect it: whoever pushes to it decides what is planned."
  type        = string
  default     = "main"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.branch))
    error_message = "branch must be the name of one branch, not a pattern."
  }
}

variable "root_module" {
  description = "Folder of the root module in the repository."
  type        = string
  default     = "terraform/examples/minimal"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_/-]*$", var.root_module))
    error_message = "root_module must be a folder of the repository, without dots."
  }
}

variable "approvers" {
  description = "Who may let a plan be applied, as principals such as group:platform@example.com. They read plans, too."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.approvers) > 0 && alltrue([for principal in var.approvers : can(regex("^(user|group):[^@[:space:]]+@[^@[:space:]]+$", principal))])
    error_message = "approvers must name people or groups, user:… or group:…, at least one: an account that approves is no approval."
  }
}

variable "requesters" {
  description = "Who may ask for a plan to be applied, as principals. Better others than the approvers."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for principal in var.requesters : can(regex("^(user|group|serviceAccount):[^@[:space:]]+@[^@[:space:]]+$", principal))])
    error_message = "requesters must be principals: user:…, group:… or serviceAccount:…."
  }
}

variable "further_projects" {
  description = "Other projects that the worker looks after secrets or makes keys in. The accounts get roles there as well."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.further_projects : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", id)) && id != var.project_id])
    error_message = "further_projects must be ids of other projects."
  }
}

variable "keep_plans_days" {
  description = "Days that plans, built files and SBOMs are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.keep_plans_days >= 1 && var.keep_plans_days <= 3650
    error_message = "keep_plans_days must be from 1 to 3650."
  }
}
