"""Questions about the map, against maps small enough to see, and against the ways of random worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from planner.network.map_graph import MapGraph, list_edges
from tests.oracles.enumeration import ways_of
from tests.tiny import tiny
from tests.worlds import random_world

RIVER_AND_RAIL = """
    place plant kind=plant
    place market kind=compound
    place terminal kind=rail_terminal
    place quay kind=river_port
    place port kind=sea_port
    place far kind=sea_port
    place border kind=border
    road plant -> quay hours=3
    road plant -> terminal hours=5
    service barge quay -> port@30 price=1 release=2
    service roro port -> far@500 price=1
    service rail terminal -> border@100-110 -> market@300 form=boxed price=1 release=12
    road far -> market hours=20
    batch 1 car plant -> market
"""


def graph(text: str, *, with_reference: bool = False) -> MapGraph:
    return MapGraph(tiny(text).network, with_reference=with_reference)


def test_each_ride_with_a_price_is_an_edge_and_each_road():
    network = tiny("""
        service barge plant -> hub@10-12* -> port@24 release=2 price=1
        service ghost plant -> port@24
        tariff ghost plant -> port charge=surcharge price=1
        service reference plant -> port@24 bookable=no price=1
        road hub -> port hours=3 form=boxed
        batch 1 car plant -> port
    """).network
    edges = {
        (edge.service_id, edge.from_place, edge.to_place): (edge.mode, edge.form, edge.minutes // 60)
        for edge in list_edges(network)
    }
    assert edges == {
        ("barge", "plant", "hub"): ("barge", "loose", 12),
        ("barge", "plant", "port"): ("barge", "loose", 26),
        ("barge", "hub", "port"): ("barge", "loose", 14),  # from its departure, 12 h after the first
        (None, "hub", "port"): ("road", "boxed", 3),
    }
    with_reference = {edge.service_id for edge in list_edges(network, with_reference=True)}
    assert with_reference == {"barge", "reference", None}


def test_edges_between_two_places_come_quickest_first():
    found = graph("""
        service barge plant -> port@24 price=1
        road plant -> port hours=30
        service rail plant -> port@10 price=1
        batch 1 car plant -> port
    """).edges("plant", "port")
    assert [edge.mode for edge in found] == ["rail", "barge", "road"]


def test_what_can_be_reached_and_from_where():
    river = graph(RIVER_AND_RAIL)
    assert set(river.reached_from("plant")) == {"quay", "terminal", "port", "far", "market"}
    assert set(river.reached_from("port")) == {"far", "market"}
    assert set(river.leading_to("port")) == {"quay", "plant"}
    assert river.reached_from("market") == ()
    assert set(river.reached_from("plant", modes=["rail"])) == {"quay", "terminal", "market"}
    assert set(river.reached_from("plant", modes=[])) == {"quay", "terminal"}


def test_modes_that_lead_to_a_market_have_none_to_spare():
    river = graph(RIVER_AND_RAIL)
    assert river.fewest_modes("plant", "market") == (("rail",), ("barge", "roro"))
    assert river.fewest_modes("plant", "quay") == ((),)  # by road alone
    assert river.fewest_modes("market", "plant") == ()
    assert river.markets_by_plant() == {"plant": {"market": (("rail",), ("barge", "roro"))}}


def test_shortest_hours_leave_out_waiting_and_handling():
    river = graph(RIVER_AND_RAIL)
    assert river.shortest_min("plant", "market") == (5 + 312) * 60
    assert river.shortest_min("plant", "far") == (3 + 32 + 500) * 60
    assert river.shortest_min("market", "plant") is None
    assert river.shortest_min("plant", "plant") == 0
    way = river.quickest_way("plant", "market")
    assert way is not None
    assert [(edge.mode, edge.to_place) for edge in way] == [("road", "terminal"), ("rail", "market")]


def test_sound_map_has_no_fault_and_a_border_that_is_passed_is_none():
    assert graph(RIVER_AND_RAIL).faults().sentences() == ()


def test_places_that_nobody_can_use_are_named():
    faults = graph(
        RIVER_AND_RAIL
        + """
        place lonely kind=plant
        place island kind=sea_port
        place silo kind=sea_port
        place closed kind=border
        service truck plant -> silo@5 price=1
        service truck2 island -> market@5 price=1
        service coast lonely -> silo@5 price=1
        """
    ).faults()
    assert faults.stranded_plants == ("lonely",)
    assert faults.cut_off == ("island", "closed")
    assert faults.dead_ends == ("silo",)
    assert faults.sentences() == (
        "plant lonely: no compound can be reached",
        "place island: no plant leads there, nothing passes it",
        "place closed: no plant leads there, nothing passes it",
        "place silo: cargo can be brought there, but not on",
    )


def test_reference_trains_lead_nowhere_unless_asked_for():
    text = """
        place plant kind=plant
        place market kind=compound
        service fifteen plant -> market@360 bookable=no price=1
        batch 1 car plant -> market
    """
    assert graph(text).faults().stranded_plants == ("plant",)
    assert graph(text, with_reference=True).faults().sentences() == ()


def test_unknown_place_is_an_error():
    with pytest.raises(Exception, match="nowhere"):
        graph(RIVER_AND_RAIL).reached_from("nowhere")


def test_no_itinerary_goes_where_the_map_does_not_lead_nor_faster(
    num_worlds: Callable[[int], int], seed: int
):
    slack = 0
    for number in range(seed, seed + num_worlds(120)):
        world = random_world(number)
        found = MapGraph(world.network)
        for batch in world.batches:
            ways = ways_of(world, replace(batch, due_min=batch.due_min - 4 * 1_440))
            reached = batch.destination in found.reached_from(batch.origin)
            least = found.shortest_min(batch.origin, batch.destination)
            assert reached == (least is not None)
            if ways:
                assert least is not None, f"random_world({number}) {batch.id}"
                assert min(way.minutes for way in ways) >= least, f"random_world({number}) {batch.id}"
                slack += 1
            modes = found.fewest_modes(batch.origin, batch.destination)
            services = world.network.services
            for way in ways[:200]:
                ridden = {services[move[0]].mode for move in way.moves if move[0] != "road"}
                assert any(set(fewest) <= ridden for fewest in modes), f"random_world({number}) {batch.id}"
    assert slack
