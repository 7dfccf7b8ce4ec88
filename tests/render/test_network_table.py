"""Where a place leads, on a screen."""

from __future__ import annotations

from rich.console import Console

from planner.model import PlaceId
from planner.render.network_table import WIDTH, place_view
from tests.tiny import tiny

NETWORK = tiny("""
    place plant kind=plant
    place market kind=compound
    place other kind=compound
    place border kind=border
    place terminal kind=rail_terminal
    place port kind=sea_port
    place far kind=sea_port
    road plant -> terminal hours=6
    road plant -> port hours=12
    service rail terminal -> border@100-110 -> market@294 form=boxed price=1
    service feeder port -> far@12 mode=barge price=1
    service liner far -> market@480 mode=container_ship form=boxed price=1
    batch 1 car plant -> market
""").network


def shown(place: str) -> list[str]:
    console = Console(width=WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(place_view(NETWORK, NETWORK.places[PlaceId(place)]))
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_place_shows_the_markets_it_leads_to_by_which_modes_and_how_fast():
    lines = shown("plant")
    heading = lines.index("Leads to compound by, roads aside days under way at least")
    # 6 + 294 hours by rail; by river and sea 12 + 12 + 480
    assert lines[heading + 1 :] == ["market rail, barge + container ship 12.5"]


def test_market_shows_the_plants_that_reach_it():
    lines = shown("market")
    heading = lines.index("Reached from plant by, roads aside days under way at least")
    assert lines[heading + 1 :] == ["plant rail, barge + container ship 12.5"]


def test_place_that_leads_nowhere_shows_no_such_table():
    assert not any("days under way" in line for place in ("border", "other") for line in shown(place))
