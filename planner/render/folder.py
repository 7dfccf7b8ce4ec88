"""The files of a plan in a folder: each written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from planner.render.csv import assignments_csv
from planner.render.document import json_text, plan_document, plan_hash
from planner.render.drawn_plan import draw_plan
from planner.render.geojson import geojson_text
from planner.render.languages import ENGLISH
from planner.render.plan_features import plan_features
from planner.render.report_html import report_page
from planner.render.room_views import bookings_view
from planner.render.views import view_csv
from planner.render.workbook import plan_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from planner.model.alternatives import Alternative, Planned
    from planner.model.plans import Plan
    from planner.model.problem import Problem
    from planner.render.run_record import RunRecord

PLAN = "plan.json"
COMPARISON = "comparison.json"
ASSIGNMENTS = "assignments.csv"
BOOKINGS = "booking.csv"
WORKBOOK = "plan.xlsx"
FEATURES = "plan.geojson"
REPORT = "report.html"
FILES = (PLAN, ASSIGNMENTS, BOOKINGS, WORKBOOK, FEATURES, REPORT)
_BYTE_ORDER_MARK = "\ufeff"


def make_folder(path: Path) -> Path:
    """Make the folder for results, before the work that fills it.

    Raises
    ------
    OSError
        If the results could not be written there.
    """
    path.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (path / name).is_dir():
            raise IsADirectoryError(None, f"{name} there is a folder", str(path))
    with TemporaryFile(dir=path):
        return path


def save_plan(
    folder: Path,
    problem: Problem,
    plan: Plan,
    document: Mapping[str, Any],
    lang: str = ENGLISH,
    compared: Sequence[Alternative] = (),
) -> None:
    """Write the plan document, its tables, all of it as a workbook, its flows as features, and the report.

    Spreadsheets open the tables as UTF-8.

    Parameters
    ----------
    lang
        The language that the report opens in.
    compared
        Alternatives that were planned together, if the plan is of one of them.
    """
    save(folder / PLAN, json_text(document))
    save(folder / ASSIGNMENTS, _BYTE_ORDER_MARK + assignments_csv(problem, plan))
    save(folder / BOOKINGS, _BYTE_ORDER_MARK + view_csv(bookings_view(problem, plan)))
    save(folder / WORKBOOK, plan_workbook(problem, plan, document))
    drawn = draw_plan(problem.network, plan)
    features = plan_features(problem.network, plan, drawn, plan_hash(document))
    save(folder / FEATURES, geojson_text(features))
    save(folder / REPORT, report_page(problem, plan, document, drawn, lang, compared=compared))


def save_comparison(
    folder: Path,
    plans: Sequence[Planned],
    shown: int,
    document: Mapping[str, Any],
    record: RunRecord,
    lang: str = ENGLISH,
) -> None:
    """Write the comparison, the files of every plan into a folder named as its alternative, and the report.

    Parameters
    ----------
    shown
        Number of the plan that the report of the comparison shows beside it.
    lang
        The language that all reports open in.
    """
    save(folder / COMPARISON, json_text(document))
    compared = [one.alternative for one in plans]
    for number, one in enumerate(plans):
        problem, plan, name = one.problem, one.result.plan, one.alternative.name
        own = plan_document(problem, one.result, record)
        save_plan(make_folder(folder / name), problem, plan, own, lang, compared)
        if number == shown:
            drawn = draw_plan(problem.network, plan)
            page = report_page(
                problem,
                plan,
                own,
                drawn,
                lang,
                comparison=document["comparison"],
                alternative=name,
                compared=compared,
            )
            save(folder / REPORT, page)


def save(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; text is written as UTF-8.

    Raises
    ------
    OSError
        If it can't be written; what stood there before is untouched.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        error.filename = str(path)  # nobody asked for the part
        raise
