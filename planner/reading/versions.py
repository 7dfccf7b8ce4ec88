"""Two plan documents -> their difference."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from planner.diff import PlanDiff, Version, compare
from planner.errors import InputError, Issue
from planner.reading.documents import plan_of, read_batch_facts, read_document

if TYPE_CHECKING:
    from planner.reading.json_nodes import Node


def read_diff(old: tuple[bytes, str], new: tuple[bytes, str]) -> PlanDiff:
    """Difference of two plan documents.

    Parameters
    ----------
    old, new
        Bytes of the documents, and how faults call them.

    Raises
    ------
    InputError
        With the faults of the first that is no plan document; or if their money can't be compared.
    """
    before, after = (read_document(BytesIO(content), name) for content, name in (old, new))
    try:
        return compare(_version(before), _version(after))
    except ValueError as error:
        hint = "plan both in one --currency"
        raise InputError(
            [Issue(file=new[1], column="/plan/currency", reason=str(error), hint=hint)]
        ) from None


def _version(document: Node) -> Version:
    due_min = {facts.batch_id: facts.due_min for facts in read_batch_facts(document)}
    return Version(plan=plan_of(document), due_min=due_min)
