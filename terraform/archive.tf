# `terraform apply` of a saved plan uploads the file that the plan wrote, so it lies in the root module, not in a folder
# that is cleaned away. The mode makes the archive the same on every machine.
data "archive_file" "worker" {
  type             = "zip"
  source_dir       = var.source_dir
  excludes         = ["node_modules"]
  output_path      = "${path.root}/${var.name}.zip"
  output_file_mode = "0644"
}

resource "google_storage_bucket" "source" {
  project                     = var.project_id
  name                        = "${var.project_id}-${var.name}-source"
  location                    = var.region
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  depends_on = [time_sleep.apis]
}

# Named by its content: only a new archive is a new deployment. No generation is pinned, which would differ in every plan.
resource "google_storage_bucket_object" "source" {
  bucket = google_storage_bucket.source.name
  name   = "worker-${data.archive_file.worker.output_sha256}.zip"
  source = data.archive_file.worker.output_path
}
