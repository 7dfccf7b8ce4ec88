"""Rules of networks: snapshots that never change, told apart by their content; one comes with the program."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from planner.reading.schema import describe_tables, shipped_folder
from planner.reading.tables import read_network
from service.jobs.inputs import SHIPPED
from service.networks import repository
from service.networks.schemas import NetworkReport, NetworkTold
from service.problems import not_found
from service.schema import moment

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Row

_MADE = (1980, 1, 1, 0, 0, 0)
"""The same tables give the same archive."""


@dataclass(frozen=True, slots=True)
class ShippedNetwork:
    """The network that comes with the program, as a row of the others."""

    content_sha256: str
    report: str
    network_id: str = SHIPPED
    name: str = "shipped"
    created_ms: int = 0


@cache
def shipped_network() -> ShippedNetwork:
    """The network that comes with the program; read once, when it is first asked for."""
    network = read_network()
    rows = {table: len(sources) for table, sources in network.row_sources.items()}
    report = NetworkReport(rows=rows | {"sources": len(network.sources)}, notes=[])
    return ShippedNetwork(network.digest, report.model_dump_json(by_alias=True))


@cache
def shipped_tables() -> bytes:
    """Its tables, as an archive."""
    folder = shipped_folder()
    files = [table.file for table in describe_tables().values()]
    return packed({file: (folder / file).read_bytes() for file in files if (folder / file).is_file()})


def packed_tables(folder: Path) -> bytes:
    """Tables of a folder, as an archive."""
    return packed({path.name: path.read_bytes() for path in folder.iterdir()})


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of files, in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _MADE), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def get_network(connection: Connection, tenant_id: str, network_id: str) -> Row[Any] | ShippedNetwork:
    """A network.

    Raises
    ------
    Problem
        404 if there is none.
    """
    if network_id == SHIPPED:
        return shipped_network()
    found = repository.find_network(connection, tenant_id, network_id)
    if found is None:
        raise not_found("network")
    return found


def get_tables(connection: Connection, tenant_id: str, network_id: str) -> bytes:
    """The tables of a network, as an archive.

    Raises
    ------
    Problem
        404 if there is no such network.
    """
    if network_id == SHIPPED:
        return shipped_tables()
    found = repository.find_tables(connection, tenant_id, network_id)
    if found is None:
        raise not_found("network")
    return found


def tell_network(row: Row[Any] | ShippedNetwork) -> dict[str, Any]:
    """A network on the wire."""
    here = f"/v1/networks/{row.network_id}"
    is_shipped = row.network_id == SHIPPED
    return NetworkTold(
        id=row.network_id,
        name=row.name,
        content_sha256=row.content_sha256,
        is_shipped=is_shipped,
        created_at=None if is_shipped else moment(row.created_ms),
        report=NetworkReport.model_validate(json.loads(row.report)),
        links={"self": here, "report": f"{here}/report", "tables": f"{here}/tables.zip"},
    ).model_dump(by_alias=True)
