"""The files of a plan in a folder: each written whole or not at all."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from planner.render.csv import assignments_csv
from planner.render.document import json_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from planner.model.plans import Plan
    from planner.model.problem import Problem

PLAN = "plan.json"
ASSIGNMENTS = "assignments.csv"
_BYTE_ORDER_MARK = "\ufeff"


def make_folder(path: Path) -> Path:
    """Make the folder for results, before the work that fills it.

    Raises
    ------
    OSError
        If the results could not be written there.
    """
    path.mkdir(parents=True, exist_ok=True)
    for name in (PLAN, ASSIGNMENTS):
        if (path / name).is_dir():
            raise IsADirectoryError(None, f"{name} there is a folder", str(path))
    with TemporaryFile(dir=path):
        return path


def save_plan(folder: Path, problem: Problem, plan: Plan, document: Mapping[str, Any]) -> None:
    """Write the plan document, and the table of who goes how, which spreadsheets open as UTF-8."""
    save(folder / PLAN, json_text(document))
    save(folder / ASSIGNMENTS, _BYTE_ORDER_MARK + assignments_csv(problem, plan))


def save(path: Path, text: str) -> None:
    """Write a text file as UTF-8, whole or not at all; raises as :func:`save_bytes` does."""
    save_bytes(path, text.encode())


def save_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    OSError
        If it can't be written; what stood there before is untouched.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
