"""SQL of what callers ask for and jobs do: plans and comparisons, each a table beside the jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, Join, Row, Select, Table, and_, bindparam, insert, select, tuple_

from service.jobs.columns import SHOWN
from service.store.tables import jobs


@dataclass(frozen=True)
class AskedJobs:
    """Rows of a table that share their ids with their jobs."""

    table: Table
    id_name: str

    @property
    def _id(self) -> Column[Any]:
        return self.table.c[self.id_name]

    @cached_property
    def _both(self) -> Join:
        return self.table.join(
            jobs, and_(jobs.c.tenant_id == self.table.c.tenant_id, jobs.c.job_id == self._id)
        )

    @cached_property
    def _one(self) -> Select[Any]:
        # What is asked for more often than all else is put together once.
        mine = and_(self.table.c.tenant_id == bindparam("tenant"), self._id == bindparam("identity"))
        return select(self.table, *SHOWN).select_from(self._both).where(mine)

    def add(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Add one; its job is there already."""
        connection.execute(insert(self.table).values(dict(values)))

    def find(self, connection: Connection, tenant_id: str, identity: str) -> Row[Any] | None:
        """One with its job."""
        return connection.execute(self._one, {"tenant": tenant_id, "identity": identity}).one_or_none()

    def find_by_ref(self, connection: Connection, tenant_id: str, external_ref: str) -> Row[Any] | None:
        """One by the caller's own name for it."""
        mine = and_(self.table.c.tenant_id == tenant_id, self.table.c.external_ref == external_ref)
        return connection.execute(select(self._id).where(mine)).one_or_none()

    def list_all(
        self,
        connection: Connection,
        tenant_id: str,
        after: Sequence[Any] | None,
        limit: int,
        *,
        state: str | None = None,
        batch_set_id: str | None = None,
        external_ref: str | None = None,
    ) -> Sequence[Row[Any]]:
        """All with their jobs, the newest first."""
        own = self.table.c
        statement = select(self.table, *SHOWN).select_from(self._both).where(own.tenant_id == tenant_id)
        if state is not None:
            statement = statement.where(jobs.c.state == state)
        if batch_set_id is not None:
            statement = statement.where(own.batch_set_id == batch_set_id)
        if external_ref is not None:
            statement = statement.where(own.external_ref == external_ref)
        if after is not None:
            statement = statement.where(tuple_(own.created_ms, self._id) < tuple_(*after))
        return connection.execute(
            statement.order_by(own.created_ms.desc(), self._id.desc()).limit(limit)
        ).all()
