# The worker refuses to start with a number out of its bounds; here the plan already does. A test compares these with
# the code.
locals {
  bounds = {
    concurrency             = [1, 500]
    budget_seconds          = [1, 3300]
    rotations_max           = [0, 1000]
    confirm_answers         = [1, 10]
    confirm_spacing_seconds = [0, 60]
    unclear_runs_max        = [1, 100]
    good_runs_min           = [1, 100]
    deep_every_hours        = [1, 720]
    remind_after_hours      = [1, 168]
    escalate_after_hours    = [1, 720]
    drain_hours_min         = [6, 720]
    drain_hours_unmeasured  = [6, 720]
    drain_hours_max         = [12, 2160]
    settle_minutes_max      = [1, 120]
    tries_max               = [1, 50]
    backoff_seconds         = [1, 600]
    lease_seconds           = [30, 600]
    max_age_days            = [0, 3650]
    retention_days          = [1, 365]
    destroy_after_days      = [1, 365]
    rotate_when_dead        = [0, 1]
    look_at_consumers       = [0, 3]
    shared_key_minutes_min  = [5, 10080]
    acknowledged_hours      = [1, 168]
  }
}
