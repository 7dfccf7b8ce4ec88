"""Comparisons on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from service.plans.schemas import JobTold
from service.schema import Told


class ComparisonTold(JobTold):
    """A comparison, from queued to done."""

    id: str
    external_ref: str | None = None
    batch_set_id: str
    network_id: str
    summary: dict[str, Any] | None = Field(None, description="What each alternative comes to.")
    request: dict[str, Any] | None = Field(None, description="What was asked; not in lists.")
    links: dict[str, str]


class ComparisonPage(Told):
    """Comparisons, the newest first."""

    items: list[ComparisonTold]
    next_cursor: str | None = None


class FileTold(Told):
    """A result file."""

    name: str
    media_type: str
    size: int
    sha256: str
    link: str


class FileList(Told):
    """Result files: of the comparison, and of the plan of each alternative in a folder of its name."""

    items: list[FileTold]
