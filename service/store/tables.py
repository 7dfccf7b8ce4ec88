"""Every table of the service. The tenant stands first in every key; times are milliseconds UTC since 1970."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID = String(40)
NAME = String(200)
SHA256 = String(64)


def _tenant() -> Column[str]:
    return Column("tenant_id", ID, nullable=False)


def _id(name: str) -> Column[str]:
    return Column(name, ID, nullable=False)


def _ms(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional)


tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", ID, primary_key=True),
    Column("name", NAME, nullable=False),
    _ms("created_ms"),
    # When a job of the tenant was last begun: who has waited longest is served next.
    Column("last_claimed_ms", BigInteger, nullable=False, server_default="0"),
    # How long the tenant's chain of audit rows is: one cut off at its end is found out.
    Column("audit_number", BigInteger, nullable=False, server_default="0"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _tenant(),
    _id("key_id"),
    Column("label", NAME, nullable=False),
    Column("secret_hmac", SHA256, nullable=False),
    Column("scopes", Text, nullable=False),
    _ms("created_ms"),
    _ms("expires_ms"),
    _ms("revoked_ms", optional=True),
    _ms("last_used_ms", optional=True),
    Column("created_by", ID, nullable=False),
    PrimaryKeyConstraint("tenant_id", "key_id"),
    UniqueConstraint("key_id"),  # a key is found by its id: it says which tenant is calling
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
)

sessions = Table(
    "sessions",
    metadata,
    _tenant(),
    Column("session_hmac", SHA256, nullable=False),
    Column("key_id", ID, nullable=True),
    Column("scopes", Text, nullable=False),
    _ms("created_ms"),
    _ms("expires_ms"),
    PrimaryKeyConstraint("tenant_id", "session_hmac"),
    UniqueConstraint("session_hmac"),
)

idempotency = Table(
    "idempotency",
    metadata,
    _tenant(),
    Column("operation", String(300), nullable=False),  # method and path
    Column("idempotency_key", String(255), nullable=False),
    Column("request_sha256", SHA256, nullable=False),
    Column("status", Integer, nullable=True),
    Column("headers", Text, nullable=True),
    Column("body", LargeBinary, nullable=True),
    _ms("created_ms"),
    _ms("expires_ms"),
    PrimaryKeyConstraint("tenant_id", "operation", "idempotency_key"),
    Index(None, "expires_ms"),
)

audit = Table(
    "audit",
    metadata,
    _tenant(),
    Column("number", BigInteger, nullable=False),  # 1, 2, 3 ... of the tenant, without gaps
    _ms("at_ms"),
    Column("key_id", ID, nullable=False),
    Column("address", String(64), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object_id", String(200), nullable=False),
    Column("version_before", BigInteger, nullable=True),
    Column("version_after", BigInteger, nullable=True),
    Column("previous_sha256", SHA256, nullable=False),
    Column("sha256", SHA256, nullable=False),
    PrimaryKeyConstraint("tenant_id", "number"),
)

networks = Table(
    "networks",
    metadata,
    _tenant(),
    _id("network_id"),
    Column("name", NAME, nullable=False),
    Column("content_sha256", SHA256, nullable=False),
    Column("tables_zip", LargeBinary, nullable=False),
    Column("report", Text, nullable=False),
    _ms("created_ms"),
    PrimaryKeyConstraint("tenant_id", "network_id"),
    UniqueConstraint("tenant_id", "content_sha256"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
)

batch_sets = Table(
    "batch_sets",
    metadata,
    _tenant(),
    _id("batch_set_id"),
    Column("external_ref", String(64), nullable=True),
    Column("name", NAME, nullable=False),
    Column("network_id", ID, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("num_batches", Integer, nullable=False),
    Column("vehicles", BigInteger, nullable=False),
    Column("next_position", BigInteger, nullable=False),
    _ms("created_ms"),
    _ms("closed_ms", optional=True),
    PrimaryKeyConstraint("tenant_id", "batch_set_id"),
    UniqueConstraint("tenant_id", "external_ref"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
    CheckConstraint("state in ('open', 'closed')", name="state"),
    Index(None, "tenant_id", "created_ms", "batch_set_id"),
)

batches = Table(
    "batches",
    metadata,
    _tenant(),
    _id("batch_set_id"),
    Column("external_ref", String(64), nullable=False),
    Column("position", BigInteger, nullable=False),  # order of the first call that brought it
    Column("vehicles", Integer, nullable=False),
    Column("document", Text, nullable=False),  # the row as a JSON batch file has it
    Column("version", BigInteger, nullable=False),
    _ms("updated_ms"),
    PrimaryKeyConstraint("tenant_id", "batch_set_id", "external_ref"),
    UniqueConstraint("tenant_id", "batch_set_id", "position"),
    ForeignKeyConstraint(
        ["tenant_id", "batch_set_id"],
        ["batch_sets.tenant_id", "batch_sets.batch_set_id"],
        ondelete="CASCADE",
    ),
)

uploads = Table(
    "uploads",
    metadata,
    _tenant(),
    _id("batch_set_id"),
    _id("upload_id"),
    Column("file_name", NAME, nullable=False),
    Column("file_format", String(8), nullable=False),
    Column("state", String(16), nullable=False),  # accepted, partly, refused, tried
    Column("num_rows", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("errors_csv", LargeBinary, nullable=False),
    Column("rejected_file", LargeBinary, nullable=False),
    _ms("created_ms"),
    PrimaryKeyConstraint("tenant_id", "batch_set_id", "upload_id"),
    ForeignKeyConstraint(
        ["tenant_id", "batch_set_id"],
        ["batch_sets.tenant_id", "batch_sets.batch_set_id"],
        ondelete="CASCADE",
    ),
)

jobs = Table(
    "jobs",
    metadata,
    _tenant(),
    _id("job_id"),  # also the id of the plan or comparison that it makes
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column(
        "fence", BigInteger, nullable=False
    ),  # number of the claim: a late result of an older one is refused
    Column("attempts", Integer, nullable=False),  # claims that count against the job
    Column("worker_id", ID, nullable=True),
    _ms("lease_until_ms", optional=True),
    Column("cancel_requested", Integer, nullable=False, server_default="0"),
    Column("time_limit_s", Integer, nullable=False),
    Column("memory_limit_mb", Integer, nullable=False),
    Column("progress", Text, nullable=True),
    Column("failure", Text, nullable=True),
    _ms("created_ms"),
    _ms("started_ms", optional=True),
    _ms("finished_ms", optional=True),
    PrimaryKeyConstraint("tenant_id", "job_id"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
    CheckConstraint("kind in ('plan', 'comparison')", name="kind"),
    CheckConstraint("state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="state"),
    Index(None, "state", "tenant_id", "created_ms"),
)

plans = Table(
    "plans",
    metadata,
    _tenant(),
    _id("plan_id"),
    Column("external_ref", String(64), nullable=True),
    Column("batch_set_id", ID, nullable=False),
    Column("network_id", ID, nullable=False),
    Column("keep_plan_id", ID, nullable=True),
    Column("request", Text, nullable=False),
    Column("summary", Text, nullable=True),
    Column("plan_sha256", SHA256, nullable=True),
    _ms("created_ms"),
    PrimaryKeyConstraint("tenant_id", "plan_id"),
    UniqueConstraint("tenant_id", "external_ref"),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["jobs.tenant_id", "jobs.job_id"]),
    ForeignKeyConstraint(["tenant_id", "batch_set_id"], ["batch_sets.tenant_id", "batch_sets.batch_set_id"]),
    Index(None, "tenant_id", "created_ms", "plan_id"),
    Index(None, "tenant_id", "batch_set_id", "created_ms"),
)

plan_batches = Table(
    "plan_batches",
    metadata,
    _tenant(),
    _id("plan_id"),
    Column("position", Integer, nullable=False),
    Column("external_ref", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # planned, partly, unplanned
    Column("document", Text, nullable=False),
    Column("sha256", SHA256, nullable=False),
    _ms("changed_ms"),  # when this outcome was first found for the batch, over the plans before this one
    PrimaryKeyConstraint("tenant_id", "plan_id", "position"),
    UniqueConstraint("tenant_id", "plan_id", "external_ref"),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plans.tenant_id", "plans.plan_id"]),
)

plan_departures = Table(
    "plan_departures",
    metadata,
    _tenant(),
    _id("plan_id"),
    Column("position", Integer, nullable=False),
    Column("document", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "plan_id", "position"),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plans.tenant_id", "plans.plan_id"]),
)

comparisons = Table(
    "comparisons",
    metadata,
    _tenant(),
    _id("comparison_id"),
    Column("external_ref", String(64), nullable=True),
    Column("batch_set_id", ID, nullable=False),
    Column("network_id", ID, nullable=False),
    Column("request", Text, nullable=False),
    Column("summary", Text, nullable=True),
    _ms("created_ms"),
    PrimaryKeyConstraint("tenant_id", "comparison_id"),
    UniqueConstraint("tenant_id", "external_ref"),
    ForeignKeyConstraint(["tenant_id", "comparison_id"], ["jobs.tenant_id", "jobs.job_id"]),
    ForeignKeyConstraint(["tenant_id", "batch_set_id"], ["batch_sets.tenant_id", "batch_sets.batch_set_id"]),
    Index(None, "tenant_id", "created_ms", "comparison_id"),
)

files = Table(
    "files",
    metadata,
    _tenant(),
    _id("job_id"),
    Column("name", String(120), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", SHA256, nullable=False),
    Column("deflated", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant_id", "job_id", "name"),
    ForeignKeyConstraint(["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.job_id"]),
)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    _tenant(),
    _id("endpoint_id"),
    Column("url", String(2000), nullable=False),
    Column("description", NAME, nullable=False),
    Column("events", Text, nullable=False),  # types wanted, separated by blanks; empty = all
    Column("state", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("secret_number", Integer, nullable=False),
    _ms("rotated_ms", optional=True),
    _ms("created_ms"),
    PrimaryKeyConstraint("tenant_id", "endpoint_id"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
    CheckConstraint("state in ('enabled', 'disabled', 'gone')", name="state"),
)

events = Table(
    "events",
    metadata,
    _tenant(),
    _id("event_id"),
    Column("object_id", ID, nullable=False),
    Column("sequence", BigInteger, nullable=False),  # 1, 2, 3 ... of the object, without gaps
    Column("type", String(64), nullable=False),
    Column("body", Text, nullable=False),
    _ms("created_ms"),
    PrimaryKeyConstraint("tenant_id", "event_id"),
    UniqueConstraint("tenant_id", "object_id", "sequence"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _tenant(),
    _id("delivery_id"),
    _id("endpoint_id"),
    _id("event_id"),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),  # tries that have ended
    Column("fence", BigInteger, nullable=False),  # number of the claim, as of jobs
    _ms("next_ms", optional=True),  # when it is due; while a try is under way, when its lease runs out
    _ms("tried_ms", optional=True),
    Column("status_code", Integer, nullable=True),
    Column("error", String(300), nullable=True),
    _ms("created_ms"),
    _ms("delivered_ms", optional=True),
    PrimaryKeyConstraint("tenant_id", "delivery_id"),
    ForeignKeyConstraint(
        ["tenant_id", "endpoint_id"],
        ["webhook_endpoints.tenant_id", "webhook_endpoints.endpoint_id"],
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(["tenant_id", "event_id"], ["events.tenant_id", "events.event_id"]),
    CheckConstraint("state in ('pending', 'sending', 'delivered', 'failed')", name="state"),
    Index(None, "tenant_id", "endpoint_id", "state", "next_ms"),
    Index(None, "tenant_id", "endpoint_id", "created_ms", "delivery_id"),
)
