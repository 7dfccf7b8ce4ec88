"""The report: all in one file, nothing from outside, the figures of the document, words in two languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files

import pytest

from planner.clock import EPOCH
from planner.costing import part_cents
from planner.model.alternatives import ALTERNATIVES
from planner.model.places import PLACE_KINDS
from planner.model.plans import COST_KINDS, STAGE_KINDS, UNPLANNED_REASONS
from planner.model.problem import OBJECTIVES
from planner.model.services import CAPACITY_UNITS, MODES, ROAD
from planner.model.sweeps import KINDS
from planner.render.drawn_plan import draw_plan
from planner.render.languages import LANGUAGES
from planner.render.page import asset_text
from planner.render.report_html import LICENCES, PROGRAMS, report_data, report_page, report_words
from planner.solver.baseline import MOST_KM
from tests.render.report_pages import COMPARISON, EVIL, comparison_of, data_of, many, report, with_names
from tests.render.sample_plan import PLAN, PROBLEM, RESULT

NAMESPACE = "http://www.w3.org/"
LEAFLET = "https://leafletjs.com"  # in the head of its licence
IN_LICENCES = set(re.findall(r"https?://[^\s\"'<>)]*", "\n".join(asset_text(name) for name in LICENCES)))


@pytest.fixture(scope="module")
def sample():
    return report()


@pytest.fixture(scope="module")
def page(sample):
    return sample[0]


@pytest.fixture(scope="module")
def data(page):
    return data_of(page)


@pytest.fixture(scope="module")
def program():
    return "\n".join(asset_text(f"report/{name}.js") for name in PROGRAMS)


def test_nothing_is_loaded_from_outside(page):
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'" in page
    assert re.findall(r"""<[^>]*\b(?:src|href)\s*=\s*["'][^#"']""", page) == []
    assert re.findall(r"@import|url\((?!#)|<link|<iframe|<img|sourceMappingURL|\bimport\(", page) == []


def test_the_only_addresses_are_those_of_licences_and_namespaces(page):
    addresses = set(re.findall(r"https?://[^\s\"'<>)]*", page))
    assert {address for address in addresses if not address.startswith(NAMESPACE)} <= {*IN_LICENCES, LEAFLET}
    for words in ("Apache License", "Copyright (c) 2017, Baidu", "Redistributions in binary form"):
        assert words in page


def test_every_file_of_the_program_is_in_the_page(page):
    shipped = {path.name for path in files("planner.render").joinpath("assets", "report").iterdir()}
    assert shipped == {f"{name}.js" for name in PROGRAMS}
    assert all(asset_text(f"report/{name}.js") in page for name in PROGRAMS)


def test_names_are_data_and_never_markup(page):
    evil, _ = report(*with_names(EVIL), comparison=comparison_of(EVIL))
    assert evil.count("</script>") == page.count("</script>")
    assert "<img" not in evil
    assert "\u2028" not in evil
    names = {place[1] for place in data_of(evil)["lists"]["places"]}
    assert names == {EVIL}


def test_the_program_sets_names_as_text(program):
    forbidden = (
        r"(?:inner|outer)HTML|insertAdjacent|document\.write|\beval\(|bind(?:Popup|Tooltip)|fetch\(|XMLHttp"
    )
    assert re.findall(forbidden, program) == []


def test_equal_input_gives_equal_bytes(page):
    assert report()[0] == page


@pytest.mark.parametrize(
    ("lang", "tag", "title"), [("en", "en", "Export plan"), ("zh", "zh-Hans", "出口运输")]
)
def test_the_page_opens_in_a_language_and_holds_both(lang, tag, title):
    page, _ = report(lang=lang)
    assert f'<html lang="{tag}">' in page
    assert f"<title>{title}" in page
    data = data_of(page)
    assert data["lang"] == lang
    assert data["words"] == report_words()


def test_both_languages_have_the_words_that_are_said_and_no_others(program):
    english, chinese = (report_words()[lang] for lang in LANGUAGES)
    assert set(english) == set(chinese)
    for word, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", chinese[word])), word
        assert text or chinese[word] == text, word
    shell = asset_text("report.html")
    said = set(re.findall(r'\b(?:say|word|counted)\(\s*"([\w-]+)"', program))
    said |= set(re.findall(r'data-(?:word|label)="(\w+)"', shell))
    assert said <= set(english)
    spoken = {word for word in english if f'"{word}"' in program or f'"{word}"' in shell}
    spoken |= {f"{word}_one" for word in spoken if f"{word}_one" in english}
    from_tables = {
        *PLACE_KINDS,
        *MODES,
        ROAD,
        *(f"unit_{unit}" for unit in CAPACITY_UNITS),
        *(f"kind_{kind}" for kind in COST_KINDS),
        *(f"{what}_{reason}" for what in ("reason", "why") for reason in UNPLANNED_REASONS),
        *(f"objective_{objective}" for objective in OBJECTIVES),
    }
    assert from_tables <= set(english)
    # Words put together of a beginning and what the program or the data names.
    built = re.compile(r"(?:state|order|place|ground|booking|duty|alternative|sweep|axis|wish)_[\w-]+")
    rest = {word for word in set(english) - spoken - from_tables if not built.fullmatch(word)}
    assert rest == baseline_reasons()


def baseline_reasons():
    return {
        "the network has no reference service",
        "the type never travels in boxes",
        f"the origin is over {MOST_KM:,} km from the reference terminal",
        "no reference train leads there",
        "not computed",
    }


def test_sums_agree_with_the_document_to_the_cent(data, sample):
    document = sample[1]["plan"]
    head, batches = data["headline"], data["batches"]
    assert head["cents"] == document["cents"] == sum(batch["cents"] for batch in batches)
    assert head["grams"] == document["grams"] == sum(batch["grams"] for batch in batches)
    assert data["money"]["centsByKind"] == document["centsByKind"]
    assert sum(data["money"]["centsByKind"].values()) == head["cents"]
    assert sum(mode["cents"] for mode in head["modes"]) == head["cents"]
    assert sum(mode["vehicles"] for mode in head["modes"]) == document["totals"]["plannedVehicles"]
    assert {key: head[key] for key in document["totals"]} == document["totals"]
    for batch, said in zip(batches, document["batches"], strict=True):
        assert sum(way["cents"] for way in batch["ways"]) == batch["cents"] == said["cents"]
        assert sum(way["grams"] for way in batch["ways"]) == batch["grams"] == said["grams"]
        assert sum(way["vehicles"] for way in batch["ways"]) == batch["planned"] == said["plannedVehicles"]
        assert batch["unplanned"] == said["unplanned"]
        assert batch["baseline"] == said["baseline"]
    cents = part_cents(PLAN.batches[0])
    by_part = dict.fromkeys(cents, 0)
    for way in batches[0]["ways"]:
        by_part[way["part"]] += way["cents"]
    assert by_part == cents


def test_prices_of_a_way_are_those_of_the_document(data, sample):
    way, said = data["batches"][0]["ways"][0], sample[1]["plan"]["batches"][0]["itineraries"][0]
    lines = [
        {
            "kind": kind,
            "label": label,
            "stage": stage,
            "per": ["vehicle", "box", "part"][per],
            "unitCents": cents,
        }
        for (kind, label), stage, per, cents in (
            (data["lists"]["labels"][number], *rest) for number, *rest in way["lines"]
        )
    ]
    assert lines == said["lines"]
    assert [[line["stage"], line["unitGrams"]] for line in said["emissions"]] == [
        [stage, grams] for stage, _, grams in way["emissions"]
    ]


def test_moments_of_stages_are_those_of_the_document(data, sample):
    for batch, said in zip(data["batches"], sample[1]["plan"]["batches"], strict=True):
        for way, itinerary in zip(batch["ways"], said["itineraries"], strict=True):
            minutes, offset, *rest = way["moments"]
            texts = [clock(minutes, offset)]
            for step, offset in zip(rest[::2], rest[1::2], strict=True):
                minutes += step
                texts.append(clock(minutes, offset))
            stages = itinerary["stages"]
            assert texts == [stages[0]["startLocal"][:16], *(stage["endLocal"][:16] for stage in stages)]
            assert [STAGE_KINDS[kind] for kind, *_ in way["stages"]] == [stage["kind"] for stage in stages]


def clock(minutes, offset):
    return (EPOCH + (minutes + offset) * (EPOCH.resolution * 60_000_000)).strftime("%Y-%m-%dT%H:%M")


def test_what_is_carried_by_a_flow_is_what_the_ways_bring_to_it(data):
    carried = [0] * len(data["map"]["flows"])
    for batch in data["batches"]:
        for way in batch["ways"]:
            legs = [stage for stage in way["stages"] if STAGE_KINDS[stage[0]] in {"ride", "road"}]
            assert len(way["flows"]) == len(legs)
            for flow in way["flows"]:
                carried[flow] += way["vehicles"]
    assert carried == [flow["vehicles"] for flow in data["map"]["flows"]]


def test_remedies_of_the_document_reach_the_page():
    _, document = report()
    document["plan"]["batches"][1]["unplanned"]["remedies"] = ["due 3 days later"]
    page = report_page(report_data(PROBLEM, PLAN, document, draw_plan(PROBLEM.network, PLAN)))
    assert data_of(page)["batches"][1]["unplanned"]["remedies"] == ["due 3 days later"]


def test_a_comparison_is_there_only_where_one_is_given(data, page):
    assert data["comparison"] is None
    assert data["alternative"] is None
    compared, _ = report(comparison=COMPARISON)
    assert data_of(compared)["comparison"] == json.loads(json.dumps(COMPARISON))
    assert data_of(compared)["alternative"] == "best"
    assert "<title>Export ways compared" in compared
    assert "<title>Export plan" in page


def test_every_kind_of_sweep_and_wish_has_its_words():
    for words in report_words().values():
        for kind in KINDS:
            assert {f"sweep_{kind}", f"axis_{kind}"} <= set(words)
        assert {f"wish_{wish}" for wish in COMPARISON["alternatives"][0]["wishes"]} <= set(words)
        assert {f"alternative_{one.name}" for one in ALTERNATIVES} <= set(words)


def test_a_plan_that_plans_nothing_has_a_report():
    empty = replace(
        PLAN,
        batches=tuple(
            replace(entry, itineraries=(), box_runs=(), part_charges=(), shares=()) for entry in PLAN.batches
        ),
        departures=(),
        days=(),
        charters=(),
        slot_values=(),
        cents=0,
        vehicle_min=0,
        grams=0,
        value=PLAN.penalty,
    )
    data = data_of(report(result=replace(RESULT, plan=empty))[0])
    assert data["headline"]["plannedVehicles"] == 0
    assert data["headline"]["haulDays"] is None
    assert data["map"]["flows"] == []


def test_many_batches_share_the_lists(data):
    problem, result = many(50)
    large = data_of(report(problem, result)[0])
    assert len(large["batches"]) == 100
    assert large["lists"] == data["lists"]
    assert len(large["map"]["stretches"]) == len(data["map"]["stretches"])
