"""A saved plan of which something is kept -> a problem in which it is fixed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from planner.keep import kept_of
from planner.reading.documents import plan_of, read_batch_facts, read_document

if TYPE_CHECKING:
    from planner.model.problem import Problem


def read_kept(
    problem: Problem, content: bytes, name: str, freeze_before_min: int | None
) -> tuple[Problem, str]:
    """Problem in which the booked itineraries of a plan document are kept, and the SHA-256 of its bytes.

    What the document works out for its readers (sums, hash) is not read: to book an itinerary, setting its
    ``booked`` is enough.

    Parameters
    ----------
    content, name
        Bytes of the plan document, and how faults call it.
    freeze_before_min
        What has left before this moment is kept as well; ``None`` = only what is booked.

    Raises
    ------
    InputError
        If the document is none, or something in it can't be kept any more.
    """
    document = read_document(BytesIO(content), name)
    kept = kept_of(problem, plan_of(document), read_batch_facts(document), freeze_before_min)
    return replace(problem, kept=kept), hashlib.sha256(content).hexdigest()
