"""What a child has left for pages: the first part of what its report shows, read for one request."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from planner.render.folder import SHOWN
from service.plans.repository import find_file
from service.problems import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

Json = dict[str, Any]
Places = dict[str, tuple[str, str]]
"""English and Chinese name by id."""


def read_shown(connection: Connection, tenant_id: str, job_id: str) -> Json:
    """Figures of a plan or comparison.

    Raises
    ------
    Problem
        404 if there are none.
    """
    found = find_file(connection, tenant_id, job_id, SHOWN)
    if found is None:
        raise not_found("result")
    shown: Json = json.loads(zlib.decompress(found.deflated))
    return shown


def places_of(shown: Mapping[str, Any]) -> Places:
    """Names of the places of a result."""
    return {place[0]: (place[1], place[2]) for place in shown["lists"]["places"]}


def types_of(shown: Mapping[str, Any]) -> Places:
    """Names of the vehicle types of a result."""
    return {known[0]: (known[1], known[2]) for known in shown["lists"]["types"]}


def services_of(shown: Mapping[str, Any]) -> dict[str, str]:
    """Names of the services that a result rides."""
    return {service[0]: service[1] for service in shown["lists"]["services"]}
