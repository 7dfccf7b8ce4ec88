"""Networks on the wire."""

from __future__ import annotations

from pydantic import Field

from service.problems import Fault
from service.schema import Moment, Told


class NetworkReport(Told):
    """What came of reading a network."""

    rows: dict[str, int] = Field(description="Number of rows by table.")
    notes: list[Fault] = Field(description="What of the archive was left out.")


class NetworkTold(Told):
    """A network: places, services, calendars and prices, as they were when they were handed in."""

    id: str
    name: str
    content_sha256: str = Field(description="Of names and bytes of its tables, as plans name it.")
    is_shipped: bool = Field(description="Whether it comes with the program.")
    created_at: Moment | None = Field(description="Null of the shipped network.")
    report: NetworkReport
    links: dict[str, str]


class NetworkPage(Told):
    """Networks, the newest first; the shipped one is the last."""

    items: list[NetworkTold]
    next_cursor: str | None = None
