terraform {
  required_version = ">= 1.9"

  required_providers {
    google      = { source = "hashicorp/google" }
    google-beta = { source = "hashicorp/google-beta" }
    archive     = { source = "hashicorp/archive" }
    time        = { source = "hashicorp/time" }
  }
}
