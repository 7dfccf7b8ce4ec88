"""The two parts of what a report shows make the whole again."""

from __future__ import annotations

from planner.render.document import plan_document
from planner.render.drawn_plan import draw_plan
from planner.render.report_html import report_data
from planner.render.report_split import split_comparison, split_plan
from planner.render.run_record import RunRecord
from tests.render.report_pages import COMPARISON
from tests.render.sample_plan import PLAN, PROBLEM, RESULT

DOCUMENT = plan_document(PROBLEM, RESULT, RunRecord())
DRAWN = draw_plan(PROBLEM.network, PLAN)


def laid_over(first, rows):
    both = dict(first)
    for name, part in rows.items():
        both[name] = laid_over(both[name], part) if name in both else part
    return both


def test_a_plan_is_whole_again_but_for_the_base_map():
    data = report_data(PROBLEM, PLAN, DOCUMENT, DRAWN)
    first, rows = split_plan(data)
    whole = laid_over(first, rows)
    assert whole["map"].keys() == data["map"].keys() - {"land"}
    assert {name: part for name, part in whole.items() if name != "map"} == {
        name: part for name, part in data.items() if name != "map"
    }
    assert "batches" not in first


def test_a_comparison_is_whole_again_without_the_rows_of_its_plan():
    data = report_data(PROBLEM, PLAN, DOCUMENT, DRAWN, comparison=COMPARISON, alternative="best")
    first, rows = split_comparison(data)
    assert laid_over(first, rows)["comparison"] == COMPARISON
    assert "batches" not in first["comparison"]
    assert "batches" not in first["comparison"]["study"]
    assert not {"batches", "map", "room"} & first.keys()
