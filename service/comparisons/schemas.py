"""Comparisons on the wire."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from service.plans.schemas import JobTold
from service.schema import Told


class AlternativeSummary(Told):
    """What one alternative comes to."""

    name: str
    status: Literal["OPTIMAL", "FEASIBLE"]
    stopped_by: str | None
    gap: str | None
    plan_sha256: str
    wins: int = Field(description="Batches that do best here.")
    total: dict[str, int | None]


class ComparisonSummary(Told):
    """What the alternatives come to."""

    objective: str
    currency: str
    alternatives: list[AlternativeSummary]


class ComparisonTold(JobTold):
    """A comparison, from queued to done."""

    id: str
    external_ref: str | None = None
    batch_set_id: str
    network_id: str
    summary: ComparisonSummary | None = Field(None, description="Once there is a result.")
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
