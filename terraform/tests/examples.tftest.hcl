# The examples are what people copy, so they are planned as they are.
mock_provider "google" {
  override_data {
    target = module.key_warden.data.google_project.worker
    values = { number = "123456789012" }
  }
}
mock_provider "google-beta" {}
mock_provider "archive" {}
mock_provider "time" {}

variables {
  project_id = "ops-prod"
}

run "minimal" {
  command = plan
  module {
    source = "./examples/minimal"
  }
  variables {
    email = "on-call@example.com"
  }

  assert {
    condition     = keys(output.next_steps) == ["gemini-api-key"]
    error_message = "it says what is left to do"
  }
}

run "complete" {
  command = plan
  module {
    source = "./examples/complete"
  }

  assert {
    condition     = output.urls["rotate"] == "https://gemini-warden-rotate-123456789012.europe-west1.run.app"
    error_message = "callers are told where rotate is"
  }
}
