# One secret, watched and rotated, in the project that the worker runs in. `npm run build` first: it writes ../../../dist.
variable "project_id" {
  description = "Project to deploy to."
  type        = string
}

variable "region" {
  description = "Region to deploy to."
  type        = string
  default     = "europe-west1"
}

variable "email" {
  description = "Who hears when the worker itself is in trouble."
  type        = string
}

provider "google" {
  project = var.project_id
  region  = var.region
}

provider "google-beta" {
  project = var.project_id
  region  = var.region
}

module "key_warden" {
  source = "../.."

  project_id = var.project_id
  region     = var.region
  source_dir = "${path.module}/../../../dist"
  secrets    = { gemini-api-key = {} }
  alerts     = { emails = [var.email] }

  # A key from AI Studio lives in a project of AI Studio's: its successors are made here, and bound to this account.
  key_accounts = { make = true }
}

output "key_account" {
  description = "What new keys are bound to."
  value       = module.key_warden.key_account
}

output "next_steps" {
  description = "What is left to do by hand."
  value       = module.key_warden.next_steps
}
