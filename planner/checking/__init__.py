"""Parts of the checker; :mod:`planner.check` is the way in."""
