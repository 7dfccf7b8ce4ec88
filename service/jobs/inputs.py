"""What a child needs, gathered from the database into its folder."""

from __future__ import annotations

import json
import shutil
import tempfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from sqlalchemy import Connection, and_, select

from service.jobs.children import BATCHES, KEPT
from service.jobs.queue import PLAN, Claim
from service.store.tables import batches, comparisons, files, networks, plans

if TYPE_CHECKING:
    from sqlalchemy import Row

SHIPPED = "shipped"
"""Id of the network that comes with the program."""


def gather(connection: Connection, claim: Claim, folder: Path, networks_folder: Path) -> dict[str, Any]:
    """Write the inputs of a job; the task as its child reads it.

    Parameters
    ----------
    networks_folder
        Where snapshots are unpacked, once each.
    """
    made = _made(connection, claim)
    items = list_batches(connection, claim.tenant_id, made.batch_set_id)
    (folder / BATCHES).write_bytes(batches_json(items))
    if claim.kind == PLAN and made.keep_plan_id is not None:
        kept = read_file(connection, claim.tenant_id, made.keep_plan_id, "plan.json")
        if kept is None:
            raise LookupError(f"{made.keep_plan_id} has no plan document")
        (folder / KEPT).write_bytes(kept)
    network = find_network(connection, claim.tenant_id, made.network_id, networks_folder)
    return {
        "kind": claim.kind,
        "network": None if network is None else str(network),
        "request": json.loads(made.request),
    }


def list_batches(connection: Connection, tenant_id: str, batch_set_id: str) -> list[str]:
    """Rows of a batch set as JSON texts, in the order they came."""
    mine = and_(batches.c.tenant_id == tenant_id, batches.c.batch_set_id == batch_set_id)
    return list(
        connection.execute(select(batches.c.document).where(mine).order_by(batches.c.position)).scalars()
    )


def batches_json(items: list[str]) -> bytes:
    """A JSON batch file of rows."""
    return ('{"batches":[' + ",\n".join(items) + "]}").encode()


def find_network(connection: Connection, tenant_id: str, network_id: str, folder: Path) -> Path | None:
    """Folder of a snapshot's tables, unpacked if it is not there yet; ``None`` = the shipped one."""
    if network_id == SHIPPED:
        return None
    into = folder / tenant_id / network_id
    if not into.is_dir():
        mine = and_(networks.c.tenant_id == tenant_id, networks.c.network_id == network_id)
        content = connection.execute(select(networks.c.tables_zip).where(mine)).scalar_one()
        unpack(content, into)
    return into


def read_file(connection: Connection, tenant_id: str, job_id: str, name: str) -> bytes | None:
    """Content of a result file."""
    mine = and_(files.c.tenant_id == tenant_id, files.c.job_id == job_id, files.c.name == name)
    deflated = connection.execute(select(files.c.deflated).where(mine)).scalar_one_or_none()
    return None if deflated is None else zlib.decompress(deflated)


def _made(connection: Connection, claim: Claim) -> Row[Any]:
    if claim.kind == PLAN:
        mine = and_(plans.c.tenant_id == claim.tenant_id, plans.c.plan_id == claim.job_id)
        return connection.execute(select(plans).where(mine)).one()
    mine = and_(comparisons.c.tenant_id == claim.tenant_id, comparisons.c.comparison_id == claim.job_id)
    return connection.execute(select(comparisons).where(mine)).one()


def unpack(content: bytes, into: Path) -> None:
    """Unpack whole or not at all: another thread may be reading there. The zip is one that we have made."""
    into.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=into.parent))
    try:
        with ZipFile(BytesIO(content)) as packed:
            for name in packed.namelist():
                (part / Path(name).name).write_bytes(packed.read(name))
        try:
            part.rename(into)
        except OSError:
            if not into.is_dir():
                raise
    finally:
        # Half of it must not take what room is left, nor must what another thread was quicker with.
        shutil.rmtree(part, ignore_errors=True)
