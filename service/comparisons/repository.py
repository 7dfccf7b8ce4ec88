"""SQL of comparisons."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Row, and_, select

from service.jobs.asked_jobs import AskedJobs
from service.store.tables import comparisons, files

_ASKED = AskedJobs(comparisons, "comparison_id")
add, find, find_by_ref, list_all = _ASKED.add, _ASKED.find, _ASKED.find_by_ref, _ASKED.list_all


def list_files(
    connection: Connection, tenant_id: str, comparison_id: str
) -> Sequence[Row[str, str, int, str]]:
    """Result files, without their content."""
    mine = and_(files.c.tenant_id == tenant_id, files.c.job_id == comparison_id)
    shown = select(files.c.name, files.c.media_type, files.c.size, files.c.sha256)
    return connection.execute(shown.where(mine).order_by(files.c.name)).all()
