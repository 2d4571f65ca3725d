# The pipeline of one deployment. Whoever applies it must be an owner of the project, once; the builds are none.
variable "project_id" {
  description = "Project to deploy to."
  type        = string
}

variable "repository" {
  description = "Connected repository: projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/REPOSITORY."
  type        = string
}

variable "approver" {
  description = "Who may let a plan be applied, such as group:platform@example.com."
  type        = string
}

variable "region" {
  description = "Region to deploy to."
  type        = string
  default     = "europe-west1"
}

provider "google" {
  project = var.project_id
  region  = var.region
}

module "pipeline" {
  source = "../"

  project_id = var.project_id
  region     = var.region
  repository = var.repository
  approvers  = [var.approver]
}

output "next_step" {
  description = "What is left to do by hand."
  value       = module.pipeline.next_step
}
