"""The report of a plan: one page with figures, map, timeline, chart and tables, no link to the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planner.render.languages import ENGLISH, LANGUAGE_TAGS, LANGUAGES
from planner.render.page import asset_text, fill, leaflet_program, leaflet_style, page_data, page_text
from planner.render.report_batches import report_batches
from planner.render.report_headline import report_headline
from planner.render.report_lists import ReportLists
from planner.render.report_map import report_map
from planner.render.report_record import command_again
from planner.render.report_room import report_room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.model.alternatives import Alternative
    from planner.model.plans import Plan
    from planner.model.problem import Problem
    from planner.render.drawn_plan import DrawnPlan

Json = dict[str, Any]

PROGRAMS = (
    *("words", "elements", "model", "chart_style", "filter", "headline", "map", "timeline", "chart", "table"),
    *("batches", "room", "money", "comparison", "comparison_charts", "study", "record", "start"),
)
"""Files of the program of the page, in the order in which they run."""
LICENCES = ("leaflet/LICENSE", *(f"echarts/{name}" for name in ("NOTICE", "LICENSE", "LICENSE-d3")))
LICENCES += ("echarts/LICENSE-zrender", "echarts/LICENSE-tslib")


def report_page(data: Mapping[str, Any], lang: str = ENGLISH) -> str:
    """The page of what :func:`report_data` gives.

    Parameters
    ----------
    lang
        The language it opens in, ``en`` or ``zh``; the page can change it.
    """
    words = report_words()
    return fill(
        asset_text("report.html"),
        {
            "lang": LANGUAGE_TAGS[lang],
            "title": page_text(words[lang]["title" if data["comparison"] is None else "title_compared"]),
            "leaflet_style": leaflet_style(),
            "style": asset_text("report.css"),
            "licences": "\n".join(asset_text(name) for name in LICENCES),
            "leaflet_program": leaflet_program(),
            "charts_program": asset_text("echarts/echarts.js"),
            "modes": asset_text("modes.js"),
            "shifted_line": asset_text("shifted_line.js"),
            "data": page_data({"lang": lang, "words": words, **data}),
            "program": program_text(PROGRAMS),
        },
    )


def program_text(names: Sequence[str]) -> str:
    """Files of the program, one after the other; they run in one scope, in which ``data`` is known."""
    return "\n".join(asset_text(f"report/{name}.js") for name in names)


def report_words() -> dict[str, dict[str, str]]:
    """Everything the page says in each language, by the name under which its program knows it."""
    words: dict[str, dict[str, str]] = json.loads(asset_text("report_words.json"))
    return {lang: words[lang] for lang in LANGUAGES}


def report_data(
    problem: Problem,
    plan: Plan,
    document: Mapping[str, Any],
    drawn: DrawnPlan,
    *,
    comparison: Json | None = None,
    alternative: str | None = None,
    compared: Sequence[Alternative] = (),
) -> Json:
    """What the page shows, in no language.

    Parameters
    ----------
    document
        The plan document: every figure that it holds is taken from it.
    drawn
        Where its flows are drawn.
    comparison
        ``comparison`` of a comparison document, shown before the plan; ``None`` leaves that out.
    alternative
        Name of the alternative whose plan it is, where there is a comparison.
    compared
        As of :func:`~planner.render.report_record.command_again`.
    """
    said = document["plan"]
    lists = ReportLists(problem.network)
    data = {
        "objective": plan.objective,
        "currency": plan.currency,
        "headline": report_headline(problem, plan, document),
        "batches": report_batches(problem, plan, document, drawn.flows.ways, lists),
        "map": report_map(plan, drawn, lists),
        "room": report_room(problem, plan, lists),
        "money": {name: said[name] for name in ("centsByKind", "gramsByMode", "dutyCents", "grounds")},
        "record": document["runRecord"],
    }
    return {
        **data,
        "lists": lists.document(),
        "command": command_again(document["runRecord"], compared),
        "comparison": comparison,
        "alternative": alternative,
    }
