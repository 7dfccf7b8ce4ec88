"""Batch sets on the wire."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from service.problems import Fault
from service.schema import Asked, ExternalRef, Id, Moment, Name, Told

OnError = Literal["refuse", "skip"]
Cell = str | int | list[str] | None


class BatchSetAsked(Asked):
    """A new, open batch set."""

    name: Name = "batches"
    external_ref: ExternalRef | None = None
    network_id: Id = "shipped"


class BatchSetChange(Asked):
    """What of a batch set may be changed."""

    name: Name


class BatchSetTold(Told):
    """A batch set."""

    id: str
    name: str
    external_ref: str | None
    network_id: str
    state: Literal["open", "closed"]
    version: int
    num_batches: int
    vehicles: int
    created_at: Moment
    closed_at: Moment | None


class BatchSetPage(Told):
    """Batch sets, the newest first."""

    items: list[BatchSetTold]
    next_cursor: str | None = None


class BatchAsked(Asked):
    """One batch, as a JSON batch file has it, its id being ``externalRef``.

    Cells are texts, by the rules of a batch file; whole numbers and lists of texts are taken, too.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "externalRef": "EXP-0001",
                    "shipper": "BYD",
                    "origin": "BYD-CGO",
                    "destination": "CMP-RUHR",
                    "vehicleType": "atto-3",
                    "vehicles": 120,
                    "ready": "2027-03-01",
                    "due": "2027-05-20",
                }
            ]
        }
    )

    external_ref: Cell = None
    shipper: Cell = None
    origin: Cell = None
    destination: Cell = None
    vehicle_type: Cell = None
    vehicles: Cell = None
    ready: Cell = None
    due: Cell = None
    early_price: Cell = None
    late_price: Cell = None
    unplanned_price: Cell = None
    priority: Cell = None
    split: Cell = None
    min_part: Cell = None
    modes: Cell = None
    not_modes: Cell = None
    via: Cell = None
    not_via: Cell = None
    value_per_vehicle: Cell = None
    reference: Cell = None


class BatchesAsked(Asked):
    """Batches to be put into a set: new ones at its end, known ones in their place."""

    batches: list[BatchAsked] = Field(min_length=1)


class BatchTold(Told):
    """A batch of a set."""

    external_ref: str
    position: int
    version: int
    updated_at: Moment
    batch: dict[str, Any] = Field(description="The row, as it was accepted.")


class BatchPage(Told):
    """Batches, in the order they came."""

    items: list[BatchTold]
    next_cursor: str | None = None


class PutReport(Told):
    """What became of rows that were handed in."""

    is_dry_run: bool
    accepted: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    num_errors: int
    errors: list[Fault] = Field(description="The first 1,000 of them.")
    notes: list[Fault] = Field(description="What was read although it stood there otherwise.")


class UploadTold(PutReport):
    """An uploaded file, and what became of its rows."""

    id: str
    file_name: str
    format: str
    state: Literal["accepted", "partly", "refused", "tried"]
    num_rows: int
    created_at: Moment
    links: dict[str, str]


class UploadPage(Told):
    """Uploads, the newest first."""

    items: list[UploadTold]
    next_cursor: str | None = None
