"""The files of a plan in a folder: each written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from planner.render.csv import assignments_csv
from planner.render.document import json_text, plan_document, plan_hash
from planner.render.drawn_plan import draw_plan
from planner.render.geojson import compact_json, geojson_text
from planner.render.languages import ENGLISH
from planner.render.plan_features import plan_features
from planner.render.report_html import report_data, report_page
from planner.render.report_split import split_comparison, split_plan
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
SHOWN, SHOWN_ROWS = "shown.json", "shown_rows.json"
"""What a report shows: what is seen first, and what there is a row of for each batch."""
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
    *,
    keeps_data: bool = False,
) -> None:
    """Write the plan document, its tables, all of it as a workbook, its flows as features, and the report.

    Spreadsheets open the tables as UTF-8.

    Parameters
    ----------
    lang
        The language that the report opens in.
    compared
        Alternatives that were planned together, if the plan is of one of them.
    keeps_data
        Write what the report shows as files of their own, too, for a page that fetches them.
    """
    save(folder / PLAN, json_text(document))
    save(folder / ASSIGNMENTS, _BYTE_ORDER_MARK + assignments_csv(problem, plan))
    save(folder / BOOKINGS, _BYTE_ORDER_MARK + view_csv(bookings_view(problem, plan)))
    save(folder / WORKBOOK, plan_workbook(problem, plan, document))
    drawn = draw_plan(problem.network, plan)
    features = plan_features(problem.network, plan, drawn, plan_hash(document))
    save(folder / FEATURES, geojson_text(features))
    shown = report_data(problem, plan, document, drawn, compared=compared)
    save(folder / REPORT, report_page(shown, lang))
    if keeps_data:
        first, rows = split_plan(shown)
        _save_shown(folder, {**first, "difference": document["difference"]}, rows)


def save_comparison(
    folder: Path,
    plans: Sequence[Planned],
    shown: int,
    document: Mapping[str, Any],
    record: RunRecord,
    lang: str = ENGLISH,
    *,
    keeps_data: bool = False,
) -> None:
    """Write the comparison, the files of every plan into a folder named as its alternative, and the report.

    Parameters
    ----------
    shown
        Number of the plan that the report of the comparison shows beside it.
    lang
        The language that all reports open in.
    keeps_data
        As of :func:`save_plan`.
    """
    save(folder / COMPARISON, json_text(document))
    compared = [one.alternative for one in plans]
    for number, one in enumerate(plans):
        problem, plan, name = one.problem, one.result.plan, one.alternative.name
        own = plan_document(problem, one.result, record)
        save_plan(make_folder(folder / name), problem, plan, own, lang, compared)
        if number == shown:
            drawn = draw_plan(problem.network, plan)
            beside = {"comparison": document["comparison"], "alternative": name}
            data = report_data(problem, plan, own, drawn, **beside, compared=compared)
            save(folder / REPORT, report_page(data, lang))
            if keeps_data:
                _save_shown(folder, *split_comparison(data))


def _save_shown(folder: Path, first: Mapping[str, Any], rows: Mapping[str, Any]) -> None:
    save(folder / SHOWN, compact_json(first))
    save(folder / SHOWN_ROWS, compact_json(rows))


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
