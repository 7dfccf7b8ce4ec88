"""Events that can matter between an origin and some destinations, and that no sweep misses the others."""

from __future__ import annotations

import numpy as np

from planner.network.lay_out import timetable_of
from planner.network.reach import NEVER, Reach
from planner.solver.pricing import Pricer
from tests.conftest import SEED
from tests.solver.rig import MONEY
from tests.tiny import tiny
from tests.worlds import random_world


def test_only_what_lies_between_matters():
    world = tiny("""
        service barge plant -> port@24 leaves=Mon price=40
        service ferry port -> island@24 leaves=Tue price=40
        road port -> market hours=10 every=24
        road port -> elsewhere hours=10 every=24
        batch 1 car plant -> market due=240
    """)
    table = timetable_of(world)
    number = table.place_number
    found = Reach(table).events_between(number["plant"], [number["market"]])
    minutes, nodes, to_go = found
    arrivals = nodes[nodes < table.num_arrivals]
    places = {list(number)[place] for place in table.arrays["arrival_place"][arrivals].tolist()}
    assert places == {"port", "market"}
    assert (np.diff(minutes) >= 0).all()
    assert len(nodes) < len(table.arrays["event_node"])
    hours = {place: to_go[place_number] for place, place_number in number.items()}
    assert hours == {"plant": 34 * 60, "port": 10 * 60, "market": 0, "island": NEVER, "elsewhere": NEVER}


def test_what_one_sweep_left_there_is_no_matter_to_another():
    """Whatever was swept before, the next sweep finds what a fresh pricer finds."""
    compared = 0
    for seed in range(SEED, SEED + 10):
        world = random_world(seed)
        table = timetable_of(world)
        used = Pricer(world, table)
        order = [*range(len(world.batches)), *reversed(range(len(world.batches)))]
        for batch in order:
            fresh = Pricer(world, table)
            found = []
            for pricer in (used, fresh):
                prices = pricer.sweep(pricer.source_of(batch), 1, MONEY)
                columns, _ = pricer.recover(batch, 1, MONEY, prices, 1 << 59, max_paths=20)
                found.append([(cost, column.arcs) for cost, column in columns])
            assert found[0] == found[1], (seed, batch)
            compared += len(found[0])
    assert compared


def test_what_is_left_out_of_a_sweep_changes_no_batch(num_worlds):
    compared = 0
    for seed in range(SEED, SEED + num_worlds(100)):
        world = random_world(seed)
        table = timetable_of(world)
        between, everywhere = Pricer(world, table), Pricer(world, table, everywhere=True)
        for batch in range(len(world.batches)):
            least = []
            for pricer in (between, everywhere):
                pricer.sweep(pricer.source_of(batch), 1, MONEY)
                least.append(pricer.cheapest(batch, 1, MONEY))
            assert least[0] == least[1], (seed, batch)
            compared += 1
    assert compared
