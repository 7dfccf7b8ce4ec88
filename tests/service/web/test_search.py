"""A search in a plan without JavaScript: it finds what the program of the page finds; on both databases."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import quote

import pytest

from service.web import repository
from service.web.batch_search import BatchSearch
from tests.render.report_pages import many
from tests.service.web.planted import TIMES, plant_plan


@pytest.fixture(scope="module")
def settings(idle):
    return idle


@pytest.fixture(scope="module")
def plan_id(live, tmp_path_factory):
    problem, result = many(TIMES)
    network = problem.network
    places = {key: replace(place, name_zh=f"{key}港") for key, place in network.places.items()}
    problem = replace(problem, network=replace(network, places=places))
    return plant_plan(live.app, tmp_path_factory.mktemp("plan"), problem, result, has_files=False)


def found(seen):
    return re.findall(r"B-\d-\d+", seen.one("div", id="batch-table")[2])


def search(visitor, plan_id, text, **more):
    more = "".join(f"&{key}={value}" for key, value in more.items())
    return visitor.see(f"/page/plans/{plan_id}?q={quote(text)}{more}")


@pytest.mark.parametrize("word", ["kind", "vehicles", "batchId", "null", "moments", "cents", "stage"])
def test_words_of_the_stored_document_are_none_of_a_batch(visitor, plan_id, word):
    assert found(search(visitor, plan_id, word)) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("b-1-", {"1"}),
        ("MAKER", {"1"}),
        ("+49", {"1"}),
        ("=plant", {"1", "2"}),
        ("train", {"1"}),
        ("yard港", {"1", "2"}),
    ],
)
def test_ids_names_references_and_services_are_found_whatever_their_case(visitor, plan_id, text, kinds):
    assert {batch[2] for batch in found(search(visitor, plan_id, text))} == kinds


def test_every_word_counts_however_many_there_are(visitor, plan_id):
    ten = "b-1 =plant maker train " * 3
    assert found(search(visitor, plan_id, ten))
    assert found(search(visitor, plan_id, ten + "nowhere")) == []


def test_a_search_goes_on_until_a_page_is_full(visitor, plan_id, monkeypatch):
    monkeypatch.setattr(repository, "READ_AT_ONCE", 7)
    assert found(search(visitor, plan_id, "b-2-59")) == ["B-2-59"]
    assert found(search(visitor, plan_id, "b-1-5", state="left_out")) == [
        f"B-1-{number}" for number in (5, *range(50, 60))
    ]
    first = search(visitor, plan_id, "b-2")
    assert found(first) == [f"B-2-{number}" for number in range(50)]
    later = next(one[1]["href"] for one in first.all("a", rel="next"))
    assert found(visitor.see(later)) == [f"B-2-{number}" for number in range(50, 60)]


@pytest.mark.parametrize("asked", ["q=%20b-2", "state=left_out", "state=&q=b-2"])
def test_a_list_is_turned_by_the_search_that_began_it(visitor, plan_id, asked):
    later = next(one[1]["href"] for one in visitor.see(f"/page/plans/{plan_id}?{asked}").all("a", rel="next"))
    assert found(visitor.see(later))


def test_a_word_may_mean_any_number_of_places():
    places = [[f"P-{number}", "port", "", "CN", "port", 0, 0] for number in range(5_000)]
    shown = {"lists": {"places": places, "types": [], "services": []}}
    batch = {"batchId": "B-1", "reference": None, "shipper": "", "vehicleType": "car", "itineraries": []}
    batch |= {"origin": "P-4999", "destination": "P-0"}
    assert BatchSearch("port", shown)(json.dumps(batch))
    assert not BatchSearch("port p-7", shown)(json.dumps(batch))
