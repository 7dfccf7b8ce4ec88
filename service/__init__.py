"""HTTP over the planner: one folder per resource. Not part of this version."""
