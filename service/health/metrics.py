"""What is counted, for Prometheus. One registry a service, so that two in one process do not mix."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "landbridge_http_requests",
            "Answered requests.",
            ["method", "path", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "landbridge_http_seconds",
            "Time to an answer.",
            ["method", "path"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._jobs = Counter(
            "landbridge_jobs", "Ended attempts of jobs.", ["kind", "outcome"], registry=self.registry
        )
        self._job_seconds = Histogram(
            "landbridge_job_seconds",
            "Time of an attempt.",
            ["kind"],
            buckets=(1, 5, 15, 30, 60, 120, 300, 600, 1800),
            registry=self.registry,
        )
        self.queued = Gauge("landbridge_jobs_queued", "Jobs that wait.", registry=self.registry)
        self.running = Gauge("landbridge_jobs_running", "Jobs that run, anywhere.", registry=self.registry)
        self.heartbeat = Gauge(
            "landbridge_worker_heartbeat_seconds",
            "Since the last sign of life of the quietest job.",
            registry=self.registry,
        )
        self.deliveries = Gauge(
            "landbridge_webhook_deliveries_pending",
            "Webhook deliveries still to be made.",
            registry=self.registry,
        )

    def count_request(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count an answered request; ``path`` is that of the operation, not of the object."""
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(method, path).observe(seconds)

    def count_job(self, kind: str, outcome: str, seconds: float) -> None:
        """Count an attempt of a job that has ended."""
        self._jobs.labels(kind, outcome).inc()
        self._job_seconds.labels(kind).observe(seconds)

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self.registry)
