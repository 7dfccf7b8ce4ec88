"""Jobs put into a database by hand, claimed, and what stands there afterwards."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from service.jobs import lost, queue
from service.jobs.queue import Claim
from service.store.database import Database
from service.store.tables import batch_sets, batches, jobs, plans

TENANTS = ("anna", "boris", "chen", "dana")
LEASE_MS = 20_000


def put(database: Database, job_id: str, tenant_id: str = "anna", *, now_ms: int = 1, **values: Any) -> None:
    """A queued job, or one with these values."""
    with database.write() as connection:
        queue.put(connection, tenant_id, job_id, queue.PLAN, now_ms, time_limit_s=60, memory_limit_mb=1_000)
        if values:
            connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(values))


def put_plan(database: Database, wish: str, job_id: str = "pln_1", **values: Any) -> None:
    """A queued job with all that its child needs, whose plan has this ``externalRef``."""
    put(database, job_id, **values)
    own = {"tenant_id": "anna", "batch_set_id": f"set_{job_id}"}
    document = json.dumps({"batchId": "B-1", "vehicles": "1"})
    with database.write() as connection:
        connection.execute(
            insert(batch_sets).values(
                **own,
                name="",
                network_id="shipped",
                state="closed",
                version=1,
                num_batches=1,
                vehicles=1,
                next_position=1,
                created_ms=1,
            )
        )
        connection.execute(
            insert(batches).values(
                **own, external_ref="B-1", position=0, vehicles=1, document=document, version=1, updated_ms=1
            )
        )
        connection.execute(
            insert(plans).values(
                **own,
                plan_id=job_id,
                external_ref=wish,
                network_id="shipped",
                request=json.dumps({"externalRef": wish}),
                created_ms=1,
            )
        )


def put_many(database: Database, names: list[str], **values: Any) -> None:
    """Many jobs with the same values."""
    row = {
        "tenant_id": "anna",
        "kind": queue.PLAN,
        "state": queue.QUEUED,
        "version": 1,
        "fence": 0,
        "attempts": 0,
        "time_limit_s": 60,
        "memory_limit_mb": 1_000,
        "created_ms": 1,
        **values,
    }
    with database.write() as connection:
        connection.execute(insert(jobs), [{**row, "job_id": name} for name in names])


def steady_ms(database: Database) -> int:
    with database.read() as connection:
        return database.steady_ms(database.now_ms(connection))


def claim_in(
    connection: Connection, database: Database, worker_id: str, most_running: int = 2
) -> Claim | None:
    """Claim a job in a transaction that goes on."""
    now_ms = database.now_ms(connection)
    until = database.steady_ms(now_ms) + LEASE_MS
    return queue.claim(connection, worker_id, now_ms, lease_until_ms=until, most_running=most_running)


def claim(database: Database, worker_id: str = "wrk_1", most_running: int = 2) -> Claim | None:
    with database.write() as connection:
        return claim_in(connection, database, worker_id, most_running)


def claimed(database: Database, job_id: str = "pln_1", worker_id: str = "wrk_1", **values: Any) -> Claim:
    """A job in the hands of a worker."""
    put(database, job_id, **values)
    found = claim(database, worker_id, most_running=1_000)
    assert found is not None
    assert found.job_id == job_id
    return found


def lose(database: Database, *job_ids: str) -> None:
    """Let the leases of jobs run out."""
    until = steady_ms(database) - 1
    with database.write() as connection:
        connection.execute(update(jobs).where(jobs.c.job_id.in_(job_ids)).values(lease_until_ms=until))


def job(database: Database, job_id: str = "pln_1") -> Row[Any]:
    with database.read() as connection:
        return connection.execute(select(jobs).where(jobs.c.job_id == job_id)).one()


def take_away(database: Database) -> list[str]:
    """Take lost jobs from their workers, as a reaper does; their ids."""
    with database.write() as connection:
        page = lost.list_page(connection, database.steady_ms(database.now_ms(connection)), None, None)
        for one in page:
            lost.take_back(connection, one, 9, max_attempts=9)
    return [one.job_id for one in page]
