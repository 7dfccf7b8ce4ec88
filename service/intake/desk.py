"""Reads rows that clients send, against the network they name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from planner.errors import Issue
from planner.reading.batch_columns import BATCH_COLUMNS
from planner.reading.batches import read_intake
from planner.reading.tables import read_network

_COLUMN_OF_KEY = {column.key: column.id for column in BATCH_COLUMNS}


@dataclass(frozen=True, slots=True)
class Row:
    """A good row: its batch, and its cells by column."""

    batch_id: str
    vehicles: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What came of reading."""

    rows: Sequence[Row]
    issues: Sequence[Issue]
    notes: Sequence[Issue]
    is_whole: bool
    num_rows: int


class IntakeDesk:
    """Reads one request after another."""

    def start(self) -> None:
        """Begin."""

    def close(self) -> None:
        """End."""

    def read_rows(self, rows: list[dict[str, Any]], network: Path | None) -> Parsed:
        """Rows of a request."""
        items = [
            {"batchId" if key == "externalRef" else key: value for key, value in row.items()} for row in rows
        ]
        return self.read_upload(json.dumps({"batches": items}).encode(), "body", network)

    def read_upload(self, content: bytes, file_name: str, network: Path | None) -> Parsed:
        """A JSON file of batches."""
        intake = read_intake(BytesIO(content), read_network(network), file_name)
        items = json.loads(content)["batches"]
        found = {str(item.get("batchId")): item for item in items}
        rows = [
            Row(
                batch.id,
                batch.vehicles,
                {
                    _COLUMN_OF_KEY[key]: ";".join(value) if isinstance(value, list) else str(value)
                    for key, value in found[batch.id].items()
                },
            )
            for batch in intake.batches
        ]
        return Parsed(rows, intake.issues, intake.notes, intake.is_whole, len(items))
