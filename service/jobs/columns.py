"""What of a job is shown with the plan or comparison that it makes."""

from __future__ import annotations

from service.store.tables import jobs

SHOWN = [
    jobs.c[name]
    for name in (
        *("state", "version", "attempts", "cancel_requested", "progress", "failure"),
        *("started_ms", "finished_ms"),
    )
]
